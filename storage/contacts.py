"""People: their addresses, roles and offices."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.kept_json import read_json
from domain.people import Contact, Role, may_add
from storage import audit, opt_ins
from storage.addresses import THE_ONE, WRITABLE, contact_at, of_contact
from storage.audit import NOBODY, Actor
from storage.dialogues import PLACE, Dialogue
from storage.engine.transaction import Transaction
from storage.engine.utc import utc_text

_BY_ADDRESS = f"""
SELECT c.id, c.name, c.language, c.phone, m.role, m.office_id, a.blocked_at, d.name, d.state, {PLACE},
    EXISTS (SELECT 1 FROM addresses o WHERE o.contact_id = a.contact_id
            AND (o.channel, o.address) <> (a.channel, a.address))
FROM addresses a JOIN contacts c ON c.id = a.contact_id
LEFT JOIN memberships m ON m.contact_id = c.id AND m.until IS NULL
LEFT JOIN dialogues d ON d.contact_id = c.id
WHERE a.channel = ? AND a.address = ?
ORDER BY m.since, m.role, coalesce(m.office_id, 0)
"""
_UNBLOCK = "UPDATE addresses SET blocked_at = NULL WHERE channel = ? AND address = ?"


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who writes from an address, and what every turn asks of them."""

    contact: Contact
    dialogue: Dialogue | None  # what they have open
    has_others: bool  # whether they have other addresses too


def speaker(tx: Transaction, channel: str, *, address: str) -> Speaker | None:
    """Load who writes from here; somebody who writes again is reachable again."""
    rows = tx.execute(_BY_ADDRESS, (channel, address)).fetchall()
    if not rows:
        return None
    blocked_at, name, state, place, has_others = rows[0][6:]
    if blocked_at is not None:
        tx.execute(_UNBLOCK, (channel, address))
    open_now = Dialogue(name, read_json(state), place or "") if name else None
    return Speaker(_to_contact(rows), open_now, bool(has_others))


def by_address(tx: Transaction, channel: str, *, address: str) -> Contact | None:
    """Load the person who writes from here, as `speaker` does."""
    known = speaker(tx, channel, address=address)
    return known.contact if known else None


_BY_NAME = {role.value: role for role in Role}


def _to_contact(rows: list[tuple[Any, ...]]) -> Contact:
    contact_id, name, language, phone = rows[0][:4]
    roles = frozenset([_BY_NAME[row[4]] for row in rows if row[4]])
    offices = tuple([row[5] for row in rows if row[5] is not None])
    return Contact(contact_id, name, language, roles, offices, phone or "")


_BY_ID = """
SELECT c.id, c.name, c.language, c.phone, m.role, m.office_id FROM contacts c
LEFT JOIN memberships m ON m.contact_id = c.id AND m.until IS NULL WHERE c.id = ?
ORDER BY m.since, m.role, coalesce(m.office_id, 0)
"""


def load(tx: Transaction, contact_id: int) -> Contact:
    """Load somebody we know."""
    return _to_contact(tx.execute(_BY_ID, (contact_id,)).fetchall())


_CREATE = """
INSERT INTO contacts (name, language, consent_version, consent_at, created_at) VALUES (?, ?, ?, ?, ?)
RETURNING id
"""
_ADDRESS = "INSERT INTO addresses (channel, address, contact_id) VALUES (?, ?, ?)"


@dataclass(frozen=True, slots=True)
class NewContact:
    """A person who agreed to the privacy notice."""

    channel: str
    address: str
    name: str
    language: str
    consent_version: str  # of the notice
    phone: str = ""


def create(tx: Transaction, new: NewContact, *, now: datetime) -> int:
    """Insert a person; returns the contact's id."""
    at = utc_text(now)
    values = (new.name, new.language, new.consent_version, at, at)
    contact_id = int(tx.execute(_CREATE, values).fetchone()[0])
    tx.execute(_ADDRESS, (new.channel, new.address, contact_id))
    agreed = opt_ins.OptIn(wants=True, channel=new.channel, how="notice", version=new.consent_version)
    opt_ins.record(tx, contact_id, agreed, now=now)
    if new.phone:
        set_phone(tx, contact_id, phone=new.phone)
    return contact_id


_ROLES = "SELECT DISTINCT role FROM memberships WHERE contact_id = ? AND until IS NULL"
_GRANT = (
    "INSERT INTO memberships (contact_id, role, office_id, since) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"
)


