"""Who of an office hears next when its focal point does not answer: second PIC, secretary, head."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.people import OfficePost
from domain.rules.reminder_rules import Readers
from storage import audit
from storage.engine.transaction import Transaction
from storage.engine.utc import utc_text, utc_time

# second PIC and secretary are one rung: whoever of them is named hears of it
READERS: Mapping[str, Readers] = {
    OfficePost.SECOND: "second",
    OfficePost.SECRETARY: "second",
    OfficePost.HEAD: "head",
}
_IS_ON = """
(r.contact_id = {member}.contact_id OR (r.phone <> '' AND r.phone = (
    SELECT c.phone FROM contacts c WHERE c.id = {member}.contact_id)))
"""
# Told as a rung is only who has come in and serves the office, or leads; a leader may be head of an office.
IN_OFFICE = """
(SELECT min(m.contact_id) FROM memberships m
   WHERE m.until IS NULL AND (m.office_id = r.office_id OR m.role = 'leader')
     AND m.contact_id = coalesce(
         r.contact_id, (SELECT min(c.id) FROM contacts c WHERE c.phone = r.phone AND r.phone <> '')))
"""

# Reminders go to the first rung alone: to the focal points (`m`) who are not named for a later one; where
# nobody else serves the office, the first rung has nobody on it and is skipped.
FIRST_RUNG = """
(NOT EXISTS (SELECT 1 FROM rungs r WHERE r.office_id = m.office_id AND {is_on})
 OR NOT EXISTS (SELECT 1 FROM memberships n WHERE n.office_id = m.office_id AND n.role = 'focal_point'
     AND n.until IS NULL
     AND NOT EXISTS (SELECT 1 FROM rungs r WHERE r.office_id = n.office_id AND {is_other})))
""".format(is_on=_IS_ON.format(member="m"), is_other=_IS_ON.format(member="n"))


@dataclass(frozen=True, slots=True)
class Rung:
    """One person of the ladder of an office."""

    office_id: int
    post: OfficePost
    name: str
    phone: str  # E.164; "" when not known
    contact_id: int | None  # None: not come in
    since: datetime

    @property
    def readers(self) -> Readers:
        """Whom of the readers of reminder rules this person is."""
        return READERS[self.post]


_RUNGS = f"""
SELECT r.office_id, r.post, r.name, r.phone, {IN_OFFICE}, r.added_at FROM rungs r
JOIN offices o ON o.id = r.office_id AND o.state = 'active'
"""
_EVERY = f"{_RUNGS} ORDER BY r.office_id, r.post DESC"  # second, secretary, head
_OF_OFFICE = f"{_RUNGS} WHERE r.office_id = ? ORDER BY r.post DESC"


def every(tx: Transaction) -> list[Rung]:
    """List everybody on the ladder of any office."""
    return [_to_rung(row) for row in tx.execute(_EVERY)]


def of_office(tx: Transaction, office_id: int) -> list[Rung]:
    """List who is on the ladder of an office."""
    return [_to_rung(row) for row in tx.execute(_OF_OFFICE, (office_id,))]


def _to_rung(row: tuple[Any, ...]) -> Rung:
    return Rung(row[0], OfficePost(row[1]), row[2], row[3], row[4], utc_time(row[5]))


_NAME = """
INSERT INTO rungs (office_id, post, name, phone, contact_id, invitation_id, added_by, added_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (office_id, post) DO UPDATE SET name = excluded.name, phone = excluded.phone,
    contact_id = excluded.contact_id, invitation_id = excluded.invitation_id, added_by = excluded.added_by,
    added_at = excluded.added_at
"""


def name_person(
    tx: Transaction,
    rung: Rung,
    *,
    by: int | None,
    now: datetime,
    reason: str = "",
    invitation_id: int | None = None,
) -> None:
    """Put a person on the ladder of an office, in the place of whoever held that post; `since` is not
    read.
    """
    before = _note_of(tx, rung.office_id, post=rung.post)
    tx.execute(
        _NAME,
        (
            rung.office_id,
            rung.post.value,
            rung.name,
            rung.phone,
            rung.contact_id,
            invitation_id,
            by,
            utc_text(now),
        ),
    )
    after = _note_of(tx, rung.office_id, post=rung.post)
    audit.record(tx, "rung_named", now=now, actor=by, before=before, after=after, reason=reason)


_HELD = "SELECT contact_id, invitation_id FROM rungs WHERE office_id = ? AND post = ?"


def _note_of(tx: Transaction, office_id: int, *, post: OfficePost) -> dict[str, str | int | None] | None:
    """Say by numbers who holds a post; None where nobody does."""
    row = tx.execute(_HELD, (office_id, post.value)).fetchone()
    if row is None:
        return None
    return {"office": office_id, "post": post.value, "contact": row[0], "invitation": row[1]}


_REMOVE = "DELETE FROM rungs WHERE office_id = ? AND post = ?"


def remove(tx: Transaction, office_id: int, *, post: OfficePost, by: int, now: datetime, reason: str) -> bool:
    """Take whoever holds a post off the ladder; False when nobody does."""
    before = _note_of(tx, office_id, post=post)
    if tx.execute(_REMOVE, (office_id, post.value)).rowcount != 1:
        return False
    audit.record(tx, "rung_removed", now=now, actor=by, before=before, after=None, reason=reason)
    return True


# whoever was named for the ladder of an office and invited for it is who comes in by the invitation
_BIND = "UPDATE rungs SET contact_id = ? WHERE invitation_id = ?"
_FOLLOW = "UPDATE rungs SET invitation_id = ? WHERE invitation_id = ?"


def bind(tx: Transaction, contact_id: int, *, invitation_id: int) -> None:
    """Note who came in by the invitation for the ladder of an office."""
    tx.execute(_BIND, (contact_id, invitation_id))


def follow(tx: Transaction, invitation_id: int, *, to: int) -> None:
    """Let whoever was invited for the ladder come in by another invitation."""
    tx.execute(_FOLLOW, (to, invitation_id))


_DOUBLE = "DELETE FROM rungs WHERE office_id = ? AND post IN (SELECT post FROM rungs WHERE office_id = ?)"
_MOVE = "UPDATE rungs SET office_id = ? WHERE office_id = ?"
_DROP = "DELETE FROM rungs WHERE office_id = ?"


def move(tx: Transaction, office_id: int, *, into: int) -> None:
    """Let the ladder of an office follow it into another, which keeps its own people."""
    tx.execute(_DOUBLE, (office_id, into))
    tx.execute(_MOVE, (into, office_id))


def drop(tx: Transaction, office_id: int) -> None:
    """Take everybody off the ladder, when the office is closed."""
    tx.execute(_DROP, (office_id,))
