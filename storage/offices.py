"""The offices (perangkat daerah) of the regency: their names now and before, and how each stands in a
period.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.importing.rows import brought_to
from domain.people import Office
from domain.review import MEETS_DUTY, State
from storage import audit, scores
from storage.engine.transaction import Transaction
from storage.engine.utc import utc_text


@dataclass(frozen=True, slots=True)
class Names:
    """What an office is called, in full and in short."""

    name: str
    short: str


_ANY = "SELECT 1 FROM offices LIMIT 1"


def is_empty(tx: Transaction) -> bool:
    """Whether no office is known yet, not even a closed one."""
    return tx.execute(_ANY).fetchone() is None


_COLUMNS = "id, code, name, short, kind, aliases, state"

_INSERT = """
INSERT INTO offices (code, name, short, kind, aliases) VALUES (?, ?, ?, ?, ?) ON CONFLICT (code) DO NOTHING
"""
_CHANGE = "UPDATE offices SET name = ?, short = ?, kind = ?, aliases = ? WHERE id = ?"
_OF_CODE = f"SELECT {_COLUMNS} FROM offices WHERE code = ?"


def upsert(tx: Transaction, offices: Iterable[Office]) -> int:
    """Put in the offices whose codes are not there yet; what the desk has renamed stays. Returns how many
    are new.
    """
    return sum(
        tx.execute(
            _INSERT, (office.code, office.name, office.short, office.kind, _to_json(office.aliases))
        ).rowcount
        for office in offices
    )


def take_in(tx: Transaction, wanted: Office, *, by: int | None, now: datetime) -> str:
    """Bring an office to what an imported row says, old names staying; returns "new", "changed" or "same"."""
    row = tx.execute(_OF_CODE, (wanted.code,)).fetchone()
    if row is None:
        scores.note_every_period(tx, now)
        upsert(tx, (wanted,))
        change = {"before": None, "after": wanted.name}
        audit.record(tx, "office_added", now=now, actor=by, code=wanted.code, **change)
        return "new"
    known = _to_office(row)
    after = brought_to(known, wanted)
    if after == known:
        return "same"
    tx.execute(_CHANGE, (after.name, after.short, after.kind, _to_json(after.aliases), known.id))
    if wanted.name != known.name:
        _keep_name(tx, known, now=now)
    before, changed = [known.name, known.short, known.kind], [after.name, after.short, after.kind]
    audit.record(tx, "office_changed", now=now, actor=by, office=known.id, before=before, after=changed)
    return "changed"


def _join_names(*lists: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for names in lists for name in names))


def _to_json(names: Sequence[str]) -> str:
    return json.dumps(names, ensure_ascii=False)


_ACTIVE = f"SELECT {_COLUMNS} FROM offices WHERE state = 'active' ORDER BY id"
_EVERY = f"SELECT {_COLUMNS} FROM offices ORDER BY id"
_CLOSED = f"SELECT {_COLUMNS} FROM offices WHERE state = 'closed' ORDER BY name, id"


def active(tx: Transaction) -> list[Office]:
    """Load the offices that have a duty today."""
    return [_to_office(row) for row in tx.execute(_ACTIVE)]


def every(tx: Transaction) -> list[Office]:
    """Load all offices, closed ones too."""
    return [_to_office(row) for row in tx.execute(_EVERY)]


def closed(tx: Transaction) -> list[Office]:
    """Load the offices that are no more, by name."""
    return [_to_office(row) for row in tx.execute(_CLOSED)]


_ONE = f"SELECT {_COLUMNS} FROM offices WHERE id = ?"


def load(tx: Transaction, office_id: int) -> Office | None:
    """Load one office, closed ones too."""
    row = tx.execute(_ONE, (office_id,)).fetchone()
    return _to_office(row) if row else None


_BY_CODE = f"SELECT {_COLUMNS} FROM offices WHERE code = ? AND state = 'active'"


def by_code(tx: Transaction, code: str) -> Office | None:
    """Load the active office of this code."""
    row = tx.execute(_BY_CODE, (code,)).fetchone()
    return _to_office(row) if row else None


def _to_office(row: tuple[Any, ...]) -> Office:
    return Office(row[0], row[1], row[2], row[3], row[4], tuple(json.loads(row[5])), row[6] == "active")


_MERGED_INTO = "SELECT merged_into FROM offices WHERE id = ?"
_FORMER = "SELECT name FROM office_names WHERE office_id = ? ORDER BY until"


def merged_into(tx: Transaction, office_id: int) -> Office | None:
    """Find the office this one went into."""
    row = tx.execute(_MERGED_INTO, (office_id,)).fetchone()
    return load(tx, row[0]) if row and row[0] else None


def former_names(tx: Transaction, office_id: int) -> list[str]:
    """List what an office was called before, oldest first."""
    return [row[0] for row in tx.execute(_FORMER, (office_id,))]


_KEEP_NAME = "INSERT INTO office_names (office_id, name, until) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
_RENAME = "UPDATE offices SET name = ?, short = ?, aliases = ? WHERE id = ?"


def _keep_name(tx: Transaction, office: Office, *, now: datetime) -> None:
    tx.execute(_KEEP_NAME, (office.id, office.name, utc_text(now)))


def add(tx: Transaction, named: Names, *, kind: str, reason: str, by: int, now: datetime) -> Office:
    """Keep a new office under a code made from its short name."""
    base = re.sub(r"[^a-z0-9]+", "_", named.short.casefold()).strip("_") or "opd"
    code, number = base, 2
    while tx.execute(_OF_CODE, (code,)).fetchone():
        code, number = f"{base}_{number}", number + 1
    scores.note_every_period(tx, now)
    tx.execute(_INSERT, (code, named.name, named.short, kind, "[]"))
    office = _to_office(tx.execute(_OF_CODE, (code,)).fetchone())
    change = {"before": None, "after": named.name}
    audit.record(tx, "office_added", now=now, actor=by, office=office.id, reason=reason, **change)
    return office


def rename(tx: Transaction, office: Office, *, named: Names, reason: str, by: int, now: datetime) -> int:
    """Give an office another name; the old one stays searchable. Returns the number of the change."""
    _keep_name(tx, office, now=now)
    aliases = _join_names(office.aliases, (office.name, office.short))
    name, short = named.name, named.short
    tx.execute(_RENAME, (name, short, _to_json([a for a in aliases if a not in (name, short)]), office.id))
    before, after = [office.name, office.short], [name, short]
    return audit.record(
        tx, "office_renamed", now=now, actor=by, office=office.id, before=before, after=after, reason=reason
    )


def take_names(tx: Transaction, office: Office, *, into: Office, now: datetime) -> None:
    """Let an office answer to all the names of another that goes into it."""
    aliases = _join_names(into.aliases, (office.name, office.short), office.aliases)
    tx.execute(_RENAME, (into.name, into.short, _to_json([a for a in aliases if a != into.short]), into.id))
    for name in (*former_names(tx, office.id), office.name):
        tx.execute(_KEEP_NAME, (into.id, name, utc_text(now)))


_SET_STATE = "UPDATE offices SET state = ?, merged_into = ? WHERE id = ?"


def set_state(
    tx: Transaction, office_id: int, *, active: bool, now: datetime, into: int | None = None
) -> None:
    """Close an office, say into which it went, or bring it back; how every period stood before is kept."""
    scores.note_every_period(tx, now)
    tx.execute(_SET_STATE, ("active" if active else "closed", into, office_id))


@dataclass(frozen=True, slots=True)
class InnovationCounts:
    """Counts of an office's innovations in a period."""

    sent: int  # handed in and neither returned nor rejected
    drafts: int
    returned: int


_INNOVATION_COUNTS = f"""
SELECT office_id, {" + ".join(MEETS_DUTY)}, {State.DRAFT}, {State.RETURNED} FROM tallies WHERE period_id = ?
"""


def innovation_counts(tx: Transaction, period_id: int) -> Mapping[int, InnovationCounts]:
    """Load the counts by office id; an office without any innovation is missing."""
    return {row[0]: InnovationCounts(*row[1:]) for row in tx.execute(_INNOVATION_COUNTS, (period_id,))}
