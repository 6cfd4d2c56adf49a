"""What a backup brought back: messages that waited when it was made are held until the desk decides."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from storage.engine.transaction import Transaction
from storage.engine.utc import utc_text
from storage.held_messages import HELD_UNTIL

Choice = Literal["send", "drop"]

_ADD = "INSERT INTO restores (copied_at, restored_at) VALUES (?, ?) RETURNING id"
# a lease that was under way when the copy was made: the message has most likely left
_UNLEASE = """
UPDATE outbox SET state = 'unknown', reason = 'unknown', note = 'restored', lease_until = NULL
WHERE state = 'leased'
"""
_KEEP = """
INSERT INTO restored_messages (outbox_id, restore_id, not_before, reason)
SELECT id, ?, not_before, reason FROM outbox WHERE state = 'waiting'
    AND id NOT IN (SELECT outbox_id FROM restored_messages)
"""
_HOLD = """
UPDATE outbox SET not_before = ?, reason = NULL
WHERE state = 'waiting' AND id IN (SELECT outbox_id FROM restored_messages WHERE restore_id = ?)
"""


def hold(tx: Transaction, *, copied_at: datetime, restored_at: datetime) -> tuple[int, int]:
    """Hold every message that waited when the backup was made; returns the restore's id and their count.

    What was already held by an earlier restore stays with that one.
    """
    times = (utc_text(copied_at), utc_text(restored_at))
    restore_id = int(tx.execute(_ADD, times).fetchone()[0])
    tx.execute(_UNLEASE)
    count = tx.execute(_KEEP, (restore_id,)).rowcount
    tx.execute(_HOLD, (utc_text(HELD_UNTIL), restore_id))
    return restore_id, count


_SETTLE = """
UPDATE restores SET settled_at = ?, choice = ? WHERE id = ? AND settled_at IS NULL
"""
_RELEASE = """
UPDATE outbox SET not_before = r.not_before, reason = r.reason
FROM restored_messages r WHERE r.outbox_id = outbox.id AND r.restore_id = ? AND outbox.state = 'waiting'
"""
_DROP = """
UPDATE outbox SET state = 'dropped', not_before = NULL, note = 'restored'
WHERE state = 'waiting' AND id IN (SELECT outbox_id FROM restored_messages WHERE restore_id = ?)
"""
_FORGET = "DELETE FROM restored_messages WHERE restore_id = ?"


def settle(tx: Transaction, restore_id: int, *, choice: Choice, now: datetime) -> int | None:
    """Let the held messages go, each at its own time, or drop them; returns how many.

    None when somebody has decided before.
    """
    if not tx.execute(_SETTLE, (utc_text(now), choice, restore_id)).rowcount:
        return None
    settled = tx.execute(_RELEASE if choice == "send" else _DROP, (restore_id,)).rowcount
    tx.execute(_FORGET, (restore_id,))
    return settled


_OPEN = """
SELECT r.id, r.copied_at, count(o.id) FROM restores r
LEFT JOIN restored_messages m ON m.restore_id = r.id
LEFT JOIN outbox o ON o.id = m.outbox_id AND o.state = 'waiting'
WHERE r.settled_at IS NULL GROUP BY r.id ORDER BY r.id
"""


def open_ones(tx: Transaction) -> list[tuple[int, str, int]]:
    """List restores the desk has not decided on: id, when the backup was made (UTC text), messages held."""
    return [(restore_id, copied_at, count) for restore_id, copied_at, count in tx.execute(_OPEN)]
