"""The real sender asks again the moment before a reminder leaves."""

from __future__ import annotations

import asyncio
from datetime import datetime
from pathlib import Path

from bot.attachments.making import Maker
from bot.log import logger
from bot.outbound.pace import Pace
from bot.outbound.sender import Hooks, Sender
from scheduler import remind
from scheduler.reminders import may_leave
from storage import innovations
from storage.engine.database import Database
from storage.engine.transaction import Transaction
from tests.kit.phone import Phone
from tests.kit.three_offices import H14, HOUSE, at, broadcast, draft, loaded


def sender_to(database: Database, phone: Phone) -> Sender:
    def judged(tx: Transaction, row: int, now: datetime) -> bool:
        return may_leave(tx, HOUSE, outbox_id=row, now=now)

    return Sender(
        database,
        phone,
        clock=lambda: at(H14),
        pace=Pace(1e6, 1e6, 1e6),
        maker=Maker(database, evidence=Path("evidence")),
        log=logger(),
        hooks=Hooks(may_leave=judged),
    )


def hand_in(tx: Transaction) -> None:
    number = draft(tx, "dinkes", 1, at(H14))
    innovations.send(tx, loaded(tx, number), year=2026, by=1, now=at(H14))


async def delivered(database: Database, phone: Phone) -> None:
    sender = sender_to(database, phone)
    sending = asyncio.create_task(sender.run())
    try:
        async with asyncio.timeout(10):
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
