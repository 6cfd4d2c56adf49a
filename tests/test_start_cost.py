"""A start, and a tick of the clock, read as much after years as in the first week: counted in instructions of
SQLite, so that load does not count.
"""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

import pytest

from storage.engine.sqlite import SqliteTransaction
from storage.engine.transaction import Transaction
from tests.kit.clock_and_codes import MORNING
from tests.kit.handed_in import handed_in
from tests.kit.world import world_in

LOOK_EVERY = 10  # of SQLite between two counts
ROWS = 2_000
BESIDE = "SELECT path FROM files"  # the evidence is compared once all parts run
GROWN = 300  # instructions more than before: a search in a larger index takes a few
_NUMBERS = "WITH RECURSIVE n (i) AS (SELECT 1000 UNION ALL SELECT i + 1 FROM n WHERE i < 1000 + ?)"
_VALUES = re.compile(r"'[^']*'|\b\d+\b|\s+")
# rows as years leave them, beside those that were there
_YEARS = {
    "inbox (channel, external_id, address, raw, received_at, state)":
        "'telegram', i, '1', '{}', '2026-02-01T00:00:00.000000Z', 'handled'",
    "outbox (channel, address, priority, payload, created_at, leased_at, sent_at, state)":
        "'telegram', '1', 0, '{}', '2026-02-01T00', '2026-02-01T00', '2026-02-01T00', 'sent'",
    "innovations (id, office_id, period_id, form_version, rule_year, created_by, created_at, updated_at)":
        "i, 1, 1, 1, 2026, 1, '2026', '2026'",
    "history (innovation_id, at, contact_id, question, old, new)": "i, '2026', 1, 'nama', 'a', 'b'",
    "answers (innovation_id, question, value)": "i, 'x', '1'",
    "files (sha256, path, kind, size, added_at)": "printf('%064d', i), 'aa/' || i, 'pdf', 1, '2026'",
    "evidence (sha256, innovation_id, question)": "printf('%064d', i), i, 'e1'",
    "audit (at, actor, action)": "'2026', 1, 'begun'",
    "exports (contact_id, channel, address, language, kind, args, state, created_at)":
        "1, 'telegram', '1', 'id', 'csv', '{}', 'expired', '2026'",
    "broadcasts (id, contact_id, channel, address, state, created_at, starts_at, ended_at)":
        "i, 1, 'telegram', '1', 'done', '2026', '2026', '2026'",
    "broadcast_recipients (broadcast_id, contact_id, channel, address, state)":
        "i, 1, 'telegram', '1', 'delivered'",
    "occurrences (rule, period_id, office_id, contact_id, step, deadline, at, state)":
        "'x', 1, 1, 1, i, '', '2026-02-01T00:00:00.000000Z', 'told'",
}  # fmt: skip


class Instructions:
    """The most instructions that each statement took, by its words without values."""

    def __init__(self) -> None:
        self.most: dict[str, int] = {}

    def follow(self, tx: SqliteTransaction) -> None:
        taken: dict[str, int] = defaultdict(int)
        statement = [""]

        def begin(sql: str) -> None:
            statement[0] = _VALUES.sub(" ", sql)
            taken[statement[0]] = 0

        def count() -> int:
            name = statement[0]
            taken[name] += LOOK_EVERY
            self.most[name] = max(self.most.get(name, 0), taken[name])
            return 0

        tx.set_trace_callback(begin)
        tx.set_progress_handler(count, LOOK_EVERY)


@pytest.mark.sqlite
async def test_a_start_and_a_tick_read_no_more_after_years(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def live(tx: Transaction) -> None:
        for columns, values in _YEARS.items():
            tx.execute(f"INSERT INTO {columns} {_NUMBERS} SELECT {values} FROM n", (ROWS,))

    async with world_in(tmp_path / "data") as world:
        await world.write(lambda tx: handed_in(tx, "SIPANDU", now=MORNING, folder=world.folder / "evidence"))
        starts = list[dict[str, int]]()
        for _ in ("young", "old"):
            await world.stop()
            if starts:
                await world.write(live)
            instructions = Instructions()
            with monkeypatch.context() as patched:
                patched.setattr(
                    SqliteTransaction, "guard", lambda tx, instructions=instructions: instructions.follow(tx)
                )
                await world.start()
                assert world.app is not None
                await world.app.scheduler._tick_reminders()
                starts.append(dict(instructions.most))
    young, old = starts
    grown = {name: (young.get(name, 0), most) for name, most in old.items() if name != BESIDE}
    assert {name: most for name, most in grown.items() if most[1] > most[0] + GROWN} == {}
