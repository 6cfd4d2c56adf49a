"""The reporting periods: one a year, with its rule year and deadline."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from storage import audit
from storage.database import Transaction


@dataclass(frozen=True, slots=True)
class Period:
    """One reporting period; the dates are local, the deadline's day included."""

    id: int
    year: int
    rule_year: int
    opens_on: date
    deadline: date
    open: bool


_OPEN = """
INSERT INTO periods (year, rule_year, opens_on, deadline) VALUES (?, ?, ?, ?) ON CONFLICT (year) DO NOTHING
"""
_BY_YEAR = "SELECT id FROM periods WHERE year = ?"


def open_period(tx: Transaction, *, year: int, rule_year: int, opens_on: date, deadline: date, now: datetime) -> int:
    """Open the period of a year once; returns its id."""
    if tx.execute(_OPEN, (year, rule_year, opens_on.isoformat(), deadline.isoformat())).rowcount:
        audit.record(tx, "period_opened", now=now, year=year, rule_year=rule_year, deadline=deadline.isoformat())
    return int(tx.execute(_BY_YEAR, (year,)).fetchone()[0])


_CURRENT = """
SELECT id, year, rule_year, opens_on, deadline, state FROM periods
WHERE state = 'open' ORDER BY year DESC LIMIT 1
"""


def current(tx: Transaction) -> Period | None:
    """Load the newest open period."""
    row = tx.execute(_CURRENT).fetchone()
    return _period(row) if row else None


_ONE = "SELECT id, year, rule_year, opens_on, deadline, state FROM periods WHERE id = ?"


def load(tx: Transaction, period_id: int) -> Period:
    """Load one period."""
    return _period(tx.execute(_ONE, (period_id,)).fetchone())


def _period(row: tuple[int, int, int, str, str, str]) -> Period:
    return Period(row[0], row[1], row[2], date.fromisoformat(row[3]), date.fromisoformat(row[4]), row[5] == "open")
