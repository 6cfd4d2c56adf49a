"""The recipients of an announcement, a row each: queued, settled, counted; a state only rises."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from zoneinfo import ZoneInfo

from domain.delivery import Reason
from domain.message import Message
from storage import outbox
from storage.addresses import IS_OFF, is_off
from storage.engine.each_apart import for_each
from storage.engine.errors import TookTooLong
from storage.engine.transaction import Transaction
from storage.engine.utc import utc_text, utc_time
from storage.posts import POST_OF

_WAITING = f"""
SELECT r.id, r.channel, r.address, c.language, a.blocked_at IS NOT NULL, s.since IS NOT NULL, {IS_OFF},
    NOT EXISTS ({POST_OF.format(contact="r.contact_id")})
FROM broadcast_recipients r
JOIN contacts c ON c.id = r.contact_id
LEFT JOIN silences s ON s.contact_id = r.contact_id
LEFT JOIN addresses a ON a.channel = r.channel AND a.address = r.address
WHERE r.broadcast_id = ? AND r.state = 'waiting' ORDER BY r.id LIMIT ?
"""
_QUEUED = "UPDATE broadcast_recipients SET state = 'queued', outbox_id = ? WHERE id = ? AND state = 'waiting'"
_SKIP = """
UPDATE broadcast_recipients SET state = 'skipped', reason = ?, settled_at = ?
WHERE id = ? AND state = 'waiting'
"""
_KEYED = "SELECT id FROM outbox WHERE dedupe_key = ?"
_UNMADE = """
UPDATE broadcast_recipients SET state = 'failed', reason = ?, settled_at = ?
WHERE id = ? AND state = 'waiting'
"""


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A recipient whose message is still to be written."""

    id: int
    channel: str
    address: str | None
    language: str
    blocked: bool
    silent: bool
    is_off: bool
    has_left: bool


def feed(
    tx: Transaction, broadcast_id: int, *, message: Callable[[str], Message], limit: int, now: datetime
) -> int:
    """Move the next recipients to the outbox, each once; returns how many were looked at.

    `message` is told a language. Who has blocked us, left the post or had themselves erased meanwhile is
    skipped; one for whom nothing can be written costs nobody else the announcement. Raises TookTooLong: a
    slow server is nobody's fault, and all is tried again.
    """
    waiting = [_Waiting(*row) for row in tx.execute(_WAITING, (broadcast_id, limit))]
    write = cache(message)

    def move(tx: Transaction, recipient: _Waiting) -> None:
        if why := _find_reason(recipient):
            tx.execute(_SKIP, (why, utc_text(now), recipient.id))
        else:
            _queue(tx, broadcast_id, recipient=recipient, message=write(recipient.language), now=now)

    for recipient, error in for_each(tx, waiting, work=move):
        if isinstance(error, TookTooLong):
            raise error
        tx.execute(_UNMADE, (Reason.UNMADE, utc_text(now), recipient.id))
    return len(waiting)


def _queue(
    tx: Transaction, broadcast_id: int, *, recipient: _Waiting, message: Message, now: datetime
) -> None:
    key = f"broadcast:{broadcast_id}:{recipient.id}"
    queued = outbox.insert(
        tx,
        channel=recipient.channel,
        address=recipient.address or "",
        message=message,
        now=now,
        terms=outbox.Terms(priority=outbox.BROADCAST, dedupe_key=key, repeatable=False),
    )
    tx.execute(_QUEUED, (queued or tx.execute(_KEYED, (key,)).fetchone()[0], recipient.id))


def _find_reason(recipient: _Waiting) -> str:
    """Why somebody is skipped; "" when they are written to."""
    if recipient.blocked:
        return Reason.BLOCKED
    if recipient.address is None:
        return "nobody"
    if recipient.has_left:
        return "left"
    if recipient.silent:
        return "silent"
    return "off" if recipient.is_off else ""


_OFF = is_off("o")
_SETTLE = f"""
UPDATE broadcast_recipients SET
    state = CASE WHEN o.state = 'dropped' THEN 'failed' WHEN o.state = 'waiting' THEN 'skipped'
                 WHEN o.state = 'sent' AND o.progress IN ('delivered', 'read') THEN o.progress
                 ELSE o.state END,
    message_ref = coalesce(broadcast_recipients.message_ref, o.message_ref),
    settled_at = coalesce(o.sent_at, ?),
    reason = CASE WHEN o.state = 'waiting' AND {_OFF} THEN 'off' ELSE o.reason END
FROM outbox o
WHERE broadcast_recipients.broadcast_id = ? AND broadcast_recipients.state = 'queued'
  AND o.id = broadcast_recipients.outbox_id
  AND (o.state IN ('sent', 'failed', 'unknown', 'dropped')
       OR (o.state = 'waiting' AND (o.reason = 'window' OR {_OFF})))
"""
_OPEN = "SELECT count(*) FROM broadcast_recipients WHERE broadcast_id = ? AND state = ?"


def settle(tx: Transaction, broadcast_id: int, *, now: datetime) -> int:
    """Copy the outcomes of the sends to the recipients in one statement; returns how many."""
    return tx.execute(_SETTLE, (utc_text(now), broadcast_id)).rowcount


def count(tx: Transaction, broadcast_id: int, *, state: str) -> int:
    return int(tx.execute(_OPEN, (broadcast_id, state)).fetchone()[0])


