"""A reminder is put off by a date: said with its day, taken at its word, passed on with the post."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

import pytest

from domain.message import Inbound, Kind, Message
from domain.people import Role
from handlers.desk import Desk
from handlers.registry import registry
from scheduler.ticks import remind
from storage import contacts, handovers, heard_days, reminder_wishes
from storage.engine.database import Database
from storage.engine.transaction import Transaction
from tests.kit.three_offices import H14, HOUSE, START, at, leaves, queued, seed

DESK = Desk(HOUSE, registry())
WEDNESDAY = date(2026, 8, 19)
NOW = at(WEDNESDAY, time(9))


@pytest.fixture
async def database(database: Database) -> Database:
    """Three offices with their people, and the desk."""
    await database.run(seed)
    return database


async def does(database: Database, inbound: Inbound, *, now: datetime = NOW) -> Sequence[Message]:
    return await database.run(lambda tx: DESK.take(tx, inbound, fetched=None, now=now))


async def says(database: Database, text: str) -> Sequence[Message]:
    return await does(database, Inbound("telegram", "1", Kind.TEXT, text=text))


async def taps(database: Database, data: str) -> Sequence[Message]:
    tapped = Inbound("telegram", "1", Kind.BUTTON, button=data, callback_id="1", message_ref="1")
    return await does(database, tapped)


async def reminded(database: Database) -> datetime:
    """Let the reminder of two weeks before the deadline leave, and give the moment."""
    now = at(H14, time(9, 59))
    await remind(database, HOUSE, now=now)
    await leaves(database, now)
    return now


async def office_of(database: Database, contact: int) -> int:
    sql = "SELECT office_id FROM memberships WHERE contact_id = ? AND until IS NULL"
    return int((await database.read(lambda tx: tx.execute(sql, (contact,)).fetchone()))[0])


async def put_off_until(database: Database) -> list[str]:
    return await database.read(lambda tx: [row[0] for row in tx.execute("SELECT until FROM snoozes")])


@pytest.mark.parametrize(
    ("typed", "until", "said"),
    [
        ("besok pagi", 1, "kami ingatkan lagi"),
        ("Tunda sampai besok ya", 1, "kami ingatkan lagi"),
        ("ingatkan saya lagi tanggal 21 Agustus", 1, "Jumat, 21 Agustus 2026"),
        ("remind me tomorrow", 1, "kami ingatkan lagi"),
        ("tunda", 0, "Kapan Bapak/Ibu ingin diingatkan?"),
        ("tunda 12 Desember", 0, "1 September 2026"),  # beyond the deadline, which is said
        ("tunda entah kapan", 0, "paling lambat"),
        ("besok saya rapat dengan kepala dinas dahulu", 0, ""),
        ("apakah besok libur?", 0, ""),
        ("besok?", 0, ""),
        ("kami baru bisa rapat dengan tim tanggal 21 Agustus", 0, ""),
    ],
)
async def test_a_day_typed_below_a_reminder_puts_it_off(
    database: Database, typed: str, until: int, said: str
) -> None:
    now = await reminded(database)
    asked = Inbound("telegram", "1", Kind.TEXT, text=typed)
    answer = await does(database, asked, now=now + timedelta(minutes=1))
    assert len(await put_off_until(database)) == until
    assert said in answer[-1].text


@pytest.mark.parametrize(
    ("typed", "said", "until"),
    [
        ("tunda 31 Desember", "sudah lewat dari batas waktu", "2026-08-19"),
        ("tunda", "Kapan Bapak/Ibu ingin diingatkan?", "2026-08-19"),
        ("tunda sampai 21 Agustus", "Jumat, 21 Agustus 2026", "2026-08-21"),
        ("21 Agustus saja", "Jumat, 21 Agustus 2026", "2026-08-21"),
    ],
)
async def test_another_day_after_one_was_taken_is_a_new_wish(
    database: Database, typed: str, said: str, until: str
) -> None:
    """F62: the later wish counts, and what lies beyond the deadline leaves the earlier one as it is."""
    now = await reminded(database)
    for text, minutes in (("besok pagi", 1), (typed, 2)):
        wish = Inbound("telegram", "1", Kind.TEXT, text=text)
        answer = await does(database, wish, now=now + timedelta(minutes=minutes))
    assert said in answer[-1].text
    assert await put_off_until(database) == [until]


@pytest.mark.parametrize("typed", ["besok pagi", "tunda", "tunda besok"])
async def test_where_nothing_is_to_be_put_off_a_day_is_no_wish(database: Database, typed: str) -> None:
    answer = await says(database, typed)
    assert await put_off_until(database) == []
    assert "ingatkan" not in answer[-1].text


@pytest.mark.parametrize(
    ("typed", "until", "said"),
    [
        ("besok", ["2026-08-20"], "Kamis, 20 Agustus 2026"),  # not asked back
        ("21 Agustus", ["2026-08-21"], "Jumat, 21 Agustus 2026"),  # of this year, not of a past one
        ("21/8", ["2026-08-21"], "Jumat, 21 Agustus 2026"),
        ("23 Agustus", ["2026-08-21"], "Jumat, 21 Agustus 2026"),  # a Sunday: the working day before
        ("21 Agustus 2025", [], "bukan hari yang akan datang"),
        ("12 Desember", [], "1 September 2026"),  # beyond the deadline, which is said
    ],
)
async def test_a_typed_date_is_taken_at_its_word(
    database: Database, typed: str, until: list[str], said: str
) -> None:
    office = await office_of(database, 1)
    await taps(database, f"rm:z:{office}:tanggal")
    answer = await says(database, typed)
    assert await put_off_until(database) == until
    assert said in answer[-1].text


@pytest.mark.parametrize(
    ("today", "offered"),
    [
        (WEDNESDAY, ["Kamis, 20 Agustus 2026", "Senin, 24 Agustus 2026"]),
        (date(2026, 8, 14), ["Selasa, 18 Agustus 2026"]),  # Monday is Independence Day
    ],
)
async def test_what_is_offered_carries_its_date_and_is_no_holiday(
    database: Database, today: date, offered: list[str]
) -> None:
    data = f"rm:z:{await office_of(database, 1)}:tanggal"
    tapped = Inbound("telegram", "1", Kind.BUTTON, button=data, callback_id="1", message_ref="1")
    (asked,) = await does(database, tapped, now=at(today, time(9)))
    assert [row[0].label for row in asked.rows[:-1]] == offered


async def test_a_handover_passes_on_what_was_put_off(database: Database) -> None:
    office = await office_of(database, 1)

    def hand_over(tx: Transaction) -> None:
        reminder_wishes.snooze(tx, 1, period=1, office=office, until=date(2026, 8, 20), now=NOW)
        contacts.grant(tx, 2, role=Role.FOCAL_POINT, office_id=office, now=NOW)
        handovers.create(
            tx,
            handovers.NewHandover(office, 1, 2, None, "mutasi"),
            by=4,
            now=NOW,
        )
        tx.execute("UPDATE memberships SET until = ? WHERE contact_id = 1", (NOW.isoformat(),))

    await database.run(hand_over)
    await remind(database, HOUSE, now=at(date(2026, 8, 20)))
    assert [(address, "mengingatkan kembali" in text) for _, address, text in await queued(database)] == [
        ("2", True)
    ]


async def test_putting_off_one_office_does_not_take_the_other_out_of_the_week(database: Database) -> None:
    """A message in which one office was put off and another is reminded counts to the limits."""
    second = await office_of(database, 2)

    def serve_both(tx: Transaction) -> None:
        tx.execute("UPDATE memberships SET until = '2026-05-05' WHERE contact_id = 2")
        contacts.grant(tx, 1, role=Role.FOCAL_POINT, office_id=second, now=START)
        reminder_wishes.snooze(tx, 1, period=1, office=second, until=H14, now=at(H14 - timedelta(days=4)))

    await database.run(serve_both)
    await remind(database, HOUSE, now=at(H14))
    ((_, _, text),) = [row for row in await queued(database) if row[1] == "1"]
    assert text.count("•") >= 2
    await leaves(database, at(H14))
    heard_days = await database.read(lambda tx: _count_heard(tx, now=at(H14, time(11))))
    assert heard_days == [H14]


def _count_heard(tx: Transaction, *, now: datetime) -> list[date]:
    return list(heard_days.days(tx, HOUSE, contacts=[1], now=now).get(1, ()))
