"""The files that may have to go: listed in the transaction that lets go of them, looked at in their time.

1. Whoever begins to keep a file, or takes away a row that names it, lists it.
2. When its time has come it stays if a row names it; else its own row goes and it is marked as going.
3. Its bytes are removed, then its line. A kill at any point leaves a line that is worked off again;
   bytes that do not go are tried once more every hour, behind all others.

What is going is never named anew: the same bytes are kept under another path then (`storage/files.py`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from storage.engine.transaction import Transaction
from storage.engine.utc import utc_text

EVIDENCE, EXPORTS = "evidence", "exports"
# A backup that is under way has read the rows and still copies the files.
PURGED_KEPT = timedelta(days=1)
REPLACED_KEPT = timedelta(days=30)
UNNAMED_KEPT = timedelta(days=7)  # a file that was fetched, until an answer names it
STUCK_AGAIN = timedelta(hours=1)  # until bytes that did not go are tried once more
PORTION = 20  # files one transaction looks at
_HASH = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Leaving:
    """One file whose bytes are to be removed."""

    area: str
    path: str


_ADD = """
INSERT INTO files_to_remove (area, path, look_at) VALUES (?, ?, ?)
ON CONFLICT (area, path) DO UPDATE SET look_at = excluded.look_at
WHERE files_to_remove.going = 0 AND files_to_remove.look_at < excluded.look_at
"""


def add(tx: Transaction, area: str, *, path: str, look_at: datetime) -> None:
    """List a file to be looked at; one that is listed waits for the later time."""
    tx.execute(_ADD, (area, path, utc_text(look_at)))


_PATHS = "SELECT path FROM files WHERE sha256 = ?"


def let_go(tx: Transaction, hashes: Iterable[str], *, look_at: datetime) -> None:
    """List evidence that a row names no more, by its hash."""
    for sha256 in hashes:
        for (path,) in tx.execute(_PATHS, (sha256,)).fetchall():
            add(tx, EVIDENCE, path=path, look_at=look_at)


_HASTEN = """
UPDATE files_to_remove SET look_at = ? WHERE area = ? AND look_at > ? AND look_at <= ?
    AND path IN (SELECT path FROM files WHERE sha256 = ?)
"""
_ASKED_OF = """
SELECT state FROM cursors WHERE contact_id = ? UNION ALL SELECT state FROM dialogues WHERE contact_id = ?
"""


def hasten(tx: Transaction, contact_id: int, *, now: datetime) -> None:
    """Look at once at the files that wait for a person's word alone; called when the person is erased."""
    at = utc_text(now)
    for (text,) in tx.execute(_ASKED_OF, (contact_id, contact_id)).fetchall():
        for sha256 in _HASH.findall(text):
            tx.execute(_HASTEN, (at, EVIDENCE, at, utc_text(now + UNNAMED_KEPT), sha256))


_IS_GOING = "SELECT EXISTS (SELECT 1 FROM files_to_remove WHERE area = ? AND path = ? AND going = 1)"


def is_going(tx: Transaction, area: str, *, path: str) -> bool:
    """Tell whether the bytes under a path are being removed."""
    return bool(tx.execute(_IS_GOING, (area, path)).fetchone()[0])


_LISTED = "SELECT path FROM files_to_remove WHERE area = ?"


def paths(tx: Transaction, area: str) -> frozenset[str]:
    """List the paths that are listed in an area."""
    return frozenset(row[0] for row in tx.execute(_LISTED, (area,)))


_DUE = """
SELECT l.area, l.path, coalesce(f.sha256, '') FROM files_to_remove l
LEFT JOIN files f ON l.area = 'evidence' AND f.path = l.path
WHERE l.look_at <= ? AND l.going = 0 ORDER BY l.look_at, l.area, l.path LIMIT ?
"""
# What was put off further than that was put off by a clock that was set back since.
_IS_TRIED = "going = 1 AND (look_at <= ?1 OR look_at > ?2)"
_GOING = f"SELECT area, path FROM files_to_remove WHERE {_IS_TRIED} ORDER BY look_at, area, path LIMIT ?3"
_GO = "UPDATE files_to_remove SET going = 1 WHERE area = ? AND path = ?"
_LATER = "UPDATE files_to_remove SET look_at = ? WHERE area = ? AND path = ?"
_OFF = "DELETE FROM files_to_remove WHERE area = ? AND path = ?"
_NO_ROW = "DELETE FROM files WHERE path = ?"