_SENT_AS = """
SELECT CASE WHEN o.state = 'sent' AND o.progress IN ('delivered', 'read') THEN o.progress
    ELSE o.state END, o.reason
FROM outbox o WHERE o.id = ? AND o.state IN ('sent', 'failed')
"""
# what a platform says later: a message that was taken may still fail, and one that failed may still arrive;
# a late or doubled report lowers nothing (F78)
_LATER = ("waiting", "queued", "skipped", "unknown", "sent", "failed", "delivered", "read")
_LATER_RANK = (
    "CASE {} " + " ".join(f"WHEN '{state}' THEN {rank}" for rank, state in enumerate(_LATER)) + " END"
)
_FOLLOW = f"""
UPDATE broadcast_recipients SET state = ?, reason = ?, settled_at = ? WHERE outbox_id = ?
  AND {_LATER_RANK.format("state")} < {_LATER_RANK.format("?")}
"""


def follow(tx: Transaction, outbox_id: int, *, now: datetime) -> bool:
    """Let a recipient rise with the message that was sent to them; tells whether there is one who rose
    (F78).
    """
    row = tx.execute(_SENT_AS, (outbox_id,)).fetchone()
    if row is None:
        return False
    state, reason = row
    return tx.execute(_FOLLOW, (state, reason, utc_text(now), outbox_id, state)).rowcount == 1


_URGENCY = """
SELECT b.urgent, b.urgent_reason <> '' FROM broadcast_recipients r JOIN broadcasts b ON b.id = r.broadcast_id
WHERE r.outbox_id = coalesce(
    (SELECT CAST(substr(o.dedupe_key, 6) AS INTEGER) FROM outbox o
     WHERE o.id = ? AND o.dedupe_key LIKE 'rung:%'), ?)
"""


def urgency(tx: Transaction, outbox_id: int) -> tuple[bool, bool]:
    """Tell whether the announcement of a message may leave at any hour, and above the limits of a person.

    A bell is as urgent as the message it rings for.
    """
    row = tx.execute(_URGENCY, (outbox_id, outbox_id)).fetchone()
    return (bool(row[0]), bool(row[1])) if row else (False, False)


_PUT_OFF = """
SELECT min(coalesce(o.not_before, '')) FROM broadcast_recipients r LEFT JOIN outbox o ON o.id = r.outbox_id
WHERE r.broadcast_id = ? AND r.state IN ('waiting', 'queued')
"""


def put_off_until(tx: Transaction, broadcast_id: int, *, now: datetime) -> datetime | None:
    """Return when the next of those still to come may leave, where all of them wait; else None."""
    earliest = tx.execute(_PUT_OFF, (broadcast_id,)).fetchone()[0]
    return utc_time(earliest) if earliest and earliest > utc_text(now) else None


_COMING = """
SELECT r.contact_id, coalesce(b.starts_at, '') FROM broadcast_recipients r
JOIN broadcasts b ON b.id = r.broadcast_id AND b.state IN ('held', 'running')
WHERE r.state = 'waiting' AND r.contact_id IN (SELECT value FROM json_each(?))
"""


def coming_days(
    tx: Transaction, *, contacts: Collection[int], zone: ZoneInfo, now: datetime
) -> dict[int, tuple[date, ...]]:
    """Load the local days on which confirmed announcements leave whose messages are not written yet, by
    person.
    """
    days: dict[int, tuple[date, ...]] = {}
    for contact, starts_at in tx.execute(_COMING, (json.dumps(list(contacts)),)):
        leaves = max(utc_time(starts_at), now) if starts_at else now
        days[contact] = (*days.get(contact, ()), leaves.astimezone(zone).date())
    return days


_IS_OPEN = """
SELECT EXISTS (SELECT 1 FROM broadcast_recipients WHERE broadcast_id = ? AND state = 'waiting')
    OR EXISTS (SELECT 1 FROM broadcast_recipients WHERE broadcast_id = ? AND state = 'queued')
"""


def is_open(tx: Transaction, broadcast_id: int) -> bool:
    """Tell whether anybody's send is still to come or under way."""
    return bool(tx.execute(_IS_OPEN, (broadcast_id, broadcast_id)).fetchone()[0])


# its old message keeps its fate under another key, so that the next one is a message of its own
_RENAME = """
UPDATE outbox SET dedupe_key = dedupe_key || ':unknown:' || id WHERE id IN (
    SELECT outbox_id FROM broadcast_recipients WHERE broadcast_id = ? AND state = 'unknown')
"""
_WAIT_AGAIN = """
UPDATE broadcast_recipients SET state = 'waiting', outbox_id = NULL, reason = NULL, settled_at = NULL
WHERE broadcast_id = ? AND state = 'unknown'
"""


def send_again(tx: Transaction, broadcast_id: int) -> int:
    """Let everybody whose message is of unknown fate wait for it once more; returns how many."""
    tx.execute(_RENAME, (broadcast_id,))
    return tx.execute(_WAIT_AGAIN, (broadcast_id,)).rowcount


_STOPPED = """
UPDATE broadcast_recipients SET state = 'skipped', reason = 'stopped', settled_at = ?
WHERE broadcast_id = ? AND (state = 'waiting' OR ((state IN ('queued', 'sent') OR reason = 'window')
    AND outbox_id IN (SELECT id FROM outbox WHERE id = outbox_id AND state = 'waiting')))
"""
# the row stays: its number is the tracker of statuses, and must not become another message's
_UNQUEUE = """
UPDATE outbox SET state = 'dropped', not_before = NULL, note = 'stopped' WHERE state = 'waiting' AND id IN (
    SELECT outbox_id FROM broadcast_recipients WHERE broadcast_id = ? AND state = 'skipped' AND reason = ?)
"""


def stop(tx: Transaction, broadcast_id: int, *, now: datetime) -> int:
    """Skip everybody whose message is not at the sender yet, or was put back after it failed; returns how
    many.
    """
    left_out = tx.execute(_STOPPED, (utc_text(now), broadcast_id)).rowcount
    tx.execute(_UNQUEUE, (broadcast_id, "stopped"))
    return left_out
