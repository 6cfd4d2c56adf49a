"""What is known of one message of the outbox: where it goes, what it says, what became of it."""

from __future__ import annotations

from domain.message import Message
from storage.engine.transaction import Transaction

_IS_ASKED = """
SELECT asked = 1 AND NOT EXISTS (SELECT 1 FROM occurrences o WHERE o.outbox_id = outbox.id)
FROM outbox WHERE id = ?
"""


def is_asked(tx: Transaction, outbox_id: int) -> bool:
    """Tell whether a person has asked for a message that waited for them; a reminder is none."""
    row = tx.execute(_IS_ASKED, (outbox_id,)).fetchone()
    return bool(row and row[0])


_PAYLOAD = """
SELECT payload FROM outbox WHERE channel = ? AND address = ? AND message_ref = ? ORDER BY id DESC LIMIT 1
"""


def message_of(tx: Transaction, channel: str, *, address: str, message_ref: str) -> Message | None:
    """Find what we said in a message by its reference; None when it is not kept any more."""
    row = tx.execute(_PAYLOAD, (channel, address, message_ref)).fetchone()
    return Message.from_json(row[0]) if row else None


_SAYS = "SELECT payload FROM outbox WHERE id = ?"


def payload(tx: Transaction, row_id: int) -> Message | None:
    """Load what a message says; None when it was swept."""
    row = tx.execute(_SAYS, (row_id,)).fetchone()
    return Message.from_json(row[0]) if row else None


_FATE = """
SELECT CASE WHEN state = 'waiting' AND reason = 'window' THEN 'held' ELSE state END, coalesce(message_ref, '')
FROM outbox WHERE id = ?
"""


def fate(tx: Transaction, row_id: int) -> tuple[str, str]:
    """Load what became of a message: its state and its reference; ("", "") when it was swept.

    The state is "held" while it waits for the person to speak.
    """
    row = tx.execute(_FATE, (row_id,)).fetchone()
    return (row[0], row[1]) if row else ("", "")
