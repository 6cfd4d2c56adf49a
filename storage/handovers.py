"""Handing a post to another person: the record, and a line in every innovation's history (B18)."""

from __future__ import annotations

import json
from dataclasses import astuple, dataclass
from datetime import datetime

from storage import audit, history
from storage.engine.transaction import Transaction
from storage.engine.utc import utc_text

PIC = "#pic"  # the "question" under which history keeps whose work an innovation was and became


@dataclass(frozen=True, slots=True)
class NewHandover:
    """A handover to keep: to a person, or to whoever comes in by the invitation."""

    office_id: int
    from_contact: int
    to_contact: int | None
    invitation_id: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class Post:
    """Whose work at which office."""

    office_id: int
    contact: int


@dataclass(frozen=True, slots=True)
class Handover:
    """One handover."""

    id: int
    office_id: int
    from_contact: int
    from_name: str


_CREATE = """
INSERT INTO handovers (office_id, from_contact, to_contact, invitation_id, reason, created_by, created_at)
VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id
"""


def create(tx: Transaction, handover: NewHandover, *, by: int, now: datetime) -> int:
    """Keep a handover; returns its id. One to a person is complete at once."""
    values = (*astuple(handover), by, utc_text(now))
    number = int(tx.execute(_CREATE, values).fetchone()[0])
    audit.record(
        tx,
        "post_handed_over",
        now=now,
        actor=by,
        handover=number,
        office=handover.office_id,
        before=handover.from_contact,
        after=handover.to_contact,
        invitation=handover.invitation_id,
        reason=handover.reason,
    )
    if handover.to_contact is not None:
        post = Post(handover.office_id, handover.from_contact)
        _complete(tx, number, post=post, new=handover.to_contact, by=by, now=now)
    return number


_WAITING = """
SELECT h.id, h.office_id, h.from_contact, c.name FROM handovers h JOIN contacts c ON c.id = h.from_contact
WHERE h.invitation_id = ? AND h.completed_at IS NULL
"""


def taken_up(tx: Transaction, invitation_id: int, *, by: int, now: datetime) -> Handover | None:
    """Complete the handover that waits for this invitation; None when there is none."""
    row = tx.execute(_WAITING, (invitation_id,)).fetchone()
    if row is None:
        return None
    handover = Handover(*row)
    post = Post(handover.office_id, handover.from_contact)
    _complete(tx, handover.id, post=post, new=by, by=by, now=now)
    audit.record(
        tx, "post_taken_up", now=now, actor=by, handover=handover.id, before=handover.from_contact, after=by
    )
    return handover


_RENEW = "UPDATE handovers SET invitation_id = ? WHERE invitation_id = ? AND completed_at IS NULL"


def follow_invitation(tx: Transaction, old: int, *, new: int) -> None:
    """Let a waiting handover wait for the invitation that stands in for the old one."""
    tx.execute(_RENEW, (new, old))


_DONE = "UPDATE handovers SET to_contact = ?, completed_at = ? WHERE id = ?"
_PASS_ON = """
INSERT INTO snoozes (contact_id, period_id, office_id, until, at)
SELECT ?, period_id, office_id, until, at FROM snoozes WHERE contact_id = ? AND office_id = ?
ON CONFLICT DO NOTHING
"""
_LET_GO = "DELETE FROM snoozes WHERE contact_id = ? AND office_id = ?"
_INNOVATIONS = "SELECT id FROM innovations WHERE office_id = ? AND discarded_at IS NULL ORDER BY id"


def _complete(tx: Transaction, number: int, *, post: Post, new: int, by: int, now: datetime) -> None:
    office_id, old = post.office_id, post.contact
    at = utc_text(now)
    tx.execute(_DONE, (new, at, number))
    tx.execute(_PASS_ON, (new, old, office_id))  # what was put off comes back to whoever has the work now
    tx.execute(_LET_GO, (old, office_id))
    for (innovation,) in tx.execute(_INNOVATIONS, (office_id,)).fetchall():
        history.add(
            tx, innovation, by=by, now=now, change=history.Change(PIC, json.dumps(old), json.dumps(new))
        )
