"""BERHENTI and MULAI: nothing unasked leaves any more, in every state; what the person starts still works."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest

from domain.message import Message
from storage import contacts, occurrences, opt_ins, outbox, reminder_wishes
from storage.engine.transaction import Transaction
from tests.kit.clock_and_codes import MORNING
from tests.kit.desk_turns import buttons, says, taps
from tests.kit.people import RINA as PIC
from tests.kit.people import SARI
from tests.kit.whatsapp_world import RINA, WATI, WhatsAppWorld, whatsapp_world


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[WhatsAppWorld]:
    async with whatsapp_world(tmp_path) as made:
        yield made


def number_of(tx: Transaction, who: str) -> int:
    contact = contacts.by_address(tx, "whatsapp", address=who)
    assert contact is not None
    return contact.id


def is_reminded(tx: Transaction, who: str) -> bool:
    everybody = occurrences.candidates(
        tx, after=-1, spread=120, minutes=(-1, 10_000), day=date(2026, 3, 2), limit=100
    )
    here = number_of(tx, who)
    found = here in {one.contact_id for one in everybody}
    assert found == (occurrences.candidate(tx, here) is not None)  # both looks say the same
    return found


async def test_the_consent_is_kept_with_when_how_and_which_text(world: WhatsAppWorld) -> None:
    rows = await world.rows("SELECT wants, channel, how, version FROM opt_ins WHERE contact_id = 1")
    assert rows == [(1, "telegram", "notice", "1")]


@pytest.mark.parametrize("word", ["BERHENTI", "stop", " Berhenti. ", "/stop"])
async def test_a_word_ends_what_is_unasked_at_once(world: WhatsAppWorld, word: str) -> None:
    assert await world.app.database.read(lambda tx: is_reminded(tx, RINA))
    await world.says(RINA, word)
    assert "MULAI" in world.heard(RINA)[-1].text
    assert not await world.app.database.read(lambda tx: is_reminded(tx, RINA))
    kept = await world.rows("SELECT wants, channel, how FROM opt_ins ORDER BY id DESC LIMIT 1")
    assert kept == [(0, "whatsapp", "word")]
    await world.says(RINA, "START")
    assert await world.app.database.read(lambda tx: is_reminded(tx, RINA))


SPELLED = [
    "*BERHENTI*",
    "“Berhenti”",
    "_stop_",
    "Ｓｔｏｐ",
    "Setop!",
    "tolong berhenti ya",
    "Stop.\nTerima kasih",
    "jangan kirim lagi pengingat",
    "berhenti kirim pesan",
    "unsubscribe",
    "stop reminders please",
]
OTHERS = ["Saya berhenti bekerja", "Program Berhenti Merokok", "ya", "terima kasih", "Program STOP Stunting"]


@pytest.mark.parametrize("state", [(), ("/ajukan",), ("/tanya",), ("/tautkan",)], ids=str)
def test_a_word_is_heard_however_it_is_written_and_nothing_else_is(
    tx: Transaction, state: tuple[str, ...]
) -> None:
    def is_silent() -> bool:
        return opt_ins.silent_since(tx, 1) is not None

    for before in state:
        says(tx, PIC, before)
    for text in OTHERS:
        says(tx, PIC, text)
        assert not is_silent(), text
    for text in SPELLED:
        says(tx, PIC, text)
        assert is_silent(), text
        says(tx, PIC, "*mulai* lagi")
        assert not is_silent(), text


def test_what_is_open_or_the_reminders_is_asked_and_each_button_does_its_own(tx: Transaction) -> None:
    says(tx, PIC, "/ajukan")
    asked = says(tx, PIC, "stop dulu")
    assert buttons(asked[:1]) == ["me:silent", "k:batal"]
    assert opt_ins.silent_since(tx, 1) is None
    silenced = taps(tx, PIC, "me:silent")
    assert opt_ins.silent_since(tx, 1) is not None
    assert "Apa nama inovasinya?" in silenced[-1].text
    taps(tx, PIC, "k:batal")
    taps(tx, PIC, "me:speak")
    says(tx, PIC, "tolong berhenti dulu ya")
    assert opt_ins.silent_since(tx, 1) is not None


def test_what_may_be_an_answer_is_asked_and_can_be_kept_as_one(tx: Transaction) -> None:
    says(tx, PIC, "/ajukan")
    asked = says(tx, PIC, "Stop pesan berantai")
    assert opt_ins.silent_since(tx, 1) is None
    silent, answer = buttons(asked)
    assert silent == "me:silent"
    outbox.insert(tx, channel="telegram", address=str(PIC), message=asked[-1], now=MORNING)
    taps(tx, PIC, answer)
    assert tx.execute("SELECT value FROM answers WHERE question = 'nama'").fetchall() == [
        ('"Stop pesan berantai"',)
    ]


def test_the_desk_is_asked_whether_everybodys_reminders_are_meant(tx: Transaction) -> None:
    asked = says(tx, SARI, "hentikan semua pengingat")
    assert buttons(asked) == ["me:silent", "k:pengingat"]
    assert "tidak dikirim lagi" in says(tx, SARI, "hentikan pengingat untuk saya")[0].text


def test_who_declines_hears_that_nothing_changes(tx: Transaction) -> None:
    assert buttons(says(tx, PIC, "saya mau berhenti")) == ["me:silent", "me:speak"]
    assert "tidak ada yang berubah" in taps(tx, PIC, "me:speak")[0].text
    assert opt_ins.silent_since(tx, 1) is None


async def test_in_the_form_too_and_the_question_stays(world: WhatsAppWorld) -> None:
    await world.says(RINA, "/ajukan")
    assert "Apa nama inovasinya?" in world.heard(RINA)[-1].text
    await world.says(RINA, "BERHENTI")
    assert "Apa nama inovasinya?" in world.heard(RINA)[-1].text
    await world.says(RINA, "Posyandu Digital")
    assert await world.rows("SELECT value FROM answers WHERE question = 'nama'") == [('"Posyandu Digital"',)]


async def test_what_waits_is_dropped_and_a_reply_is_not(world: WhatsAppWorld) -> None:
    def queue(tx: Transaction) -> None:
        for key in ("broadcast:1:1", "summary:1:2026-03-02:1", "letter_answer:1"):
            message = Message(key)
            outbox.insert(
                tx,
                channel="whatsapp",
                address=RINA,
                message=message,
                now=world.clock(),
                terms=outbox.Terms(
                    priority=outbox.BROADCAST, dedupe_key=key, not_before=world.clock().replace(year=2027)
                ),
            )

    await world.app.database.run(queue)
    await world.says(RINA, "BERHENTI")
    states = await world.rows(
        "SELECT dedupe_key, state FROM outbox WHERE dedupe_key NOT LIKE 'reply:%' ORDER BY id"
    )
    assert states == [
        ("broadcast:1:1", "dropped"),
        ("summary:1:2026-03-02:1", "dropped"),
        ("letter_answer:1", "waiting"),
    ]


async def test_a_leader_hears_no_summary(world: WhatsAppWorld) -> None:
    def subscribe(tx: Transaction) -> int:
        reminder_wishes.subscribe(tx, here := number_of(tx, WATI), now=world.clock())
        return here

    here = await world.app.database.run(subscribe)
    await world.says(WATI, "stop")
    assert here not in await world.app.database.read(lambda tx: reminder_wishes.subscribers(tx))


async def test_the_privacy_page_shows_it_and_turns_it(world: WhatsAppWorld) -> None:
    await world.says(RINA, "/privasi")
    await world.taps(RINA, "Hentikan pengingat")
    assert await world.app.database.read(lambda tx: opt_ins.silent_since(tx, number_of(tx, RINA))) is not None
    await world.says(RINA, "/privasi")
    assert "tidak dikirim sejak" in world.heard(RINA)[-1].text
    await world.taps(RINA, "Kirim pengingat lagi")
    assert await world.app.database.read(lambda tx: opt_ins.silent_since(tx, number_of(tx, RINA))) is None


async def test_mulai_is_an_answer_like_any_other_for_who_is_not_silent(world: WhatsAppWorld) -> None:
    await world.says(RINA, "/ajukan")
    await world.says(RINA, "Mulai")
    assert await world.rows("SELECT count(*) FROM opt_ins WHERE contact_id = 1") == [(1,)]
