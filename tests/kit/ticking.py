"""The tick of the reminders on a database, at a local moment."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from scheduler.reminders import may_leave
from scheduler.ticks import remind
from storage.engine.database import Database
from tests.kit.three_offices import HOUSE, at

STALLED = date(2026, 5, 11)  # five working days after the start


async def tick(database: Database, day: date, clock: time = time(10)) -> int:
    return await remind(database, HOUSE, now=at(day, clock))


async def judged(database: Database, row: int, now: datetime) -> bool:
    return await database.run(lambda tx: may_leave(tx, HOUSE, outbox_id=row, now=now))


async def count(database: Database, sql: str) -> Any:
    return (await database.read(lambda tx: tx.execute(sql).fetchone()))[0]