def take(tx: Transaction, *, now: datetime, in_hand: Collection[str]) -> list[Leaving]:
    """Look at the next files whose time has come; returns those whose bytes are to be removed now.

    Among them is what was marked before and reported neither by `removed` nor by `put_off`.
    `in_hand` was read a moment before, outside of the transaction that writes: what comes into somebody's
    hand since then either came anew, and its time is not now, or a lasting row names it.
    """
    for area, path, sha256 in tx.execute(_DUE, (utc_text(now), PORTION)).fetchall():
        if _is_named(tx, area, path=path, sha256=sha256):
            tx.execute(_OFF, (area, path))
        elif sha256 in in_hand:
            tx.execute(_LATER, (utc_text(now + UNNAMED_KEPT), area, path))
        else:
            tx.execute(_GO, (area, path))
            if area == EVIDENCE:
                tx.execute(_NO_ROW, (path,))
    return [Leaving(*row) for row in tx.execute(_GOING, (*_until(now), PORTION)).fetchall()]


def _until(now: datetime) -> tuple[str, str]:
    """The present, and until when what did not go is put off at most."""
    return utc_text(now), utc_text(now + STUCK_AGAIN)


_NAMED_EXPORT = (
    "SELECT EXISTS (SELECT 1 FROM exports WHERE state <> 'expired' AND state = 'done' AND path = ?)"
)
_NAMED_EVIDENCE = """
SELECT EXISTS (SELECT 1 FROM evidence WHERE sha256 = ?)
    OR EXISTS (SELECT 1 FROM broadcasts WHERE attachment LIKE '%' || ? || '%')
"""


def _is_named(tx: Transaction, area: str, *, path: str, sha256: str) -> bool:
    """Tell whether a row that lasts names it; whoever takes that row away lists the file again."""
    if area == EXPORTS:
        return bool(tx.execute(_NAMED_EXPORT, (path,)).fetchone()[0])
    return bool(sha256) and bool(tx.execute(_NAMED_EVIDENCE, (sha256, sha256)).fetchone()[0])


_IN_HAND = """
SELECT payload FROM outbox WHERE state IN ('waiting', 'leased') AND payload LIKE '%sha256%'
UNION ALL SELECT fetched FROM inbox WHERE state IN ('waiting', 'fetching') AND fetched LIKE '%sha256%'
UNION ALL SELECT state FROM dialogues WHERE state LIKE '%sha256%'
UNION ALL SELECT state FROM cursors WHERE state LIKE '%sha256%'
"""


def read_in_hand(tx: Transaction) -> frozenset[str]:
    """Read the hashes of files somebody is asked about or waits for, or whose turn is still to come."""
    return frozenset(sha256 for (text,) in tx.execute(_IN_HAND) for sha256 in _HASH.findall(text))


def removed(tx: Transaction, leaving: Iterable[Leaving]) -> None:
    """Take files off the list whose bytes are gone."""
    tx.executemany(_OFF, [(left.area, left.path) for left in leaving])


def put_off(tx: Transaction, leaving: Iterable[Leaving], *, now: datetime) -> None:
    """Try files whose bytes did not go once more in an hour: meanwhile they take nobody's place."""
    again = utc_text(now + STUCK_AGAIN)
    tx.executemany(_LATER, [(again, left.area, left.path) for left in leaving])


_WAITING = f"SELECT count(*) FROM files_to_remove WHERE look_at <= ?1 OR ({_IS_TRIED})"


def due_count(tx: Transaction, *, now: datetime) -> int:
    """Count the files whose time has come."""
    return int(tx.execute(_WAITING, _until(now)).fetchone()[0])
