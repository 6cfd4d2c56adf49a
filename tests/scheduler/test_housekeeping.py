"""Sweeps go by condition in portions, whatever lies in front of what is old."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from scheduler.housekeeping import sweep
from storage.engine.database import Database
from storage.engine.transaction import Transaction
from storage.engine.utc import utc_text
from storage.sweeping import PORTION

NOW = datetime(2026, 11, 28, tzinfo=UTC)
KEPT = timedelta(days=30)
OLD = utc_text(NOW - timedelta(days=40))
_RECEIVED = """
INSERT INTO inbox (channel, external_id, address, raw, received_at, state) VALUES (?, ?, '1', '{}', ?, ?)
"""
_QUEUED = """
INSERT INTO outbox (channel, address, priority, payload, created_at, state) VALUES (?, '1', 0, '{}', ?, ?)
"""


async def test_what_waits_in_front_does_not_stop_a_sweep(database: Database) -> None:
    count = 2 * PORTION + 7

    def fill(tx: Transaction) -> None:
        waiting = [("whatsapp", f"w{n}", OLD, "waiting") for n in range(count)]
        handled = [("telegram", str(n), OLD, "handled") for n in range(count)]
        tx.executemany(_RECEIVED, [*waiting, *handled, ("telegram", "young", utc_text(NOW), "handled")])
        tx.executemany(_QUEUED, [("whatsapp", OLD, "waiting")] * count + [("telegram", OLD, "sent")] * count)

    await database.run(fill)
    swept, _ = await sweep(database, now=NOW, raw_kept=KEPT, pause=0)
    assert (swept["inbox"], swept["outbox"]) == (count, count)


async def test_the_newest_update_with_an_id_stays_behind_which_the_poll_goes_on(database: Database) -> None:
    def fill(tx: Transaction) -> None:
        rows = [("telegram", "1"), ("telegram", "2"), ("whatsapp", "a"), ("telegram", "#unreadable")]
        tx.executemany(_RECEIVED, [(*row, OLD, "handled") for row in rows])

    await database.run(fill)
    await sweep(database, now=NOW, raw_kept=KEPT, pause=0)
    left = await database.read(lambda tx: tx.execute("SELECT external_id FROM inbox ORDER BY id").fetchall())
    assert left == [("2",), ("a",), ("#unreadable",)]


async def test_rows_without_a_number_go_in_portions_too(database: Database) -> None:
    count = PORTION + 3
    insert = "INSERT INTO wrong_codes (channel, address, at) VALUES ('telegram', '1', ?)"
    await database.run(lambda tx: tx.executemany(insert, [(OLD,)] * count))
    assert (await sweep(database, now=NOW, raw_kept=KEPT, pause=0))[0]["wrong_codes"] == count
