"""The place of each person in the form of each innovation."""

from __future__ import annotations

from datetime import datetime

from storage.engine.transaction import Transaction
from storage.engine.utc import utc_text

_CURSOR = "SELECT state FROM cursors WHERE contact_id = ? AND innovation_id = ?"
_KEEP_CURSOR = """
INSERT INTO cursors (contact_id, innovation_id, state, touched_at) VALUES (?, ?, ?, ?)
ON CONFLICT (contact_id, innovation_id) DO UPDATE SET state = excluded.state, touched_at = excluded.touched_at
"""


def load(tx: Transaction, contact_id: int, *, innovation_id: int) -> str:
    """Load where the person stands, as JSON; "" when never begun."""
    row = tx.execute(_CURSOR, (contact_id, innovation_id)).fetchone()
    return row[0] if row else ""


_CURSOR_AND_LINE = """
SELECT coalesce((SELECT state FROM cursors WHERE contact_id = ? AND innovation_id = ?), ''),
    (SELECT coalesce(max(id), 0) FROM history WHERE innovation_id = ?)
"""


def load_with_line(tx: Transaction, contact_id: int, *, innovation_id: int) -> tuple[str, int]:
    """Load where the person stands, as `load` does, and the newest line of the innovation's history."""
    keys = (contact_id, innovation_id, innovation_id)
    row: tuple[str, int] = tx.execute(_CURSOR_AND_LINE, keys).fetchone()
    return row


def keep(tx: Transaction, contact_id: int, *, innovation_id: int, state: str, now: datetime) -> None:
    """Keep where the person stands."""
    tx.execute(_KEEP_CURSOR, (contact_id, innovation_id, state, utc_text(now)))
