"""The whole bot on WhatsApp: webhook in, turn, answer out, against the emulated Cloud API."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from domain.buttons.base import Raw
from domain.message import Choice, Message
from storage import innovations, outbox
from tests.kit.people import invited
from tests.kit.whatsapp_world import ORANG, RINA, SARI, WhatsAppWorld, whatsapp_world

CODE = "KodeUntukOrang01"


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[WhatsAppWorld]:
    async with whatsapp_world(tmp_path) as made:
        await made.app.database.run(lambda tx: invited(tx, CODE, now=made.clock.now))
        yield made


async def begins(world: WhatsAppWorld) -> None:
    """Let the one with the code enrol and begin an innovation."""
    await world.says(ORANG, f"/start {CODE}")
    await world.taps(ORANG, "Saya setuju")
    await world.taps(ORANG, "Ajukan inovasi")


async def test_somebody_enrols_begins_an_innovation_and_answers_by_typing_and_tapping(
    world: WhatsAppWorld,
) -> None:
    await begins(world)
    await world.says(ORANG, "Posyandu Digital")
    await world.taps(ORANG, "Penerapan")
    assert "Nama Inovasi: Posyandu Digital" in world.heard(ORANG)[-2].text
    answers = await world.app.database.read(lambda tx: innovations.answers(tx, 1))
    assert (answers["nama"], answers["tahapan"]) == ("Posyandu Digital", "penerapan")
    assert {message.tick for message in world.heard(ORANG)} <= {"read", "delivered"}


async def test_every_message_of_ours_is_followed_to_the_reader(world: WhatsAppWorld) -> None:
    await world.says(ORANG, "halo")
    await world.says(ORANG, "masih di sini?")
    progress = await world.rows("SELECT progress FROM outbox ORDER BY id")
    assert progress[0] == ("read",)
    assert set(progress[1:]) == {("delivered",)}


async def test_the_pages_of_a_long_list_go_round_at_a_tap(world: WhatsAppWorld) -> None:
    rows = tuple((Choice(f"Kantor {n}", Raw(f"o:i:{n}")),) for n in range(20))
    shown = Message("Kantor yang mana?", rows)
    await world.says(ORANG, "halo")
    now = world.clock.now
    await world.app.database.run(
        lambda tx: outbox.insert(tx, channel="whatsapp", address=ORANG, message=shown, now=now)
    )
    world.app.sender.wake()
    await world.app.idle()
    titles = []
    for _ in range(3):
        titles.append([title for title, _, _ in world.heard(ORANG)[-1].rows])
        await world.taps(ORANG, "Lainnya")
    assert [len(page) for page in titles] == [10, 10, 3]
    assert [page[0] for page in titles] == ["1. Kantor 0", "10. Kantor 9", "19. Kantor 18"]
    assert [title for title, _, _ in world.heard(ORANG)[-1].rows] == titles[0]


async def test_a_page_of_a_message_that_is_not_ours_is_answered_with_the_way_on(world: WhatsAppWorld) -> None:
    await world.says(ORANG, "halo")
    before = len(world.heard(ORANG))
    await world.app.database.run(lambda tx: tx.execute("UPDATE outbox SET address = 'somebody else'"))
    await world.presses(ORANG, "~1")
    assert len(world.heard(ORANG)) == before + 1
    assert world.heard(ORANG)[-1].buttons


async def test_receipt_note_and_next_question_of_a_turn_are_one_message(world: WhatsAppWorld) -> None:
    await begins(world)
    before = len(world.heard(ORANG))
    await world.says(ORANG, "/bahasa en")
    assert len(world.heard(ORANG)) == before + 1
    assert "innovation" in world.heard(ORANG)[-1].text


async def test_an_edit_whose_text_does_not_come_is_met_with_the_way_to_correct(world: WhatsAppWorld) -> None:
    await begins(world)
    await world.says(ORANG, "Posyndu")
    messages = world.emulator.people.by_user_id[ORANG].messages.values()
    said = next(message for message in messages if message.text == "Posyndu")
    await world.emulator.webhooks.until_taken(world.emulator.people.edits(ORANG, said.wamid, "Posyandu"))
    await world.settled()
    assert world.heard(ORANG)[-1].text.startswith("Perubahan pesan itu tidak sampai kepada kami.")
    answers = await world.app.database.read(lambda tx: innovations.answers(tx, 1))
    assert answers == {"nama": "Posyndu"}


async def test_the_desk_answers_a_question_by_quoting_it(world: WhatsAppWorld) -> None:
    await world.says(SARI, "halo")
    await world.says(RINA, "/tanya bolehkah rapat di aula")
    await world.taps(RINA, "Tanyakan kepada Desk")
    (asked,) = [message for message in world.heard(SARI) if "aula" in message.text]
    assert [title for title, _ in asked.buttons] == ["Jawab"]  # it stands by itself: a quote means the answer
    quoted = world.emulator.people.says(SARI, "Boleh, silakan.", reply_to=asked.wamid)
    await world.emulator.webhooks.until_taken(quoted)
    await world.settled()
    assert any("Boleh, silakan." in message.text for message in world.heard(RINA))


async def test_a_person_is_known_by_either_name_and_with_another_number(world: WhatsAppWorld) -> None:
    person = world.emulator.people.by_user_id[RINA]

    async def hears(**sender: str) -> str:
        part = {**sender, "id": f"wamid.{sender}", "type": "text", "text": {"body": "/draf"}}
        await world.emulator.webhooks.until_taken(world.emulator.people.raw({"messages": [part]}))
        await world.settled()
        return world.heard(person.user_id)[-1].text

    await world.says(RINA, "halo")
    drafts = await hears(from_user_id=RINA, **{"from": person.phone})
    assert drafts.startswith("Belum ada draf")
    for sender in ({"from": person.phone}, {"from_user_id": RINA}):
        count = len(world.heard(RINA))
        assert await hears(**sender) == drafts
        assert len(world.heard(RINA)) == count + 1
        assert await world.rows("SELECT address FROM addresses WHERE contact_id = 1") == [(RINA,)]
    old, person.user_id, person.phone = person.phone, "ID.2001", "6281200009999"
    world.emulator.people.by_user_id[person.user_id] = world.emulator.people.by_user_id.pop(RINA)
    system = {
        "type": "user_changed_number",
        "wa_id": person.phone,
        "user_id": person.user_id,
        "previous_user_id": RINA,
    }
    note = {"from": old, "id": "wamid.note", "type": "system", "system": system}
    await world.emulator.webhooks.until_taken(world.emulator.people.raw({"messages": [note]}))
    await world.settled()
    assert await hears(from_user_id=person.user_id) == drafts
    assert await world.rows("SELECT count(*) FROM address_names WHERE name IN (?, ?)", RINA, old) == [(0,)]
