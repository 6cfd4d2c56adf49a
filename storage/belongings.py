"""To which desk a database belongs: its regency, and the bot and the number it talks with."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from storage.engine.transaction import Transaction
from storage.engine.utc import utc_text

_LOAD = "SELECT name, value FROM belongings ORDER BY name"


def load(tx: Transaction) -> dict[str, str]:
    """Load what the database belongs to, by name; nothing before its first start."""
    return dict(tx.execute(_LOAD).fetchall())


_NOTE = """
INSERT INTO belongings (name, value, noted_at) VALUES (?, ?, ?)
ON CONFLICT (name) DO UPDATE SET value = excluded.value, noted_at = excluded.noted_at
WHERE belongings.value <> excluded.value
"""


def note(tx: Transaction, belongings: Mapping[str, str], *, now: datetime) -> None:
    """Keep what the database belongs to from now on; what is not named stays as it was."""
    tx.executemany(_NOTE, [(name, value, utc_text(now)) for name, value in belongings.items()])
