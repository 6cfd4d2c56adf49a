"""Who may be written to unasked: every decision with when, where, how and which text; and who wants
silence now.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from storage.engine.transaction import Transaction
from storage.engine.utc import utc_text, utc_time

How = Literal["notice", "word", "button"]

_RECORD = "INSERT INTO opt_ins (contact_id, at, wants, channel, how, version) VALUES (?, ?, ?, ?, ?, ?)"
_SILENCE = "INSERT INTO silences (contact_id, since) VALUES (?, ?) ON CONFLICT DO NOTHING"
_SPEAK = "DELETE FROM silences WHERE contact_id = ?"
_SINCE = "SELECT since FROM silences WHERE contact_id = ?"
# What is on its way unasked and cannot be judged again before it leaves; reminders are, by themselves.
_QUEUED = """
SELECT o.id FROM outbox o JOIN addresses a ON a.channel = o.channel AND a.address = o.address
WHERE a.contact_id = ? AND o.state = 'waiting'
  AND (o.dedupe_key LIKE 'broadcast:%:%' OR o.dedupe_key LIKE 'summary:%' OR o.dedupe_key LIKE 'rung:%'
       OR (o.dedupe_key LIKE 'instead:%' AND o.priority > 0))
"""
_SKIP = """
UPDATE broadcast_recipients SET state = 'skipped', reason = 'silent', settled_at = ?
WHERE outbox_id = ? AND state IN ('queued', 'skipped')
"""
_DROP = """
UPDATE outbox SET state = 'dropped', not_before = NULL, note = 'silent' WHERE id = ? AND state = 'waiting'
"""


@dataclass(frozen=True, slots=True)
class OptIn:
    """What somebody said to being written to unasked: where, how, and under which text."""

    wants: bool
    channel: str
    how: How
    version: str  # of the text


def record(tx: Transaction, contact_id: int, opt_in: OptIn, *, now: datetime) -> None:
    """Keep that somebody agreed to be written to unasked, or took that back; what waits for them is
    dropped then.
    """
    tx.execute(_RECORD, (contact_id, utc_text(now), opt_in.wants, opt_in.channel, opt_in.how, opt_in.version))
    if opt_in.wants:
        tx.execute(_SPEAK, (contact_id,))
        return
    tx.execute(_SILENCE, (contact_id, utc_text(now)))
    drop_waiting(tx, contact_id, now=now)


def drop_waiting(tx: Transaction, contact_id: int, *, now: datetime) -> None:
    """Take back what is on its way unasked to somebody who wants silence, at whichever address."""
    for (number,) in tx.execute(_QUEUED, (contact_id,)).fetchall():
        tx.execute(_SKIP, (utc_text(now), number))
        tx.execute(_DROP, (number,))


def silent_since(tx: Transaction, contact_id: int) -> datetime | None:
    """Tell since when somebody wants nothing unasked; None when they may be written to."""
    row = tx.execute(_SINCE, (contact_id,)).fetchone()
    return utc_time(row[0]) if row else None
