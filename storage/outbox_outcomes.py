"""What became of outgoing messages: settles the leased ones, and deletes what was settled long ago."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from domain.delivery import Reason
from storage import contacts
from storage.engine.transaction import Transaction
from storage.engine.utc import utc_text
from storage.sweeping import PORTION, Swept

State = Literal["sent", "failed", "unknown", "waiting", "dropped"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a leased message."""

    id: int
    state: State
    message_ref: str = ""
    not_before: datetime | None = None
    reason: Reason | None = None  # why the try failed
    note: str = ""  # for whoever looks into a fault; nothing is decided by it
    blocked: bool = False
    second: bool = False  # it went in place of one that did not arrive at another address
    untried: bool = False  # it never left, or the platform asked for a pause: this was no try
    unsure: bool = False  # this try may have arrived
    leased_at: str = ""  # the lease it was sent under, as UTC text; "" for whichever there is


# That a try may have arrived is never forgotten. A try whose lease was lost settles nothing, but that it was
# taken: its message may be under way again, with a fate of its own. Nor does one that was told to have
# failed meanwhile, which has left its reference.
_SETTLE = """
UPDATE outbox SET state = ?, message_ref = coalesce(?, message_ref), not_before = ?, reason = ?, note = ?,
    sent_at = ?, lease_until = NULL, attempts = attempts - ?, unsure = CASE WHEN ? THEN 1 ELSE unsure END
WHERE id = ? AND (? = '' OR leased_at = ?)
  AND (state = 'leased' OR (? = 'sent' AND leased_at = ? AND state IN ('waiting', 'unknown')
                            AND coalesce(message_ref, '') <> ?))
"""
_ADDRESS = "SELECT channel, address FROM outbox WHERE id = ?"
# both states again for `outbox_open`, see _LAST_REPLY
_DROP = """
UPDATE outbox SET state = 'dropped', reason = ?
WHERE channel = ? AND address = ? AND state IN ('waiting', 'leased') AND state = 'waiting'
"""


def settle(tx: Transaction, outcomes: Sequence[Outcome], *, now: datetime) -> None:
    """Record the outcomes of leased messages; one that lost its lease meanwhile is not changed."""
    at = utc_text(now)
    tx.executemany(
        _SETTLE,
        [
            (
                outcome.state,
                outcome.message_ref or None,
                utc_text(outcome.not_before) if outcome.not_before else None,
                outcome.reason,
                outcome.note or None,
                at if outcome.state == "sent" else None,
                outcome.untried,
                outcome.unsure,
                outcome.id,
                outcome.leased_at,
                outcome.leased_at,
                outcome.state,
                outcome.leased_at,
                outcome.message_ref,
            )
            for outcome in outcomes
        ],
    )
    for outcome in outcomes:
        if outcome.blocked:
            _block(tx, outcome, now=now)


def _block(tx: Transaction, outcome: Outcome, *, now: datetime) -> None:
    """Block the address of a message, and drop what waits for it."""
    address = tx.execute(_ADDRESS, (outcome.id,)).fetchone()
    if address is not None:
        contacts.block(tx, address[0], address=address[1], now=now)
        tx.execute(_DROP, (outcome.reason, *address))


_PORTION = """
SELECT max(id), min(created_at) FROM (SELECT id, created_at FROM outbox WHERE id > ? ORDER BY id LIMIT ?) p
"""
_SWEEP = """
DELETE FROM outbox WHERE id > ? AND id <= ? AND created_at < ? AND state NOT IN ('waiting', 'leased')
"""


def sweep(tx: Transaction, *, before: datetime, after: int = 0) -> Swept:
    """Delete what is settled and older than `before` among the next rows behind row `after`."""
    last, oldest = tx.execute(_PORTION, (after, PORTION)).fetchone()
    if last is None or oldest >= utc_text(before):
        return Swept(0)
    return Swept(tx.execute(_SWEEP, (after, last, utc_text(before))).rowcount, last)
