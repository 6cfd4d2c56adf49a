"""Who confirmed reading an announcement, what they wrote back, and what the desk answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from storage.engine.transaction import Transaction
from storage.engine.utc import utc_text


@dataclass(frozen=True, slots=True)
class Origin:
    """Who answers an announcement, from where, and with which message."""

    contact: int
    channel: str
    address: str
    message_ref: str


# An announcement and what reminds of it are read together.
_FAMILY = "SELECT id FROM broadcasts WHERE id = ? OR follows = ?"
_READ = f"""
UPDATE broadcast_recipients SET state = 'read', reason = NULL, acked_at = coalesce(acked_at, ?)
WHERE contact_id = ? AND broadcast_id IN ({_FAMILY})
  AND (broadcast_id = ? OR state IN ('sent', 'delivered', 'unknown'))
"""
_MINE = """
SELECT acked_at FROM broadcast_recipients WHERE contact_id = ? AND broadcast_id = ? AND address = ?
    AND channel = ?
"""
_REF = """
UPDATE broadcast_recipients SET message_ref = coalesce(message_ref, ?)
WHERE contact_id = ? AND broadcast_id = ?
"""
# Whoever waits for a reminder need not be reminded any more: this person, and the colleagues of the same
# office.
_SPARED = f"""
UPDATE broadcast_recipients SET state = 'skipped', reason = 'acked', settled_at = ?
WHERE broadcast_id IN ({_FAMILY}) AND broadcast_id <> ?
  AND (contact_id = ? OR office_id = (SELECT office_id FROM broadcast_recipients WHERE contact_id = ?
                                      AND broadcast_id = ?))
  AND (state = 'waiting' OR (state = 'queued' AND EXISTS (
      SELECT 1 FROM outbox o WHERE o.id = outbox_id AND o.state = 'waiting')))
RETURNING outbox_id
"""
# the row stays: its number is the tracker of statuses, and must not become another message's
_UNQUEUE = """
UPDATE outbox SET state = 'dropped', not_before = NULL, note = 'read' WHERE id = ? AND state = 'waiting'
"""


def acknowledge(
    tx: Transaction,
    broadcast_id: int,
    *,
    first: int,
    origin: Origin,
    now: datetime,
) -> bool | None:
    """Record that somebody read it; True when this is new, None when it was never sent to them.

    A reminder that has not left for them or their office is taken back.
    """
    contact = origin.contact
    recipient = tx.execute(_MINE, (contact, broadcast_id, origin.address, origin.channel)).fetchone()
    if recipient is None:
        return None
    at = utc_text(now)
    tx.execute(_READ, (at, contact, first, first, broadcast_id))
    tx.execute(_REF, (origin.message_ref, contact, broadcast_id))
    spared = tx.execute(_SPARED, (at, first, first, broadcast_id, contact, contact, broadcast_id)).fetchall()
    tx.executemany(_UNQUEUE, [row for row in spared if row[0] is not None])
    return recipient[0] is None


_OFFICES = f"""
SELECT count(DISTINCT office_id), count(DISTINCT CASE WHEN acked_at IS NOT NULL THEN office_id END),
       count(DISTINCT contact_id), count(DISTINCT CASE WHEN acked_at IS NOT NULL THEN contact_id END)
FROM broadcast_recipients WHERE broadcast_id IN ({_FAMILY})
    AND state IN ('sent', 'delivered', 'read', 'unknown')
