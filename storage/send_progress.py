"""How far a message came and what it costs, as the platform tells later."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from domain.delivery import Progress, Reason, Reported, furthest
from storage.engine.transaction import Transaction
from storage.engine.utc import utc_text


@dataclass(frozen=True, slots=True)
class SoFar:
    """What is known of a message as a status of it comes, and what else the status may concern."""

    id: int
    state: str
    progress: Progress | None
    message_ref: str
    address: str
    billable: bool | None  # None: not told
    category: str
    is_announced: bool  # a recipient of an announcement rises with it
    is_replaced: bool  # another was sent in its place
    has_missed: bool  # its address has missed messages that came before


_SO_FAR = """
SELECT id, state, progress, coalesce(message_ref, ''), address, billable, coalesce(category, ''),
    EXISTS (SELECT 1 FROM broadcast_recipients r WHERE r.outbox_id = outbox.id),
    EXISTS (SELECT 1 FROM outbox s WHERE s.instead_of = outbox.id),
    EXISTS (SELECT 1 FROM addresses a
            WHERE a.channel = outbox.channel AND a.address = outbox.address AND a.undelivered > 0)
FROM outbox WHERE id = ? AND channel = ?
"""


def load(tx: Transaction, channel: str, *, outbox_id: int) -> SoFar | None:
    """Load what is known of a message, with everything a status asks; None where it is not one of ours."""
    row = tx.execute(_SO_FAR, (outbox_id, channel)).fetchone()
    if row is None:
        return None
    number, state, progress, reference, address, billable, category, *concerns = row
    return SoFar(
        number,
        state,
        Progress(progress) if progress else None,
        reference,
        address,
        None if billable is None else bool(billable),
        category,
        *map(bool, concerns),
    )


_PRICE = "UPDATE outbox SET billable = ?, category = ? WHERE id = ?"


def keep_price(tx: Transaction, message: SoFar, *, billable: bool, category: str) -> None:
    """Keep whether a message is paid for, and as what: told with every status, written once."""
    if (message.billable, message.category) != (billable, category):
        tx.execute(_PRICE, (billable, category, message.id))


_MOVE_UP = """
UPDATE outbox SET state = ?, progress = ?, reason = ?, message_ref = ?, lease_until = NULL,
    sent_at = CASE WHEN ? = 'sent' THEN coalesce(sent_at, ?) ELSE sent_at END
WHERE id = ?
"""


def move_up(tx: Transaction, message: SoFar, *, reported: Reported, now: datetime) -> bool:
    """Record how far a message came; True when that is further than was known.

    A status also settles a send whose answer we never saw: the lease ends, and nothing is sent twice.
    """
    if message.state == "dropped" or _is_of_failed_try(message, reported):
        return False
    progress = furthest(message.progress, reported.progress)
    if progress is message.progress:
        return False
    failed = progress is Progress.FAILED
    if failed and message.state == "waiting":
        return False  # that was an earlier try; the next one has a fate of its own
    state = "failed" if failed else "sent"
    why = (reported.reason or Reason.REFUSED) if failed else None
    kept = message.message_ref if message.state in ("sent", "failed") else ""
    reference = kept or reported.message_ref or message.message_ref or None
    tx.execute(_MOVE_UP, (state, progress, why, reference, state, utc_text(now), message.id))
    return True


def _is_of_failed_try(message: SoFar, reported: Reported) -> bool:
    """Tell whether a status is of a try that failed before, which leaves its reference behind: that it was
    on its way may be told after its failure. A delivery is believed all the same.
    """
    arrived = reported.progress in (Progress.DELIVERED, Progress.READ)
    return message.state != "sent" and not arrived and "" != message.message_ref == reported.message_ref
