"""Which official results the desk was asked for; each is asked for once."""

from __future__ import annotations

from datetime import datetime

from storage.engine.transaction import Transaction
from storage.engine.utc import utc_text

_ASK = "INSERT INTO results_asked (year, at) VALUES (?, ?) ON CONFLICT DO NOTHING"


def ask_once(tx: Transaction, year: int, *, now: datetime) -> bool:
    """Note that the result of a year is asked for; False when it was asked for before."""
    return tx.execute(_ASK, (year, utc_text(now))).rowcount == 1
