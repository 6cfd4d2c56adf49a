"""Levels of an earlier year taken over as a start of the profile, each marked until it is checked."""

from __future__ import annotations

from datetime import datetime

from domain.index.judgement import Starts
from storage import audit
from storage.engine.transaction import Transaction
from storage.engine.utc import utc_text

_UNCHECKED = "SELECT row, level, year FROM spd_starts WHERE period_id = ? AND checked_at IS NULL"
_UNCHECKED_AT = """
SELECT row, level, year FROM spd_starts
WHERE period_id = ? AND at < ? AND (checked_at IS NULL OR checked_at >= ?)
"""


def unchecked(tx: Transaction, period_id: int) -> Starts:
    """Load the levels that were taken over and not looked at yet."""
    return _starts(tx.execute(_UNCHECKED, (period_id,)).fetchall())


def unchecked_at(tx: Transaction, period_id: int, *, moment: datetime) -> Starts:
    """Load the levels that had been taken over by a moment and not looked at."""
    at = utc_text(moment)
    return _starts(tx.execute(_UNCHECKED_AT, (period_id, at, at)).fetchall())


def _starts(rows: list[tuple[str, int, int]]) -> Starts:
    year = max((year for _, _, year in rows), default=0)
    return Starts(year, {row: level for row, level, _ in rows})


# a row that has a level needs no start, and what was taken over once is not taken over again
_TAKE = """
INSERT INTO spd_starts (period_id, row, level, year, at)
SELECT ?1, ?2, ?3, ?4, ?5 WHERE NOT EXISTS (SELECT 1 FROM spd_levels WHERE period_id = ?1 AND row = ?2)
ON CONFLICT DO NOTHING
"""


def take(tx: Transaction, period_id: int, *, starts: Starts, by: int, now: datetime) -> int:
    """Take over these levels for the rows that are still empty; returns how many rows there were."""
    taken = [
        row
        for row, level in starts.levels.items()
        if tx.execute(_TAKE, (period_id, row, level, starts.year, utc_text(now))).rowcount
    ]
    if taken:
        change = {"before": None, "after": {row: starts.levels[row] for row in taken}}
        audit.record(tx, "spd_started", now=now, actor=by, period=period_id, year=starts.year, **change)
    return len(taken)


_CHECK = "UPDATE spd_starts SET checked_at = ? WHERE period_id = ? AND row = ? AND checked_at IS NULL"


def check(tx: Transaction, period_id: int, *, row: str, now: datetime) -> None:
    """Note that a level was chosen for a row; what was taken over for it is no start any more."""
    tx.execute(_CHECK, (utc_text(now), period_id, row))