def grant(
    tx: Transaction,
    contact_id: int,
    *,
    role: Role,
    office_id: int | None,
    now: datetime,
    actor: Actor = NOBODY,
) -> bool:
    """Give a role; the same role for the same office twice is one.

    What may not be held together (`domain/people.py: MAY_HOLD_BOTH`) is refused and audited: so the roles of
    a list are, too. Returns whether the person holds the role now.
    """
    roles = frozenset(Role(row[0]) for row in tx.execute(_ROLES, (contact_id,)))
    post = {"contact": contact_id, "role": role.value, "office": office_id}
    if not may_add(roles, role):
        audit.record(tx, "refused_role", now=now, actor=actor.contact, **post)
        return False
    if tx.execute(_GRANT, (contact_id, role.value, office_id, utc_text(now))).rowcount:
        why = {"reason": actor.reason} if actor.reason else {}
        audit.record(tx, "role_granted", now=now, actor=actor.contact, before=None, after=post, **why)
    return True


_SET_PHONE = "UPDATE contacts SET phone = ? WHERE id = ?"


def set_phone(tx: Transaction, contact_id: int, *, phone: str) -> None:
    """Keep the number the platform proved, E.164 with its plus."""
    tx.execute(_SET_PHONE, (phone, contact_id))


_KNOWN = "SELECT DISTINCT c.id, c.name FROM contacts c JOIN addresses a ON a.contact_id = c.id ORDER BY c.id"


def known(tx: Transaction) -> dict[int, str]:
    """List everybody who has an address: names by number."""
    return dict(tx.execute(_KNOWN).fetchall())


_OF_PHONE = "SELECT id FROM contacts WHERE phone = ? AND id <> ? ORDER BY id LIMIT 1"


def of_phone(tx: Transaction, phone: str, *, but: int = 0) -> int | None:
    """Find who else has proved this number; None when nobody has."""
    row = tx.execute(_OF_PHONE, (phone, but)).fetchone()
    return int(row[0]) if row else None


_WANTS_CLAUSE = "SELECT live_clause FROM contacts WHERE id = ?"
_SET_CLAUSE = "UPDATE contacts SET live_clause = ? WHERE id = ?"


def wants_live_clause(tx: Transaction, contact_id: int) -> bool:
    """Whether a person hears after each indicator what it does to the index."""
    return bool(tx.execute(_WANTS_CLAUSE, (contact_id,)).fetchone()[0])


def set_live_clause(tx: Transaction, contact_id: int, *, wanted: bool) -> None:
    """Keep whether a person hears what an indicator does to the index."""
    tx.execute(_SET_CLAUSE, (int(wanted), contact_id))


_SET_LANGUAGE = "UPDATE contacts SET language = ? WHERE id = ?"


def set_language(tx: Transaction, contact_id: int, *, language: str) -> None:
    """Keep the language a person chose."""
    tx.execute(_SET_LANGUAGE, (language, contact_id))


_CONSENT = "SELECT consent_version, consent_at, created_at FROM contacts WHERE id = ?"


def consent(tx: Transaction, contact_id: int) -> tuple[str, str, str]:
    """Load which notice was agreed to, when, and since when we know the person (UTC text)."""
    row: tuple[str, str, str] = tx.execute(_CONSENT, (contact_id,)).fetchone()
    return row


_REACHABLE_OF_ROLE = f"""
SELECT DISTINCT a.channel, a.address, c.language FROM memberships m
JOIN contacts c ON c.id = m.contact_id JOIN addresses a ON a.contact_id = c.id
WHERE m.role = ? AND m.until IS NULL AND {WRITABLE} AND {THE_ONE}
ORDER BY a.channel, a.address
"""


def reachable(tx: Transaction, role: Role, *, avoiding: Collection[str] = ()) -> list[tuple[str, str, str]]:
    """List channel, address and language of everybody of a role who can be written to, each once.

    Whoever would be written to on a channel in `avoiding` is listed with another address, if there is one.
    """
    listed = tx.execute(_REACHABLE_OF_ROLE, (role.value,)).fetchall()
    return [row if row[0] not in avoiding else _find_elsewhere(tx, row, avoiding) for row in listed]


