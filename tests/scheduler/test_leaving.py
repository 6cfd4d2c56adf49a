"""The real sender asks again the moment before a reminder leaves."""

from __future__ import annotations

import asyncio
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path

import pytest

from bot.attachments.making import Maker
from bot.log import logger
from bot.outbound.one_message import Hooks, Means
from bot.outbound.pace import Pace
from bot.outbound.sender import Sender
from bot.store.folder import FolderStore
from bot.store.local_copies import LocalCopies
from domain.delivery import Departure
from domain.message import Message
from scheduler.leaving import judge_row
from scheduler.ticks import remind
from storage import handing_in, outbox
from storage.engine.database import Database
from storage.engine.transaction import Transaction
from tests.kit.patience import PATIENCE
from tests.kit.phone import Phone
from tests.kit.three_offices import H14, HOUSE, WIB, at, broadcast, draft, leaves, loaded

TEN_OF_H14 = at(H14)


def sender_to(database: Database, phone: Phone, now: datetime) -> Sender:
    def judged(tx: Transaction, row: int, priority: int, now: datetime) -> Departure:
        return judge_row(tx, HOUSE, outbox_id=row, priority=priority, now=now)

    return Sender(
        Means(
            database,
            phone,
            clock=lambda: now,
            pace=Pace(1e6, 1e6, 1e6),
            maker=Maker(
                database, copies=LocalCopies(FolderStore(Path("data")), Path("sending")), drawn=Path("drawn")
            ),
            log=logger(),
            hooks=Hooks(judge_departure=judged),
        )
    )


def hand_in(tx: Transaction) -> None:
    number = draft(tx, "dinkes", 1, at(H14))
    handing_in.send(tx, loaded(tx, number), year=2026, by=1, now=at(H14))


async def delivered(database: Database, phone: Phone, now: datetime = TEN_OF_H14) -> None:
    sender = sender_to(database, phone, now)
    sending = asyncio.create_task(sender.run())
    try:
        async with asyncio.timeout(PATIENCE):
            await sender.idle()
    finally:
        sending.cancel()
        await asyncio.wait({sending})


async def test_what_is_met_after_it_was_queued_never_leaves(database: Database) -> None:
    await remind(database, HOUSE, now=at(H14))
    await database.run(hand_in)
    phone = Phone()
    await delivered(database, phone)
    assert sorted(address for address, _ in phone.sent) == ["2", "3"]
    states = await database.read(
        lambda tx: tx.execute("SELECT address, state, note FROM outbox ORDER BY 1").fetchall()
    )
    assert states == [("1", "dropped", "no longer due"), ("2", "sent", None), ("3", "sent", None)]


async def test_what_is_taken_back_lets_the_next_message_pass(database: Database) -> None:
    await remind(database, HOUSE, now=at(H14))
    await database.run(hand_in)
    await database.run(lambda tx: broadcast(tx, "1", at(H14)))
    phone = Phone()
    await delivered(database, phone)
    assert [text for address, text in phone.sent if address == "1"] == ["Pengumuman"]


EVENING, FRIDAY_NOON, HOLIDAY = at(H14, time(22, 15)), at(date(2026, 8, 21), time(12)), at(date(2026, 8, 17))


def notice(tx: Transaction, address: str, now: datetime) -> None:
    outbox.insert(
        tx,
        channel="telegram",
        address=address,
        message=Message("Periode ditutup"),
        now=now,
        terms=outbox.Terms(priority=outbox.REMINDER),
    )


async def waits_until(database: Database) -> list[str]:
    sql = "SELECT not_before FROM outbox WHERE state = 'waiting' ORDER BY id"
    rows = await database.read(lambda tx: tx.execute(sql).fetchall())
    return [row[0][:16] for row in rows]


@pytest.mark.parametrize(
    ("moment", "until"),
    [
        (EVENING, "2026-08-19T01:00"),  # 08.00 WIB of the next morning
        (FRIDAY_NOON, "2026-08-21T06:30"),  # after the prayer
        (HOLIDAY, "2026-08-18T01:00"),
    ],
)
async def test_what_an_outage_kept_waits_for_a_decent_hour_in_order(
    database: Database, moment: datetime, until: str
) -> None:
    morning = moment - timedelta(hours=3)
    await database.run(lambda tx: notice(tx, "1", morning))
    await database.run(lambda tx: broadcast(tx, "1", morning))
    phone = Phone()
    await delivered(database, phone, moment)
    assert phone.sent == []
    assert await waits_until(database) == [until, until]
    later = datetime.fromisoformat(until + ":00+00:00")
    await delivered(database, phone, later)
    assert [text for _, text in phone.sent] == ["Periode ditutup"], "the second waits: one a day"
    await delivered(database, phone, HOUSE.calendar.next_decent(later + timedelta(days=1), WIB))
    assert [text for _, text in phone.sent] == ["Periode ditutup", "Pengumuman"]


@pytest.mark.parametrize("put_off", [0, 30])
async def test_the_week_s_limit_holds_for_announcements(database: Database, put_off: int) -> None:
    """Also for those that were put off for weeks: what counts is the day they were heard on."""
    for day in (H14 - timedelta(days=5), H14 - timedelta(days=4), H14 - timedelta(days=3)):
        await database.run(partial(broadcast, address="1", now=at(day - timedelta(days=put_off))))
        await leaves(database, at(day))
    await database.run(lambda tx: broadcast(tx, "1", at(H14)))
    phone = Phone()
    await delivered(database, phone, at(H14))
    assert phone.sent == []
    assert await waits_until(database) == ["2026-08-20T01:00"], "a week after the first of the three"
    await delivered(database, phone, at(H14 + timedelta(days=2)))
    assert [text for _, text in phone.sent] == ["Pengumuman"]


_ANNOUNCED = """
INSERT INTO broadcasts (id, state, contact_id, channel, address, created_at, urgent)
VALUES (1, 'running', 1, 'telegram', '1', '2026', ?)
"""


def bell_of(tx: Transaction, row: int, now: datetime) -> None:
    """Ring for a message that waits for its person to open the talk."""
    outbox.insert(
        tx,
        channel="telegram",
        address="1",
        message=Message("Ada pesan"),
        now=now,
        terms=outbox.Terms(priority=outbox.BROADCAST, dedupe_key=f"rung:{row}"),
    )


@pytest.mark.parametrize(("urgent", "heard"), [(1, ["Ada pesan"]), (0, [])])
async def test_a_bell_is_as_urgent_as_the_message_it_rings_for(
    database: Database, urgent: int, heard: list[str]
) -> None:
    def queue(tx: Transaction) -> None:
        broadcast(tx, "1", EVENING)
        ((row,),) = tx.execute("SELECT id FROM outbox").fetchall()
        tx.execute(_ANNOUNCED, (urgent,))
        tx.execute(
            "INSERT INTO broadcast_recipients (broadcast_id, state, outbox_id) VALUES (1, 'queued', ?)",
            (row,),
        )
        tx.execute("UPDATE outbox SET not_before = '9999', reason = 'window' WHERE id = ?", (row,))
        bell_of(tx, row, EVENING)

    await database.run(queue)
    phone = Phone()
    await delivered(database, phone, EVENING)
    assert [text for _, text in phone.sent] == heard
