"""How many updates wait for their turn, since when, and when the next one that was put off is due."""

from __future__ import annotations

from datetime import datetime

from storage import inbox
from storage.engine.transaction import Transaction
from storage.engine.utc import utc_text

# `state IN ('waiting', 'fetching')` is the index's own condition: without it every row ever kept would be
# read
_NEXT_DUE = """
SELECT min(not_before) FROM inbox
WHERE state IN ('waiting', 'fetching') AND state = 'waiting' AND not_before > ?
"""
_OLDEST_DUE = """
SELECT min(coalesce(not_before, received_at)) FROM inbox
WHERE id IN (SELECT min(id) FROM inbox WHERE state IN ('waiting', 'fetching') GROUP BY channel, address)
  AND coalesce(not_before, '') <= ?
"""
_OPEN = "SELECT count(*) FROM inbox WHERE state IN ('waiting', 'fetching')"


def next_due(tx: Transaction, *, now: datetime) -> str | None:
    """Find when the next postponed row is due, as UTC text."""
    row: tuple[str | None] = tx.execute(_NEXT_DUE, (utc_text(now),)).fetchone()
    return row[0]


def is_waiting(tx: Transaction, *, now: datetime) -> bool:
    """Tell whether any row is due now."""
    return bool(inbox.claim(tx, now=now, limit=1))


def oldest_due(tx: Transaction, *, now: datetime) -> str | None:
    """Find since when the oldest update that is due has waited, as UTC text; one that was put off waits from
    its time on.
    """
    row: tuple[str | None] = tx.execute(_OLDEST_DUE, (utc_text(now),)).fetchone()
    return row[0]


def open_count(tx: Transaction) -> int:
    """Count what waits for its turn."""
    return int(tx.execute(_OPEN).fetchone()[0])


_DUE = """
SELECT count(*) FROM inbox
WHERE id IN (SELECT min(id) FROM inbox WHERE state IN ('waiting', 'fetching') GROUP BY channel, address)
  AND (state = 'fetching' OR coalesce(not_before, '') <= ?)
"""


def due_count(tx: Transaction, *, now: datetime) -> int:
    """Count the addresses that could have their turn now; postponed rows, and what waits behind them, are
    left out.
    """
    return int(tx.execute(_DUE, (utc_text(now),)).fetchone()[0])
