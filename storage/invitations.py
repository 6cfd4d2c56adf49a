"""One-time codes that tie a chat to a role, and the enrolments they begin."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.people import Role
from storage import audit
from storage.engine.transaction import Transaction
from storage.engine.utc import utc_text, utc_time

WRONG_CODES_ALLOWED = 5  # per address and hour; a code has 96 bits, so this is about manners and noise
WRONG_CODES_WINDOW = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Invitation:
    """What a code opens."""

    id: int
    role: Role
    office_id: int | None
    expires_at: datetime
    used: bool


def hashed(code: str) -> str:
    """Hash a code; only this is kept."""
    return hashlib.sha256(code.encode()).hexdigest()


_CREATE = """
INSERT INTO invitations (code_hash, role, office_id, created_by, created_at, expires_at)
VALUES (?, ?, ?, ?, ?, ?) RETURNING id
"""


def create(
    tx: Transaction,
    code: str,
    *,
    role: Role,
    office_id: int | None,
    by: int | None,
    now: datetime,
    valid_for: timedelta,
) -> int:
    """Keep the hash of a new code; returns the invitation's id."""
    values = (hashed(code), role.value, office_id, by, utc_text(now), utc_text(now + valid_for))
    invitation_id = int(tx.execute(_CREATE, values).fetchone()[0])
    audit.record(tx, "invited", now=now, actor=by, invitation=invitation_id, role=role.value, office=office_id)
    return invitation_id


_COLUMNS = "id, role, office_id, expires_at, used_at"
_BY_CODE = f"SELECT {_COLUMNS} FROM invitations WHERE code_hash = ?"
_BY_ID = f"SELECT {_COLUMNS} FROM invitations WHERE id = ?"


def by_code(tx: Transaction, code: str) -> Invitation | None:
    """Find the invitation of a code."""
    return _invitation(tx.execute(_BY_CODE, (hashed(code),)).fetchone())


def by_id(tx: Transaction, invitation_id: int) -> Invitation | None:
    """Load one invitation."""
    return _invitation(tx.execute(_BY_ID, (invitation_id,)).fetchone())


def _invitation(row: tuple[int, str, int | None, str, str | None] | None) -> Invitation | None:
    if row is None:
        return None
    return Invitation(row[0], Role(row[1]), row[2], utc_time(row[3]), row[4] is not None)


@dataclass(frozen=True, slots=True)
class Issued:
    """An invitation as the desk sees it: open, used or run out."""

    id: int
    role: Role
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None
    used_by: str  # a name


_OF_OFFICE = """
SELECT i.id, i.role, i.created_at, i.expires_at, i.used_at, coalesce(c.name, '')
FROM invitations i LEFT JOIN contacts c ON c.id = i.used_by WHERE i.office_id = ? ORDER BY i.id DESC
"""


def of_office(tx: Transaction, office_id: int) -> list[Issued]:
    """List the invitations to an office, the newest first."""
    return [
        Issued(row[0], Role(row[1]), utc_time(row[2]), utc_time(row[3]), utc_time(row[4]) if row[4] else None, row[5])
        for row in tx.execute(_OF_OFFICE, (office_id,))
    ]


_RUN_OUT = "UPDATE invitations SET expires_at = ? WHERE id = ? AND used_at IS NULL AND expires_at > ?"


def renew(tx: Transaction, old: Invitation, code: str, *, by: int, now: datetime, valid_for: timedelta) -> int | None:
    """Put a new code in the place of one that was not used, which ends; None when somebody has used it meanwhile."""
    at = utc_text(now)
    if old.used or (tx.execute(_RUN_OUT, (at, old.id, at)).rowcount != 1 and old.expires_at > now):
        return None
    return create(tx, code, role=old.role, office_id=old.office_id, by=by, now=now, valid_for=valid_for)


_USE = "UPDATE invitations SET used_by = ?, used_at = ? WHERE id = ? AND used_at IS NULL"


def use(tx: Transaction, invitation_id: int, *, by: int, now: datetime) -> bool:
    """Use a code up; False when somebody already has."""
    return tx.execute(_USE, (by, utc_text(now), invitation_id)).rowcount == 1


_WRONG = "INSERT INTO wrong_codes (channel, address, at) VALUES (?, ?, ?)"
_WRONG_COUNT = "SELECT count(*) FROM wrong_codes WHERE channel = ? AND address = ? AND at > ?"


def note_wrong(tx: Transaction, channel: str, address: str, *, now: datetime) -> None:
    """Count a code that opened nothing."""
    tx.execute(_WRONG, (channel, address, utc_text(now)))
    audit.record(tx, "wrong_code", now=now, channel=channel)


def too_many_wrong(tx: Transaction, channel: str, address: str, *, now: datetime) -> bool:
    """Tell whether this address has to wait before another code is looked at."""
    since = utc_text(now - WRONG_CODES_WINDOW)
    return int(tx.execute(_WRONG_COUNT, (channel, address, since)).fetchone()[0]) >= WRONG_CODES_ALLOWED


_BEGIN = """
INSERT INTO enrolments (channel, address, invitation_id, roster_phone, language, started_at) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (channel, address) DO UPDATE SET invitation_id = excluded.invitation_id,
    roster_phone = excluded.roster_phone, started_at = excluded.started_at
"""
_ENROLMENT = "SELECT invitation_id, roster_phone, language FROM enrolments WHERE channel = ? AND address = ?"
_END = "DELETE FROM enrolments WHERE channel = ? AND address = ?"
_FORGET = """
UPDATE inbox SET raw = '{}' WHERE channel = ? AND address = ? AND state IN ('handled', 'given_up')
"""


@dataclass(frozen=True, slots=True)
class Enrolment:
    """Somebody at the door: by an invitation, or by a number the roster has."""

    invitation_id: int | None
    roster_phone: str | None
    language: str


def begin_enrolment(
    tx: Transaction,
    channel: str,
    address: str,
    *,
    language: str,
    now: datetime,
    invitation_id: int | None = None,
    roster_phone: str | None = None,
) -> None:
    """Remember that a right code or number was given and the privacy notice is open."""
    tx.execute(_BEGIN, (channel, address, invitation_id, roster_phone, language, utc_text(now)))


def enrolment(tx: Transaction, channel: str, address: str) -> Enrolment | None:
    """Load an enrolment that waits for its answer."""
    row = tx.execute(_ENROLMENT, (channel, address)).fetchone()
    return Enrolment(*row) if row else None


def set_enrolment_language(tx: Transaction, channel: str, address: str, language: str) -> None:
    """Keep the language chosen before consent."""
    tx.execute("UPDATE enrolments SET language = ? WHERE channel = ? AND address = ?", (language, channel, address))


def end_enrolment(tx: Transaction, channel: str, address: str, *, forget: bool = False) -> None:
    """Close the enrolment; with `forget` also what the person had sent, for they declined."""
    tx.execute(_END, (channel, address))
    if forget:
        tx.execute(_FORGET, (channel, address))


def sweep_wrong(tx: Transaction, *, now: datetime) -> int:
    """Forget wrong codes that no longer count; returns how many."""
    since = utc_text(now - WRONG_CODES_WINDOW)
    return tx.execute("DELETE FROM wrong_codes WHERE at <= ?", (since,)).rowcount
