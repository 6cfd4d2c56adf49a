"""What the panel says of the outbox and the journal, and what its switches do to the platforms."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from typing import Any

import pytest

from bot.cli.sandbox_options import USUAL
from domain.message import Message
from handlers.assembly import build
from sandbox.demo import TELEGRAM, WHATSAPP, people
from sandbox.fault_switches import OFFLINE, SWITCHES, TOO_MANY, FaultSwitches
from sandbox.happenings import Happenings
from sandbox.outbox_words import list_planned, list_sent, list_waiting
from sandbox.panel_view import show_figures
from sandbox.panel_words import Speaker, load_panel_words
from sandbox.telegram import TelegramEmulator
from sandbox.telegram_chats import ChatMessage
from sandbox.whatsapp import EmulatedAccount, WhatsAppEmulator
from sandbox.whatsapp_phones import WhatsAppMessage
from sandbox.whatsapp_webhooks import LATE, REPEATED, SHUFFLED
from storage import offices, outbox, periods
from storage.audit import Actor
from storage.engine.transaction import Transaction
from storage.engine.utc import utc_text
from storage.held_messages import HELD_UNTIL
from storage.outbox import BROADCAST, REMINDER, REPLY
from tests.kit.clock_and_codes import MORNING
from tests.kit.databases import in_memory
from tests.kit.people import SARI, TONO, WATI
from tests.kit.practice_regency import NOW, ZONE, regency

EIGHT = MORNING
SERANAU = "ID.2134"
_UNDUTIFUL = """
SELECT count(*) FROM memberships m WHERE m.role = 'focal_point' AND NOT EXISTS
 (SELECT 1 FROM innovations i WHERE i.office_id = m.office_id
  AND i.state IN ('terkirim', 'diperiksa', 'terverifikasi'))
"""
LATER = "UPDATE outbox SET attempts = 2, not_before = ? WHERE id = 1"


@pytest.fixture
def tx() -> Iterator[Transaction]:
    """A regency for one test."""
    with closing(in_memory(regency(USUAL))) as connection:
        yield connection


def speaker(language: str = "id") -> Speaker:
    """Who says the outbox."""
    return Speaker(load_panel_words()[language], NOW, ZONE, language)


def put(tx: Transaction, address: str | int, priority: int, **more: Any) -> int:
    """A message in the outbox."""
    channel = TELEGRAM if str(address).isdigit() else WHATSAPP
    row = outbox.insert(
        tx,
        channel=channel,
        address=str(address),
        message=Message("x"),
        now=NOW,
        terms=outbox.Terms(priority=priority, **more),
    )
    assert row is not None
    return row


def waiting(tx: Transaction, *, bot_is_up: bool = True, language: str = "id") -> list[str]:
    """The lines of what waits."""
    lines: Any = list_waiting(tx, speaker(language), bot_is_up=bot_is_up)["lines"]
    return [line["text"] for line in lines]


def test_what_waits_is_said_with_whom_until_when_and_why(tx: Transaction) -> None:
    put(tx, TONO, BROADCAST, not_before=EIGHT)
    assert waiting(tx) == ["siaran untuk PIC Kec. Baamang, menunggu 08.00"]
    tx.execute(LATER, (utc_text(NOW + timedelta(days=1)),))
    assert waiting(tx) == ["siaran untuk PIC Kec. Baamang, dicoba lagi 3/3 07.00 (sudah 2 kali)"]
    assert waiting(tx, bot_is_up=False) == ["siaran untuk PIC Kec. Baamang, menunggu bot menyala lagi"]
    assert "tried again at 3/3 07:00 (2 times so far)" in waiting(tx, language="en")[0]


def test_a_reply_a_notice_and_what_a_closed_window_holds_are_told_apart(tx: Transaction) -> None:
    put(tx, WATI, REPLY)
    put(tx, SARI, REMINDER, not_before=EIGHT)
    held = put(tx, SERANAU, REMINDER, not_before=HELD_UNTIL)
    tx.execute("UPDATE outbox SET reason = 'window' WHERE id = ?", (held,))
    assert waiting(tx) == [
        "jawaban untuk pimpinan Wati Lestari, segera dikirim",
        "kabar untuk Desk Inovasi (Sari Handayani), menunggu 08.00",
        "kabar untuk PIC Kec. Seranau, menunggu orangnya menulis dahulu: jendela 24 jam WhatsApp tertutup",
    ]


def test_what_left_last_is_said_and_the_rest_is_counted(tx: Transaction) -> None:
    for _ in range(12):
        put(tx, TONO, REPLY)
    tx.execute("UPDATE outbox SET state = 'sent', sent_at = ? WHERE id = 1", (utc_text(NOW),))
    [sent] = list_sent(tx, speaker())
    assert sent["text"] == "jawaban untuk PIC Kec. Baamang, 07.00"
    shown: Any = list_waiting(tx, speaker(), bot_is_up=True)
    assert (len(shown["lines"]), shown["count"]) == (8, 11)


def test_the_figures_are_those_of_the_status(tx: Transaction) -> None:
    """An exempt office has no duty, so the panel counts it as little as `/status` does."""
    desk_data, period = build(timezone=ZONE.key, language="id").desk_data, periods.current(tx)
    office = offices.by_code(tx, "setwan")
    assert period is not None
    assert office is not None

    def offices_done() -> str:
        rows: Any = show_figures(tx, desk_data, period=period, speaker=speaker())["rows"]
        return str(rows[0]["value"])

    assert offices_done() == "15 / 47"
    periods.extend(tx, period, office_id=office.id, until=None, now=NOW, actor=Actor(1, "lebur"))
    assert offices_done() == "15 / 46"
    nothing: Any = show_figures(tx, desk_data, period=None, speaker=speaker())
    assert (nothing["lines"], nothing["rows"][0]["value"]) == ((), "0 / 47")


def test_the_next_morning_is_planned_by_the_rules_of_the_bot_itself(tx: Transaction) -> None:
    desk_data = build(timezone=ZONE.key, language="id").desk_data
    evening = Speaker(load_panel_words()["id"], NOW + timedelta(hours=11), ZONE, "id")
    planned: Any = list_planned(tx, desk_data, speaker=evening)
    # the deadline is fourteen days behind tomorrow: everybody of an office that has not sent is told
    assert planned["count"] == tx.execute(_UNDUTIFUL).fetchone()[0] == 33
    lines = [line["text"] for line in planned["lines"]]
    assert re.fullmatch(r"PIC .+, pukul 3/3 08\.\d\d: .+", lines[0])
    minutes = [re.findall(r"3/3 (\d\d\.\d\d)", line)[0] for line in lines]
    assert minutes == sorted(minutes)


@pytest.fixture
def platforms() -> tuple[TelegramEmulator, WhatsAppEmulator]:
    """Both platforms with everybody's phones."""
    telegram = TelegramEmulator(token="1:x", clock=NOW.timestamp)
    whatsapp = WhatsAppEmulator(
        clock=NOW.timestamp, account=EmulatedAccount(token="x", phone_id="1", app_secret="x")
    )
    telegram.add_person(TONO, "Tono")
    whatsapp.people.add(SERANAU, "Tika", phone="62811")
    return telegram, whatsapp


