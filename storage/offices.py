"""The offices (perangkat daerah) of the regency."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from domain.people import Office
from storage.database import Transaction

_COLUMNS = "id, code, name, short, kind, aliases"

_UPSERT = """
INSERT INTO offices (code, name, short, kind, aliases) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (code) DO UPDATE SET name = excluded.name, short = excluded.short, kind = excluded.kind,
    aliases = excluded.aliases
WHERE (offices.name, offices.short, offices.kind, offices.aliases)
   IS NOT (excluded.name, excluded.short, excluded.kind, excluded.aliases)
"""


def upsert(tx: Transaction, offices: Iterable[Office]) -> int:
    """Put offices in by their codes; returns how many rows are new or changed."""
    before = tx.total_changes
    for office in offices:
        aliases = json.dumps(office.aliases, ensure_ascii=False)
        tx.execute(_UPSERT, (office.code, office.name, office.short, office.kind, aliases))
    return tx.total_changes - before


_ACTIVE = f"SELECT {_COLUMNS} FROM offices WHERE state = 'active' ORDER BY id"


def active(tx: Transaction) -> list[Office]:
    """Load the offices that have a duty today."""
    return [_office(row) for row in tx.execute(_ACTIVE)]


_ONE = f"SELECT {_COLUMNS} FROM offices WHERE id = ?"


def load(tx: Transaction, office_id: int) -> Office | None:
    """Load one office."""
    row = tx.execute(_ONE, (office_id,)).fetchone()
    return _office(row) if row else None


_BY_CODE = f"SELECT {_COLUMNS} FROM offices WHERE code = ? AND state = 'active'"


def by_code(tx: Transaction, code: str) -> Office | None:
    """Load the active office of this code."""
    row = tx.execute(_BY_CODE, (code,)).fetchone()
    return _office(row) if row else None


def _office(row: tuple[Any, ...]) -> Office:
    return Office(row[0], row[1], row[2], row[3], row[4], tuple(json.loads(row[5])))
