"""The exports people asked for: what is to be made, the progress, where the file is."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from storage import audit
from storage.engine.transaction import Transaction
from storage.engine.utc import utc_text

KEPT = timedelta(hours=24)  # a finished file
TRIES = 3  # of one export; then the person is told


@dataclass(frozen=True, slots=True)
class Job:
    """One export that was asked for."""

    id: int
    contact_id: int
    channel: str
    address: str
    language: str
    kind: str
    args: Mapping[str, Any]
    progress: str  # the message that shows how far it is; "" when there is none
    attempts: int


_ASK = """
INSERT INTO exports (contact_id, channel, address, language, kind, args, progress, created_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING id
"""
_SAME = """
SELECT id FROM exports WHERE contact_id = ? AND kind = ? AND args = ? AND state IN ('waiting', 'running')
"""


def ask(
    tx: Transaction,
    *,
    by: int,
    channel: str,
    address: str,
    language: str,
    kind: str,
    args: Mapping[str, Any],
    progress: str,
    now: datetime,
) -> int | None:
    """Ask for an export; None when the same one is being made for this person already."""
    raw = json.dumps(args, sort_keys=True)
    if tx.execute(_SAME, (by, kind, raw)).fetchone() is not None:
        return None
    values = (by, channel, address, language, kind, raw, progress, utc_text(now))
    number = int(tx.execute(_ASK, values).fetchone()[0])
    audit.record(tx, "export_asked", now=now, actor=by, export=number, kind=kind, args=dict(args))
    return number


_NEXT = """
UPDATE exports SET state = 'running', attempts = attempts + 1
WHERE id = (SELECT id FROM exports WHERE state = 'waiting' ORDER BY id LIMIT 1)
RETURNING id, contact_id, channel, address, language, kind, args, progress, attempts
"""


def take(tx: Transaction) -> Job | None:
    """Take the oldest export that waits."""
    row = tx.execute(_NEXT).fetchone()
    if row is None:
        return None
    number, contact, channel, address, language, kind, args, progress, attempts = row
    return Job(number, contact, channel, address, language, kind, json.loads(args), progress, attempts)


_PLACE = "UPDATE exports SET path = coalesce(path, ?) WHERE id = ? RETURNING path"


def place(tx: Transaction, number: int, *, path: str) -> str:
    """Note where an export will lie before it is made; one that broke off keeps its first place."""
    return str(tx.execute(_PLACE, (path, number)).fetchone()[0])


_AGAIN = "UPDATE exports SET state = CASE WHEN attempts < ? THEN 'waiting' ELSE 'failed' END WHERE id = ?"
_STATE = "SELECT state FROM exports WHERE id = ?"


def again(tx: Transaction, number: int) -> bool:
    """Queue an interrupted export again; False when it was interrupted too often."""
    tx.execute(_AGAIN, (TRIES, number))
    return bool(tx.execute(_STATE, (number,)).fetchone()[0] == "waiting")


_ORPHANS = "UPDATE exports SET state = 'waiting' WHERE state = 'running'"


def recover(tx: Transaction) -> int:
    """After a start queue again what was being made."""
    return tx.execute(_ORPHANS).rowcount


_DONE = "UPDATE exports SET state = 'done', path = ?, name = ?, finished_at = ? WHERE id = ?"


def finish(tx: Transaction, number: int, *, path: str, name: str, now: datetime) -> None:
    """Note where the finished file lies."""
    tx.execute(_DONE, (path, name, utc_text(now), number))


_PATH = "SELECT path FROM exports WHERE id = ? AND state = 'done'"


def path_of(tx: Transaction, number: int) -> str | None:
    """Find where a finished export lies, under the exports folder."""
    row = tx.execute(_PATH, (number,)).fetchone()
    return row[0] if row else None


_OPEN = "SELECT count(*) FROM exports WHERE state IN ('waiting', 'running')"


def open_count(tx: Transaction) -> int:
    """Count what is still to be made."""
    return int(tx.execute(_OPEN).fetchone()[0])


_IS_WAITING = "SELECT EXISTS (SELECT 1 FROM exports WHERE state = 'waiting')"


def is_waiting(tx: Transaction) -> bool:
    """Tell whether an export waits to be made."""
    return bool(tx.execute(_IS_WAITING).fetchone()[0])


_COUNTS = "SELECT state, count(*) FROM exports GROUP BY state"


def counts(tx: Transaction) -> dict[str, int]:
    """Count exports by state; the table is swept and stays small."""
    return dict(tx.execute(_COUNTS).fetchall())


_EXPIRE = """
UPDATE exports SET state = 'expired' WHERE state IN ('done', 'failed')
    AND coalesce(finished_at, created_at) < ?
"""


def sweep(tx: Transaction, *, now: datetime) -> int:
    """Expire exports finished more than a day ago; their files are removed later. Returns how many."""
    return tx.execute(_EXPIRE, (utc_text(now - KEPT),)).rowcount


_EXPIRED = "SELECT id, path FROM exports WHERE state = 'expired' AND path IS NOT NULL"


def to_remove(tx: Transaction) -> list[tuple[int, str]]:
    """List the expired exports whose files may still exist: number and path."""
    return tx.execute(_EXPIRED).fetchall()


_REMOVED = "UPDATE exports SET path = NULL WHERE id = ?"


def removed(tx: Transaction, numbers: Iterable[int]) -> None:
    """Note that the files of these exports were removed."""
    tx.executemany(_REMOVED, [(number,) for number in numbers])