async def test_switches_change_what_the_platforms_do_and_back(
    platforms: tuple[TelegramEmulator, WhatsAppEmulator],
) -> None:
    telegram, whatsapp = platforms
    switches = FaultSwitches(telegram, whatsapp)
    for name in SWITCHES:
        await switches.switch(name, on=True)
    weather = whatsapp.webhooks.weather
    assert (weather.stopped, weather.shuffled, weather.repeats, weather.late_seconds) == (True, True, 2, 8.0)
    await switches.switch(OFFLINE, on=False)
    assert not whatsapp.webhooks.weather.stopped
    fault = telegram.faults.take("sendMessage", TONO)
    assert fault is not None
    assert (fault.status, fault.retry_after) == (429, 5)
    assert telegram.faults.take("getUpdates", None) is None
    telegram.says(TONO, "halo")
    assert len(await telegram.updates.poll(None, 10, 0)) == 2  # the same update, twice
    for name in (TOO_MANY, LATE, REPEATED, SHUFFLED):
        await switches.switch(name, on=False)
    assert telegram.faults.take("sendMessage", TONO) is None
    assert whatsapp.faults.standing_code == 0
    assert switches.on == set()
    with pytest.raises(KeyError):
        await switches.switch("hujan", on=True)


def test_somebody_blocks_the_bot_and_takes_it_back(
    platforms: tuple[TelegramEmulator, WhatsAppEmulator],
) -> None:
    switches = FaultSwitches(*platforms)
    for address in (str(TONO), SERANAU):
        switches.block(address, on=True)
    assert switches.blocked() == {str(TONO), SERANAU}
    for address in (str(TONO), SERANAU):
        switches.block(address, on=False)
    assert switches.blocked() == frozenset()
    with pytest.raises(KeyError):
        switches.block("ID.0", on=True)


def test_the_journal_says_who_did_what(platforms: tuple[TelegramEmulator, WhatsAppEmulator]) -> None:
    telegram, whatsapp = platforms
    crowd = {person.address: person for each in people().values() for person in each}
    happenings = Happenings(NOW.timestamp, crowd, label_of=telegram.label_of)
    telegram.updates.on_put = happenings.take_update
    whatsapp.webhooks.on_put = happenings.take_webhook
    telegram.says(TONO, "/status")
    asked = ChatMessage(9, 1.0, True, keyboard=[[("Lanjut", "n:1")]])
    telegram.people[TONO].messages[9] = asked
    telegram.taps(TONO, 9, "n:1")
    telegram.taps(TONO, 8, "n:1")  # a message that is not there: a client can
    telegram.sends_file(TONO, name="surat.pdf", content=b"x")
    telegram.blocks(TONO)
    whatsapp.people.says(SERANAU, "Halo\nsemua")
    offer = WhatsAppMessage("wamid.1", 1.0, True, buttons=[("Lihat tugas", "t:1")])
    whatsapp.people.by_user_id[SERANAU].messages["wamid.1"] = offer
    whatsapp.people.taps(SERANAU, "wamid.1", "Lihat tugas")
    happenings.add("fault_on", fault=TOO_MANY)
    lines = happenings.show(load_panel_words()["id"])
    assert [line["text"] for line in reversed(lines)] == [
        "Tono Hartono menulis: “/status”",
        "Tono Hartono mengetuk “Lanjut”",
        "Tono Hartono mengetuk “n:1”",
        "Tono Hartono mengirim berkas",
        "Tono Hartono memblokir bot",
        "Tika Oktaviani menulis: “Halo”",
        "Tika Oktaviani mengetuk “Lihat tugas”",
        "Gangguan dinyalakan: Platform menolak: terlalu banyak pesan (429)",
    ]
    assert happenings.raw_of(1)["message"]["text"] == "/status"
    assert happenings.raw_of(99) is None
