"""What a reminder tick costs with a hundred thousand people: nothing due, everything due, one minute of a
morning.

uv run --group dev python -m bench.reminders [--people 100000]
"""

from __future__ import annotations

import argparse
import asyncio
from datetime import UTC, date, datetime, time, timedelta
from time import perf_counter, process_time
from zoneinfo import ZoneInfo

from domain.people import Office
from handlers.assembly import build
from scheduler.ticks import remind
from storage import occurrences, offices, outbox_counts, periods
from storage.engine.database import Database
from storage.engine.transaction import Transaction
from storage.engine.utc import utc_text
from tests.kit.scratch import scratch_folder

ZONE = ZoneInfo("Asia/Jakarta")
OPENS, DEADLINE = date(2026, 3, 2), date(2026, 9, 1)
EACH = 5  # people of an office
QUIET, STEP = date(2026, 6, 11), date(2026, 8, 18)  # a day without anything, and H-14
OPENED = datetime(2026, 3, 2, tzinfo=UTC)


def fill(tx: Transaction, people: int) -> None:
    """Put in offices and people, in bulk."""
    made = [Office(0, f"kantor_{n}", f"Kantor {n}", f"K{n}", "dinas") for n in range(1, people // EACH + 1)]
    offices.upsert(tx, made)
    periods.open_period(
        tx, periods.NewPeriod(year=2026, rule_year=2026, opens_on=OPENS, deadline=DEADLINE), now=OPENED
    )
    at = utc_text(OPENED)
    numbers = range(1, people + 1)
    tx.executemany(
        """
        INSERT INTO contacts (id, name, language, consent_version, consent_at, created_at)
        VALUES (?, ?, 'id', '1', ?, ?)
        """,
        [(n, f"Orang {n}", at, at) for n in numbers],
    )
    tx.executemany(
        "INSERT INTO addresses (channel, address, contact_id) VALUES ('telegram', ?, ?)",
        [(str(n), n) for n in numbers],
    )
    tx.executemany(
        "INSERT INTO memberships (contact_id, role, office_id, since) VALUES (?, 'focal_point', ?, ?)",
        [(n, (n - 1) // EACH + 1, at) for n in numbers],
    )


async def measured(database: Database, desk_data: object, moment: datetime, name: str) -> None:
    """Run one tick and print what it cost."""
    wall, cpu = perf_counter(), process_time()
    told = await remind(database, desk_data, now=moment)  # type: ignore[arg-type]
    waiting = await database.read(outbox_counts.open_count)
    print(
        f"{name:42} {perf_counter() - wall:8.2f} s  {process_time() - cpu:8.2f} s CPU  told {told}, "
        f"queued {waiting}"
    )


async def bench(people: int) -> None:
    """Measure the three ticks one after the other."""
    desk_data = build(timezone="Asia/Jakarta", language="id").desk_data
    with scratch_folder() as folder:
        database = await Database.open(folder / "desk.db", unit_seconds=60)
        try:
            await database.run(lambda tx: fill(tx, people))
            before = datetime.combine(QUIET, time(7, 59), tzinfo=ZONE)
            await database.run(lambda tx: occurrences.set_tick(tx, "reminders", now=before))
            await measured(database, desk_data, before, "outside the morning")
            await measured(
                database, desk_data, before + timedelta(minutes=2), "nothing due, the people of two minutes"
            )
            await measured(
                database, desk_data, before + timedelta(minutes=122), "nothing due, everybody else at once"
            )
            await measured(
                database,
                desk_data,
                datetime.combine(STEP, time(8, 1), tzinfo=ZONE),
                "due, the people of two minutes",
            )
            await measured(
                database,
                desk_data,
                datetime.combine(STEP, time(10), tzinfo=ZONE),
                "everything due, everybody at once",
            )
        finally:
            await database.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=100_000)
    asyncio.run(bench(parser.parse_args().people))
