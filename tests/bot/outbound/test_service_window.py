"""Nothing free leaves outside the 24 hours: a template in its place, a bell, or nothing until the person
speaks.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.channels.whatsapp.render import LIMITS
from bot.outbound import service_window
from domain import buttons
from domain.message import Choice, Message
from domain.templates import KINDS, TemplateNews, with_template
from sandbox.whatsapp_templates import EmulatedTemplate
from storage import held_messages, outbox, outbox_leases, outbox_outcomes, service_windows, templates
from storage.engine.transaction import Transaction
from tests.kit.whatsapp_world import RINA, SARI, WhatsAppWorld, whatsapp_world


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[WhatsAppWorld]:
    async with whatsapp_world(tmp_path) as made:
        yield made


async def approved(world: WhatsAppWorld, *kinds: str) -> None:
    """Have the account hold our templates, and the desk know it."""
    held = world.app.desk.desk_data.templates
    for kind in kinds or KINDS:
        template = held[kind]  # type: ignore[index]
        for language in ("id", "en"):
            words = template.in_(language)
            parts: list[dict[str, Any]] = [
                {"type": "BODY", "text": words.text},
                {"type": "BUTTONS", "buttons": [{"text": words.button}]},
            ]
            world.emulator.templates.known[template.name, language] = EmulatedTemplate(
                "1", template.name, language, "UTILITY", parts, "NAMED", "APPROVED"
            )

    def unit(tx: Transaction) -> None:
        for template in world.emulator.templates.known.values():
            news = TemplateNews(template.name, template.language, "APPROVED", "UTILITY")
            templates.note(tx, "whatsapp", news=news, now=world.clock())

    await world.app.database.run(unit)


async def unasked(
    world: WhatsAppWorld, text: str, kind: str = "", *, who: str = RINA, **parameters: str
) -> int:
    """Queue something nobody asked for."""
    message = Message(text, ((Choice("Tugas", buttons.Open("tugas")),),))
    if kind:
        template = world.app.desk.desk_data.templates[kind]  # type: ignore[index]
        opens = buttons.Open("tugas")
        message = with_template(message, template, language="id", parameters=parameters, opens=opens)

    def unit(tx: Transaction) -> int:
        made = outbox.insert(
            tx,
            channel="whatsapp",
            address=who,
            message=message,
            now=world.clock(),
            terms=outbox.Terms(priority=outbox.BROADCAST, repeatable=False),
        )
        assert made is not None
        return made

    number = await world.app.database.run(unit)
    world.app.sender.wake()
    await world.settled()
    return number


def failed(world: WhatsAppWorld) -> int:
    """How often the platform refused a free message because its window was closed."""
    return sum(
        one.field == "messages" and "131047" in str(one.value) for one in world.emulator.webhooks.waiting
    )


async def state(world: WhatsAppWorld, number: int) -> tuple[object, ...]:
    return (await world.rows("SELECT state, reason, template FROM outbox WHERE id = ?", number))[0]


async def test_inside_the_window_the_message_itself_leaves(world: WhatsAppWorld) -> None:
    await approved(world)
    world.clock.passes(hours=1)
    await world.says(RINA, "halo")
    world.clock.passes(hours=23, minutes=58)
    await unasked(world, "Ada kabar", "reminder", nama="Rina", tahun="2026")
    assert (world.heard(RINA)[-1].text, world.heard(RINA)[-1].template) == ("Ada kabar", "")


async def test_outside_it_a_template_leaves_whose_button_leads_to_the_same_place(
    world: WhatsAppWorld,
) -> None:
    await approved(world)
    await world.says(RINA, "halo")
    world.clock.passes(hours=24)
    number = await unasked(world, "Ada kabar", "reminder", nama="Rina", tahun="2026")
    newest = world.heard(RINA)[-1]
    assert newest.template == "desk_pengingat"
    assert "Bapak/Ibu Rina" in newest.text
    assert newest.buttons == [("Lihat tugas", "k:tugas")]
    assert await state(world, number) == ("sent", None, "desk_pengingat")
    await world.taps(RINA, "Lihat tugas")
    assert world.heard(RINA)[-1].template == ""


async def test_an_announcement_rings_once_and_follows_at_the_tap(world: WhatsAppWorld) -> None:
    await approved(world)
    world.clock.passes(hours=7)
    first = await unasked(world, "Pengumuman pertama", "announcement")
    world.clock.passes(hours=19)  # a second one on the same day would wait for the next morning
    await unasked(world, "Pengumuman kedua", "announcement")
    assert [one.template for one in world.heard(RINA)] == ["desk_siaran"]
    assert (await state(world, first))[:2] == ("waiting", "window")
    await world.taps(RINA, "Baca sekarang")
    said = [one.text for one in world.heard(RINA)]
    assert said[-2:] == ["Pengumuman pertama", "Pengumuman kedua"]
    assert (await state(world, first))[0] == "sent"


@pytest.mark.parametrize("speaks_first", [True, False])
async def test_who_taps_while_a_message_is_being_judged_gets_it(
    world: WhatsAppWorld, speaks_first: bool
) -> None:
    """It was leased outside the window, as one that waits for the pace; an earlier template is tapped."""
    await approved(world)
    template = world.app.desk.desk_data.templates["announcement"]
    announced = with_template(Message("Pengumuman"), template, language="id", parameters={})
    now = world.clock()

    def speak(tx: Transaction) -> None:
        service_windows.spoke(tx, "whatsapp", address=RINA, at=now)
        held_messages.release(tx, "whatsapp", address=RINA, now=now)

    def unit(tx: Transaction) -> tuple[Message | outbox_outcomes.Outcome | None, tuple[object, ...] | None]:
        terms = outbox.Terms(priority=outbox.BROADCAST, repeatable=False)
        outbox.insert(tx, channel="whatsapp", address=RINA, message=announced, now=now, terms=terms)
        (row,) = outbox_leases.claim(tx, "whatsapp", now=now, until=now + timedelta(minutes=1), limit=1)
        if speaks_first:
            speak(tx)
        judged = service_window.judge(tx, row, message=announced, bell=None, limits=LIMITS, now=now)
        if not speaks_first:
            speak(tx)
        return judged, tx.execute("SELECT state, not_before FROM outbox WHERE id = ?", (row.id,)).fetchone()

    judged, kept = await world.app.database.run(unit)
    if speaks_first:
        assert judged == announced
    else:
        assert judged is None
        assert kept == ("waiting", None)


async def test_what_has_no_template_of_its_own_rings_with_the_desk_s(world: WhatsAppWorld) -> None:
    await approved(world)
    await unasked(world, "Surat baru", who=SARI)
    assert [one.template for one in world.heard(SARI)] == ["desk_pemberitahuan"]
    await world.taps(SARI, "Baca sekarang")
    assert world.heard(SARI)[-1].text == "Surat baru"


async def test_a_template_tapped_weeks_later_promises_nothing(world: WhatsAppWorld) -> None:
    await approved(world)
    await unasked(world, "Surat baru", who=SARI)
    world.clock.passes(days=20)
    await world.taps(SARI, "Baca sekarang")
    assert "lewat tujuh hari" in world.heard(SARI)[-1].text
    await world.taps(SARI, "Baca sekarang")
    assert "tidak kami kirim lagi" in world.heard(SARI)[-1].text


async def test_a_template_tapped_after_its_announcement_was_stopped_and_twice_says_what_is_true(
    world: WhatsAppWorld,
) -> None:
    await approved(world)
    stopped = await unasked(world, "Pengumuman", "announcement")
    stop = "UPDATE outbox SET state = 'dropped', not_before = NULL, note = 'stopped' WHERE id = ?"
    await world.app.database.run(lambda tx: tx.execute(stop, (stopped,)))
    for _ in range(2):
        await world.taps(RINA, "Baca sekarang")
        assert "sudah tidak berlaku" in world.heard(RINA)[-1].text
    await unasked(world, "Surat baru", who=SARI)
    await world.taps(SARI, "Baca sekarang")
    assert world.heard(SARI)[-1].text == "Surat baru"
    await world.taps(SARI, "Baca sekarang")
    assert "sudah terkirim dalam percakapan ini" in world.heard(SARI)[-1].text


async def test_without_an_approved_template_it_waits_and_keeps_nobody_waiting(world: WhatsAppWorld) -> None:
    number = await unasked(world, "Ada kabar", "reminder", nama="Rina", tahun="2026")
    assert await state(world, number) == ("waiting", "window", None)
    assert world.heard(RINA) == []
    await world.says(RINA, "halo")
    said = [one.text for one in world.heard(RINA)]
    assert said[-1] == "Ada kabar"
    assert len(said) > 1


async def test_what_waited_for_more_than_a_week_is_dropped(world: WhatsAppWorld) -> None:
    number = await unasked(world, "Kabar lama")
    world.clock.passes(days=8)
    await world.says(RINA, "halo")
    assert (await state(world, number))[0] == "dropped"
    assert "Kabar lama" not in [one.text for one in world.heard(RINA)]


async def test_a_window_the_platform_calls_closed_is_closed_for_us_and_the_template_leaves_once(
    world: WhatsAppWorld,
) -> None:
    """Our table says open; the platform says later that it was not, as Meta does: by a failed status."""
    await approved(world)
    await world.says(RINA, "halo")
    world.emulator.people.by_user_id[RINA].last_spoke = None
    number = await unasked(world, "Ada kabar", "reminder", nama="Rina", tahun="2026")
    assert await state(world, number) == ("sent", None, "desk_pengingat")
    assert await world.rows("SELECT spoke_at FROM windows WHERE address = ?", RINA) == [(None,)]
    assert [one.template for one in world.heard(RINA)].count("desk_pengingat") == 1


async def test_so_it_is_when_the_answer_itself_refuses(world: WhatsAppWorld) -> None:
    await approved(world)
    await world.says(RINA, "halo")
    world.emulator.faults.codes.append(131047)
    number = await unasked(world, "Ada kabar", "reminder", nama="Rina", tahun="2026")
    assert await state(world, number) == ("sent", None, "desk_pengingat")


@pytest.mark.parametrize("status", ["PAUSED", "DISABLED", "REJECTED"])
async def test_a_template_that_is_taken_away_is_used_no_more_and_the_desk_hears_once(
    world: WhatsAppWorld, status: str
) -> None:
    await approved(world)
    await world.says(SARI, "halo")
    for _ in range(2):
        world.emulator.decide("desk_pengingat", "id", status=status)
    await world.settled()
    told = [one.text for one in world.heard(SARI) if "desk_pengingat" in one.text]
    assert len(told) == 1
    assert status in told[0]
    number = await unasked(world, "Ada kabar", "reminder", nama="Rina", tahun="2026")
    assert (await state(world, number))[:2] == ("waiting", "window")


async def test_what_waits_rings_once_its_template_is_approved(world: WhatsAppWorld) -> None:
    """It was written while Meta still looked at the template."""
    await approved(world)
    world.emulator.decide("desk_siaran", "id", status="PENDING")
    await world.settled()
    number = await unasked(world, "Pengumuman", "announcement")
    assert (await state(world, number))[:2] == ("waiting", "window")
    assert world.heard(RINA) == []
    for _ in range(2):  # told twice
        world.emulator.decide("desk_siaran", "id", status="APPROVED")
        await world.settled()
    assert [one.template for one in world.heard(RINA)] == ["desk_siaran"]
    assert (await state(world, number))[:2] == ("waiting", "window")


async def test_so_is_one_that_becomes_marketing(world: WhatsAppWorld) -> None:
    await approved(world)
    await world.says(SARI, "halo")
    world.emulator.recategorise("desk_siaran", "id", category="MARKETING")
    await world.settled()
    assert "pemasaran" in world.heard(SARI)[-1].text
    await unasked(world, "Pengumuman", "announcement")
    assert world.heard(RINA) == []


async def test_a_template_that_the_platform_refuses_is_used_no_more(world: WhatsAppWorld) -> None:
    """The account lost it and no notice came."""
    await approved(world)
    await world.says(SARI, "halo")
    world.emulator.templates.known["desk_pengingat", "id"].status = "PAUSED"
    number = await unasked(world, "Ada kabar", "reminder", nama="Rina", tahun="2026")
    assert (await state(world, number))[:2] == ("waiting", "window")
    assert "desk_pengingat" in world.heard(SARI)[-1].text


async def test_a_late_webhook_of_something_old_opens_nothing(world: WhatsAppWorld) -> None:
    world.emulator.webhooks.point_to("")
    world.emulator.people.says(RINA, "halo")
    world.clock.passes(hours=30)
    world.emulator.webhooks.point_to(f"http://127.0.0.1:{world.app.port}/whatsapp")
    await world.settled()
    number = await unasked(world, "Ada kabar")
    assert (await state(world, number))[:2] == ("waiting", "window")
    assert date(2026, 3, 2) < world.clock.now.date()


async def test_a_number_that_takes_nothing_twice_is_unreachable(world: WhatsAppWorld) -> None:
    await world.says(RINA, "halo")
    world.emulator.people.by_user_id[RINA].blocked = True
    blocked = "SELECT blocked_at IS NOT NULL FROM addresses WHERE address = ?"
    await unasked(world, "Satu")
    assert await world.rows(blocked, RINA) == [(0,)]
    await unasked(world, "Dua")
    assert await world.rows(blocked, RINA) == [(1,)]
