"""Who shall serve, as the desk's own list has it; a row is bound to the person who proves its number (F2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from domain.people import Role
from storage import audit, contacts
from storage.engine.transaction import Transaction
from storage.engine.utc import utc_text


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the list."""

    name: str
    phone: str  # E.164
    role: Role
    office_id: int | None
    id: int = 0

    @property
    def key(self) -> tuple[str, str, int]:
        """What stands in the list once, as `domain.importing.rows.Person.key`."""
        return self.phone, self.role.value, self.office_id or 0


_COLUMNS = "SELECT name, phone, role, office_id, id, contact_id FROM roster"
_SAME = f"{_COLUMNS} WHERE phone = ? AND role = ? AND coalesce(office_id, 0) = ?"
_INSERT = "INSERT INTO roster (name, phone, role, office_id, added_at) VALUES (?, ?, ?, ?, ?) RETURNING id"
_RENAME = "UPDATE roster SET name = ? WHERE id = ?"
_PROVED_BY = "SELECT id FROM contacts WHERE phone = ? ORDER BY id LIMIT 1"


def take_in(tx: Transaction, wanted: Entry, *, by: int | None, now: datetime) -> str:
    """Update the list by one row; returns "new", "changed" or "same".

    Somebody who has proved the number already gets the role at once.
    """
    row = tx.execute(_SAME, (wanted.phone, wanted.role.value, wanted.office_id or 0)).fetchone()
    if row is not None and row[0] == wanted.name:
        return "same"
    if row is not None:
        tx.execute(_RENAME, (wanted.name, row[4]))
        audit.record(tx, "roster_changed", now=now, actor=by, roster=row[4])
        return "changed"
    values = (wanted.name, wanted.phone, wanted.role.value, wanted.office_id, utc_text(now))
    number = int(tx.execute(_INSERT, values).fetchone()[0])
    post = {"role": wanted.role.value, "office": wanted.office_id}
    audit.record(tx, "roster_added", now=now, actor=by, roster=number, before=None, after=post)
    if known := tx.execute(_PROVED_BY, (wanted.phone,)).fetchone():
        bind(tx, known[0], phone=wanted.phone, now=now)
    return "new"


_WAITING = f"{_COLUMNS} WHERE phone = ? AND contact_id IS NULL ORDER BY id"
_OF_OFFICE = f"{_COLUMNS} WHERE office_id = ? AND contact_id IS NULL ORDER BY name, id"
_ANY = "SELECT EXISTS (SELECT 1 FROM roster WHERE contact_id IS NULL)"


def waiting(tx: Transaction, phone: str) -> list[Entry]:
    """List what the list has for a number and nobody has taken up."""
    return [_to_entry(row) for row in tx.execute(_WAITING, (phone,))]


def of_office(tx: Transaction, office_id: int) -> list[Entry]:
    """List who shall serve an office and has not started the bot."""
    return [_to_entry(row) for row in tx.execute(_OF_OFFICE, (office_id,))]


def every(tx: Transaction) -> list[Entry]:
    """List everybody, also those who have come in."""
    return [_to_entry(row) for row in tx.execute(_COLUMNS)]


def any_waiting(tx: Transaction) -> bool:
    """Tell whether anybody could come in by a number."""
    return bool(tx.execute(_ANY).fetchone()[0])


def _to_entry(row: tuple[str, str, str, int | None, int, int | None]) -> Entry:
    return Entry(row[0], row[1], Role(row[2]), row[3], row[4])


_BIND = "UPDATE roster SET contact_id = ?, bound_at = ? WHERE id = ? AND contact_id IS NULL"


def bind(tx: Transaction, contact_id: int, *, phone: str, now: datetime) -> list[Entry]:
    """Give the person who proved a number the roles the list has for it; returns what was taken up now."""
    taken = []
    for entry in waiting(tx, phone):
        if tx.execute(_BIND, (contact_id, utc_text(now), entry.id)).rowcount == 1:
            contacts.grant(tx, contact_id, role=entry.role, office_id=entry.office_id, now=now)
            audit.record(tx, "roster_bound", now=now, actor=contact_id, roster=entry.id)
            taken.append(entry)
    return taken


_DOUBLE = """
DELETE FROM roster WHERE office_id = ? AND EXISTS (
    SELECT 1 FROM roster r WHERE r.office_id = ? AND r.phone = roster.phone AND r.role = roster.role)
"""
_MOVE = "UPDATE roster SET office_id = ? WHERE office_id = ?"
_DROP = "DELETE FROM roster WHERE office_id = ? AND contact_id IS NULL"


def move(tx: Transaction, office_id: int, *, into: int) -> None:
    """Let the rows of an office follow it into another."""
    tx.execute(_DOUBLE, (office_id, into))
    tx.execute(_MOVE, (into, office_id))


def drop(tx: Transaction, office_id: int) -> None:
    """Take off the list who has not started the bot, when the office is closed."""
    tx.execute(_DROP, (office_id,))
