"""One-time codes that tie a chat to a role, and the enrolments they begin."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from domain.people import Role
from domain.reading.invitation_codes import plain_code
from storage import audit, rungs
from storage.engine.transaction import Transaction
from storage.engine.utc import utc_text, utc_time
from storage.sweeping import PORTION, Swept, swept_by_condition

# Wrong codes of one address in an hour and in a day; what they leave a guesser says
# domain/reading/invitation_codes.py.
WRONG_CODES_AN_HOUR, WRONG_CODES_A_DAY = 5, 20
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
Wait = Literal["", "hour", "day"]


@dataclass(frozen=True, slots=True)
class Invitation:
    """The invitation a code belongs to."""

    id: int
    role: Role
    office_id: int | None
    expires_at: datetime
    used: bool
    created_by: int | None  # None: the command line
    ended: bool  # the desk has revoked it, or whoever made it has left the desk since

    def is_open(self, now: datetime) -> bool:
        """Whether the code still opens something."""
        return not self.used and not self.ended and self.expires_at > now


def hashed(code: str) -> str:
    """Hash a code, however it is written; only this is kept."""
    return _digest(plain_code(code))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


_CREATE = """
INSERT INTO invitations (code_hash, role, office_id, created_by, created_at, expires_at)
VALUES (?, ?, ?, ?, ?, ?) RETURNING id
"""


@dataclass(frozen=True, slots=True)
class NewInvitation:
    """What a new code opens, and for how long."""

    role: Role
    office_id: int | None
    valid_for: timedelta


def create(tx: Transaction, code: str, *, new: NewInvitation, by: int | None, now: datetime) -> int:
    """Keep the hash of a new code; returns the invitation's id."""
    role, office_id = new.role, new.office_id
    values = (hashed(code), role.value, office_id, by, utc_text(now), utc_text(now + new.valid_for))
    invitation_id = int(tx.execute(_CREATE, values).fetchone()[0])
    audit.record(
        tx, "invited", now=now, actor=by, invitation=invitation_id, role=role.value, office=office_id,
        before=None, after="unused",
    )  # fmt: skip
    return invitation_id


# An invitation ends with the person who made it: who leaves the desk and comes back begins anew, hence
# `since`.
ENDED = """
(i.revoked_at IS NOT NULL OR (i.created_by IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM memberships m WHERE m.contact_id = i.created_by AND m.role = 'admin' AND m.until IS NULL
    AND m.since <= i.created_at)))
"""
_COLUMNS = (
    f"SELECT i.id, i.role, i.office_id, i.expires_at, i.used_at, i.created_by, {ENDED} FROM invitations i"
)
# codes made before any case was taken are kept by the hash of how they were written
_BY_CODE = f"{_COLUMNS} WHERE i.code_hash IN (?, ?) ORDER BY i.id DESC LIMIT 1"
_BY_ID = f"{_COLUMNS} WHERE i.id = ?"


def by_code(tx: Transaction, code: str) -> Invitation | None:
    """Find the invitation of a code, in capitals or not."""
    return _to_invitation(tx.execute(_BY_CODE, (hashed(code), _digest(code))).fetchone())


def by_id(tx: Transaction, invitation_id: int) -> Invitation | None:
    return _to_invitation(tx.execute(_BY_ID, (invitation_id,)).fetchone())


def _to_invitation(
    row: tuple[int, str, int | None, str, str | None, int | None, int] | None,
) -> Invitation | None:
    if row is None:
        return None
    return Invitation(
        row[0], Role(row[1]), row[2], utc_time(row[3]), row[4] is not None, row[5], bool(row[6])
    )


@dataclass(frozen=True, slots=True)
class Issued:
    """An invitation as the desk sees it: open, used or run out."""

    id: int
    role: Role
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None
    used_by: str  # a name
    ended: bool = False
    office_id: int | None = None
    made_by: str = ""  # a name; "" for the command line

    def is_open(self, now: datetime) -> bool:
        """Whether the code still opens something."""
        return self.used_at is None and not self.ended and self.expires_at > now


_ISSUED = f"""
SELECT i.id, i.role, i.created_at, i.expires_at, i.used_at, coalesce(c.name, ''), {ENDED}, i.office_id,
       coalesce(maker.name, '')
FROM invitations i LEFT JOIN contacts c ON c.id = i.used_by
LEFT JOIN contacts maker ON maker.id = i.created_by
"""
_OF_OFFICE = f"{_ISSUED} WHERE i.office_id = ? ORDER BY i.id DESC"
_OPEN = f"{_ISSUED} WHERE i.used_at IS NULL AND i.expires_at > ? AND NOT {ENDED} ORDER BY i.id DESC"


def of_office(tx: Transaction, office_id: int) -> list[Issued]:
    """List the invitations to an office, the newest first."""
    return [_to_issued(row) for row in tx.execute(_OF_OFFICE, (office_id,))]


def every_open(tx: Transaction, *, now: datetime) -> list[Issued]:
    """List the invitations of every role whose codes still open something, the newest first."""
    return [_to_issued(row) for row in tx.execute(_OPEN, (utc_text(now),))]


def _to_issued(row: Sequence[Any]) -> Issued:
    number, role, created, expires, used, used_by, ended, office_id, made_by = row
    used_at = utc_time(used) if used else None
    return Issued(
        number,
        Role(role),
        utc_time(created),
        utc_time(expires),
        used_at,
        used_by,
        bool(ended),
        office_id,
        made_by,
    )


_REVOKE = "UPDATE invitations SET revoked_at = ? WHERE id = ? AND used_at IS NULL AND revoked_at IS NULL"


