"""Messages that a platform took over and could not carry: what is known of each, and how it leaves again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from storage.engine.transaction import Transaction
from storage.engine.utc import utc_text, utc_time
from storage.outbox import HAS_LEFT


@dataclass(frozen=True, slots=True)
class FailedSend:
    """One message that failed after it was taken over."""

    id: int
    channel: str
    address: str
    priority: int
    attempts: int
    payload: str
    created_at: datetime


_LOAD = """
SELECT id, channel, address, priority, attempts, payload, created_at FROM outbox
WHERE id = ? AND state = 'failed' AND address <> ''
"""


def load(tx: Transaction, outbox_id: int) -> FailedSend | None:
    """Load one; None where it did not fail, or where its address was erased since."""
    row = tx.execute(_LOAD, (outbox_id,)).fetchone()
    if row is None:
        return None
    number, channel, address, priority, attempts, payload, created_at = row
    return FailedSend(number, channel, address, priority, attempts, payload, utc_time(created_at))


_OVERTAKEN = f"""
SELECT EXISTS (SELECT 1 FROM outbox WHERE channel = ? AND address = ? AND id > ?
    AND {HAS_LEFT})
"""


def is_overtaken(tx: Transaction, failed: FailedSend) -> bool:
    """Tell whether something newer has left to the same address: an older question would come behind it."""
    return bool(tx.execute(_OVERTAKEN, (failed.channel, failed.address, failed.id)).fetchone()[0])


_PUT_BACK = """
UPDATE outbox SET state = 'waiting', progress = NULL, sent_at = NULL, reason = NULL, template = NULL,
    not_before = ?, lease_until = NULL
WHERE id = ?
"""


def put_back(tx: Transaction, failed: FailedSend, *, until: datetime | None = None) -> None:
    """Have it leave once more, at `until` at the earliest.

    The reference of the try that failed stays until the next one is taken: what is told of it may come late.
    By it the answer to that try, should it come now, is known to settle nothing.
    """
    tx.execute(_PUT_BACK, (utc_text(until) if until else None, failed.id))
