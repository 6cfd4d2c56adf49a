"""How far a message came and what it costs, as the platform tells later."""

from __future__ import annotations

from datetime import datetime

from domain.delivery import Progress, Reason, Reported, furthest
from storage.engine.transaction import Transaction
from storage.engine.utc import utc_text

# told with every status; written once
_PRICE = """
UPDATE outbox SET billable = ?1, category = ?2
WHERE id = ?3 AND channel = ?4 AND (billable IS DISTINCT FROM ?1 OR category IS DISTINCT FROM ?2)
"""


def keep_price(tx: Transaction, channel: str, *, outbox_id: int, billable: bool, category: str) -> None:
    """Keep whether a message is paid for, and as what."""
    tx.execute(_PRICE, (billable, category, outbox_id, channel))


_PROGRESS = "SELECT state, progress, message_ref FROM outbox WHERE id = ? AND channel = ?"
_MOVE_UP = """
UPDATE outbox SET state = ?, progress = ?, reason = ?, message_ref = ?, lease_until = NULL,
    sent_at = CASE WHEN ? = 'sent' THEN coalesce(sent_at, ?) ELSE sent_at END
WHERE id = ?
"""


def move_up(tx: Transaction, channel: str, *, reported: Reported, now: datetime) -> bool:
    """Record how far a message came; True when that is further than was known.

    A status also settles a send whose answer we never saw: the lease ends, and nothing is sent twice.
    """
    row = tx.execute(_PROGRESS, (reported.outbox_id, channel)).fetchone()
    if row is None or row[0] == "dropped":
        return False
    state, known, reference = row
    before = Progress(known) if known else None
    progress = furthest(before, reported.progress)
    if progress is before:
        return False
    failed = progress is Progress.FAILED
    if failed and state == "waiting":
        return False  # that was an earlier try; the next one has a fate of its own
    state = "failed" if failed else "sent"
    why = (reported.reason or Reason.REFUSED) if failed else None
    reference = reference or reported.message_ref or None
    tx.execute(_MOVE_UP, (state, progress, why, reference, state, utc_text(now), reported.outbox_id))
    return True