def revoke(tx: Transaction, invitation_id: int, *, by: int | None, now: datetime) -> bool:
    """Take an invitation back; False when it was used, taken back before, or never there."""
    if tx.execute(_REVOKE, (utc_text(now), invitation_id)).rowcount != 1:
        return False
    states = {"before": "unused", "after": "revoked"}
    audit.record(tx, "invitation_revoked", now=now, actor=by, invitation=invitation_id, **states)
    return True


_RUN_OUT = "UPDATE invitations SET expires_at = ? WHERE id = ? AND used_at IS NULL AND expires_at > ?"


def renew(
    tx: Transaction, old: Invitation, *, code: str, by: int, now: datetime, valid_for: timedelta
) -> int | None:
    """Put a new code in the place of one that was not used, which ends; None when somebody has used it
    meanwhile.
    """
    at = utc_text(now)
    if old.used or (tx.execute(_RUN_OUT, (at, old.id, at)).rowcount != 1 and old.expires_at > now):
        return None
    same = NewInvitation(old.role, old.office_id, valid_for)
    number = create(tx, code, new=same, by=by, now=now)
    rungs.follow(tx, old.id, to=number)
    return number


_USE = "UPDATE invitations SET used_by = ?, used_at = ? WHERE id = ? AND used_at IS NULL"


def use(tx: Transaction, invitation: Invitation, *, by: int, now: datetime) -> bool:
    """Use a code up; False when it was used before. Opening one's own code is noted."""
    if tx.execute(_USE, (by, utc_text(now), invitation.id)).rowcount != 1:
        return False
    rungs.bind(tx, by, invitation_id=invitation.id)
    if invitation.created_by == by:
        detail = {"invitation": invitation.id, "role": invitation.role.value, "office": invitation.office_id}
        audit.record(tx, "self_invited", now=now, actor=by, **detail)
    return True


_WRONG = "INSERT INTO wrong_codes (channel, address, at) VALUES (?, ?, ?)"
_WRONG_COUNT = """
SELECT count(*) FILTER (WHERE at > ?), count(*) FROM wrong_codes WHERE channel = ? AND address = ? AND at > ?
"""


def note_wrong(tx: Transaction, channel: str, *, address: str, now: datetime) -> None:
    """Count a code that opened nothing, and note for ever that one was tried."""
    count_wrong(tx, channel, address=address, now=now)
    audit.record(tx, "wrong_code", now=now, channel=channel)


def count_wrong(tx: Transaction, channel: str, *, address: str, now: datetime) -> None:
    """Count a code that opened nothing: one try less for this address."""
    tx.execute(_WRONG, (channel, address, utc_text(now)))


def tries_left(tx: Transaction, channel: str, *, address: str, now: datetime) -> int:
    """Count how many wrong codes this address may still send before it has to wait."""
    of_hour, of_day = _count_wrong_ones(tx, channel, address=address, now=now)
    return max(0, min(WRONG_CODES_AN_HOUR - of_hour, WRONG_CODES_A_DAY - of_day))


def wait_after_wrong(tx: Transaction, channel: str, *, address: str, now: datetime) -> Wait:
    """Tell how long this address has to wait before another code is looked at; "" where it has not."""
    of_hour, of_day = _count_wrong_ones(tx, channel, address=address, now=now)
    if of_day >= WRONG_CODES_A_DAY:
        return "day"
    return "hour" if of_hour >= WRONG_CODES_AN_HOUR else ""


def _count_wrong_ones(tx: Transaction, channel: str, *, address: str, now: datetime) -> tuple[int, int]:
    since = (utc_text(now - HOUR), channel, address, utc_text(now - DAY))
    of_hour, of_day = tx.execute(_WRONG_COUNT, since).fetchone()
    return int(of_hour), int(of_day)


_BEGIN = """
INSERT INTO enrolments (channel, address, invitation_id, roster_phone, language, started_at)
VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (channel, address) DO UPDATE SET invitation_id = excluded.invitation_id,
    roster_phone = excluded.roster_phone, started_at = excluded.started_at
"""
_ENROLMENT = "SELECT language, invitation_id, roster_phone FROM enrolments WHERE channel = ? AND address = ?"
_END = "DELETE FROM enrolments WHERE channel = ? AND address = ?"


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A person who is registering, by an invitation or by a number of the roster."""

    language: str
    invitation_id: int | None = None
    roster_phone: str | None = None


def begin_enrolment(
    tx: Transaction, channel: str, *, address: str, enrolment: Enrolment, now: datetime
) -> None:
    """Start an enrolment after a right code or number; the privacy notice is shown next."""
    opened_by = (enrolment.invitation_id, enrolment.roster_phone)
    tx.execute(_BEGIN, (channel, address, *opened_by, enrolment.language, utc_text(now)))


def enrolment(tx: Transaction, channel: str, *, address: str) -> Enrolment | None:
    """Load an enrolment that waits for its answer."""
    row = tx.execute(_ENROLMENT, (channel, address)).fetchone()
    return Enrolment(*row) if row else None


def set_enrolment_language(tx: Transaction, channel: str, *, address: str, language: str) -> None:
    """Keep the language chosen before consent."""
    tx.execute(
        "UPDATE enrolments SET language = ? WHERE channel = ? AND address = ?", (language, channel, address)
    )


def end_enrolment(tx: Transaction, channel: str, *, address: str) -> None:
    tx.execute(_END, (channel, address))


_SWEEP_WRONG = """
DELETE FROM wrong_codes WHERE rowid IN (SELECT rowid FROM wrong_codes WHERE at <= ? ORDER BY at LIMIT ?)
"""


def sweep_wrong(tx: Transaction, *, now: datetime) -> Swept:
    """Forget the next wrong codes that no longer count."""
    since = utc_text(now - DAY)
    return swept_by_condition(tx.execute(_SWEEP_WRONG, (since, PORTION)).rowcount)