def _find_elsewhere(
    tx: Transaction, listed: tuple[str, str, str], avoiding: Collection[str]
) -> tuple[str, str, str]:
    channel, address, language = listed
    contact = contact_at(tx, channel, address=address)
    others = of_contact(tx, contact) if contact is not None else []
    free = (other for other in others if other.is_writable and other.channel not in avoiding)
    return next(((other.channel, other.address, language) for other in free), listed)


@dataclass(frozen=True, slots=True)
class Reachable:
    """Where one person can be written to; `office_id` is None for who serves none."""

    contact_id: int
    channel: str
    address: str
    language: str
    office_id: int | None


_REACHABLE_POSTS = f"""
SELECT m.contact_id, a.channel, a.address, c.language, m.office_id FROM memberships m
JOIN contacts c ON c.id = m.contact_id JOIN addresses a ON a.contact_id = c.id
WHERE m.until IS NULL AND {WRITABLE} AND m.role = ? AND {THE_ONE}
ORDER BY m.contact_id, coalesce(m.office_id, 0)
"""


def posts(tx: Transaction, role: Role) -> list[Reachable]:
    """List every post of a role whose holder can be written to, with the one address of each person."""
    return [Reachable(*row) for row in tx.execute(_REACHABLE_POSTS, (role.value,))]


_REACH = f"""
SELECT a.channel, a.address, c.language FROM addresses a JOIN contacts c ON c.id = a.contact_id
WHERE c.id = ? AND {WRITABLE} AND {THE_ONE}
"""


def reach(tx: Transaction, contact_id: int) -> tuple[str, str, str] | None:
    """Return where a person can be written to: channel, address, language; None when nowhere."""
    row: tuple[str, str, str] | None = tx.execute(_REACH, (contact_id,)).fetchone()
    return row


_NAME = "SELECT name FROM contacts WHERE id = ?"


def name_of(tx: Transaction, contact_id: int) -> str:
    """Load a person's name."""
    return str(tx.execute(_NAME, (contact_id,)).fetchone()[0])


_LANGUAGE = "SELECT language FROM contacts WHERE id = ?"


def language_of(tx: Transaction, contact_id: int) -> str:
    """Load the language a person chose."""
    return str(tx.execute(_LANGUAGE, (contact_id,)).fetchone()[0])


_LANGUAGE_AT = """
SELECT c.language FROM addresses a JOIN contacts c ON c.id = a.contact_id
WHERE a.channel = ? AND a.address = ?
"""


def language_at(tx: Transaction, channel: str, *, address: str) -> str:
    """Load the language spoken at an address; "" where nobody is known."""
    row = tx.execute(_LANGUAGE_AT, (channel, address)).fetchone()
    return str(row[0]) if row else ""


_UNDELIVERED = """
UPDATE addresses SET undelivered = undelivered + 1 WHERE channel = ? AND address = ? RETURNING undelivered
"""
_DELIVERED = "UPDATE addresses SET undelivered = 0 WHERE channel = ? AND address = ? AND undelivered > 0"
UNDELIVERED_MOST = 2  # messages the platform could not bring to a number, before it is taken for unreachable


def undelivered(tx: Transaction, channel: str, *, address: str, now: datetime) -> None:
    """Count a message that could not be brought to a number; the second one in a row blocks the address."""
    row = tx.execute(_UNDELIVERED, (channel, address)).fetchone()
    if row and row[0] >= UNDELIVERED_MOST:
        block(tx, channel, address=address, now=now)


def delivered(tx: Transaction, channel: str, *, address: str) -> None:
    """Note that a message arrived: what failed before does not count any more."""
    tx.execute(_DELIVERED, (channel, address))


_BLOCK = "UPDATE addresses SET blocked_at = ? WHERE channel = ? AND address = ? AND blocked_at IS NULL"


def block(tx: Transaction, channel: str, *, address: str, now: datetime) -> None:
    """Note that this address can no longer be written to."""
    tx.execute(_BLOCK, (utc_text(now), channel, address))


_REACHABLE = (
    "SELECT channel, address FROM addresses WHERE blocked_at IS NULL AND channel = ? ORDER BY contact_id"
)


def everybody(tx: Transaction, channel: str) -> list[tuple[str, Contact]]:
    """List everybody who can be written to on a channel, with the address there."""
    known = []
    for _, address in tx.execute(_REACHABLE, (channel,)).fetchall():
        rows = tx.execute(_BY_ADDRESS, (channel, address)).fetchall()
        known.append((address, _to_contact(rows)))
    return known
