"""The mark of a database whose desk has moved: it stays as it was and is not started by mistake."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from storage.engine.transaction import Transaction
from storage.engine.utc import utc_text


@dataclass(frozen=True, slots=True)
class MovedTo:
    """Where the desk is now, and since when (UTC text)."""

    address: str
    at: str


_MARK = "INSERT INTO moved (address, at) VALUES (?, ?)"


def mark(tx: Transaction, address: str, *, now: datetime) -> None:
    """Note that the desk has moved."""
    tx.execute(_MARK, (address, utc_text(now)))


_LAST = "SELECT address, at FROM moved ORDER BY at DESC LIMIT 1"


def moved_to(tx: Transaction) -> MovedTo | None:
    """Read where the desk has moved to; None while it is here."""
    row = tx.execute(_LAST).fetchone()
    return MovedTo(*row) if row else None