"""


@dataclass(frozen=True, slots=True)
class Readers:
    """How many offices and people an announcement was sent to, and how many said that they have read it."""

    offices: int
    offices_read: int
    people: int
    people_read: int


def readers(tx: Transaction, first: int) -> Readers:
    """Count who has read it, reminders included."""
    return Readers(*tx.execute(_OFFICES, (first, first)).fetchone())


# an office in which nobody has, else whoever has no office
_UNREAD = f"""
SELECT coalesce(o.name, '') AS office, CASE WHEN o.id IS NULL THEN c.name ELSE '' END AS person
FROM broadcast_recipients r LEFT JOIN offices o ON o.id = r.office_id
JOIN contacts c ON c.id = r.contact_id
WHERE r.broadcast_id IN ({_FAMILY}) AND r.state IN ('sent', 'delivered', 'read', 'unknown')
GROUP BY o.id, o.name, CASE WHEN o.id IS NULL THEN c.id END, CASE WHEN o.id IS NULL THEN c.name ELSE '' END
HAVING count(r.acked_at) = 0 ORDER BY o.name IS NULL, coalesce(o.name, ''), 2, coalesce(o.id, 0)
LIMIT ? OFFSET ?
"""


@dataclass(frozen=True, slots=True)
class Unread:
    """An office in which nobody confirmed reading, or a person who has no office and did not."""

    office: str  # "" of a person
    name: str  # "" of an office


def unread(tx: Transaction, first: int, *, limit: int, offset: int = 0) -> list[Unread]:
    """List the offices, then the people without one, it was sent to and who did not confirm reading it."""
    return [Unread(*row) for row in tx.execute(_UNREAD, (first, first, limit, offset))]


@dataclass(frozen=True, slots=True)
class Comment:
    """What somebody wrote back; `office` and `name` as the desk knows them."""

    id: int
    broadcast_id: int
    contact_id: int
    name: str
    office: str
    channel: str
    address: str
    message_ref: str
    text: str
    answer: str
    answered_by: str


_SENT_AS = """
SELECT r.broadcast_id, r.office_id FROM broadcast_recipients r
LEFT JOIN outbox o ON o.id = r.outbox_id
WHERE r.contact_id = ? AND r.channel = ? AND r.address = ? AND coalesce(r.message_ref, o.message_ref) = ?
ORDER BY r.broadcast_id DESC LIMIT 1
"""
_WRITE = """
INSERT INTO broadcast_replies (broadcast_id, contact_id, office_id, channel, address, message_ref, text, at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING id
"""


def sent_as(
    tx: Transaction, contact: int, *, channel: str, address: str, message_ref: str
) -> tuple[int, int] | None:
    """Return the announcement a message belongs to for this person: its id and the office (0 for none)."""
    row = tx.execute(_SENT_AS, (contact, channel, address, message_ref)).fetchone()
    return (row[0], row[1] or 0) if row else None


def write_back(
    tx: Transaction,
    broadcast_id: int,
    *,
    origin: Origin,
    office: int,
    text: str,
    now: datetime,
) -> int:
    """Keep what somebody wrote back; returns its number."""
    written_at = (origin.channel, origin.address, origin.message_ref)
    values = (broadcast_id, origin.contact, office or None, *written_at, text, utc_text(now))
    return int(tx.execute(_WRITE, values).fetchone()[0])


_COMMENT = """
SELECT l.id, l.broadcast_id, l.contact_id, c.name, coalesce(o.name, ''), l.channel, l.address, l.message_ref,
    l.text,
       coalesce(l.answer, ''), coalesce(d.name, '')
FROM broadcast_replies l JOIN contacts c ON c.id = l.contact_id LEFT JOIN offices o ON o.id = l.office_id
LEFT JOIN contacts d ON d.id = l.answered_by
"""
_ONE = f"{_COMMENT} WHERE l.id = ?"
_OF = f"{_COMMENT} WHERE l.broadcast_id = ? ORDER BY l.id DESC LIMIT ? OFFSET ?"
_ANSWER = """
UPDATE broadcast_replies SET answer = ?, answered_by = ?, answered_at = ? WHERE id = ? AND answer IS NULL
"""
_COUNT = "SELECT count(*) FROM broadcast_replies WHERE broadcast_id = ?"


def comment(tx: Transaction, comment_id: int) -> Comment | None:
    """Load what somebody wrote back."""
    row = tx.execute(_ONE, (comment_id,)).fetchone()
    return Comment(*row) if row else None


def comments(tx: Transaction, broadcast_id: int, *, limit: int, offset: int = 0) -> list[Comment]:
    """List what was written back to an announcement, the newest first."""
    return [Comment(*row) for row in tx.execute(_OF, (broadcast_id, limit, offset))]


def comment_count(tx: Transaction, broadcast_id: int) -> int:
    """Count what was written back."""
    return int(tx.execute(_COUNT, (broadcast_id,)).fetchone()[0])


def answer(tx: Transaction, comment_id: int, *, text: str, by: int, now: datetime) -> bool:
    """Keep the desk's answer; False when somebody was first."""
    return tx.execute(_ANSWER, (text, by, utc_text(now), comment_id)).rowcount == 1
