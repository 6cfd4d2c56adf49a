"""The history of an innovation: who wrote or moved what; rows are only ever added."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from storage.engine.transaction import Transaction
from storage.engine.utc import utc_text, utc_time

STATE = "#state"  # the "question" of a move from one state to another
OFFICE = "#office"  # … of a merger of offices
DISCARDED = "dibuang"  # what a draft moves to when it is put away; it keeps its state


@dataclass(frozen=True, slots=True)
class Change:
    """What changed: an answer, as JSON; what is no answer has a question that begins with #."""

    question: str
    old: str | None
    new: str | None


_ADD = "INSERT INTO history (innovation_id, at, contact_id, question, old, new) VALUES (?, ?, ?, ?, ?, ?)"


def add(tx: Transaction, innovation_id: int, *, change: Change, by: int, now: datetime) -> None:
    """Add a line."""
    tx.execute(_ADD, (innovation_id, utc_text(now), by, change.question, change.old, change.new))


_LINES = "SELECT at, question, old, new FROM history WHERE innovation_id = ? ORDER BY id"


def changes(tx: Transaction, innovation_id: int) -> list[tuple[str, Change]]:
    """List what changed and when (UTC text), oldest first."""
    return [
        (at, Change(question, old, new)) for at, question, old, new in tx.execute(_LINES, (innovation_id,))
    ]


@dataclass(frozen=True, slots=True)
class StateMove:
    """One move of the state."""

    at: datetime
    old: str | None  # None: it was opened
    new: str
    by: int | None  # contact


_MOVES = "SELECT at, old, new, contact_id FROM history WHERE innovation_id = ? AND question = ? ORDER BY id"


def moves(tx: Transaction, innovation_id: int) -> list[StateMove]:
    """List how the state moved, oldest first."""
    rows = tx.execute(_MOVES, (innovation_id, STATE))
    return [StateMove(utc_time(at), old, new, by) for at, old, new, by in rows]


_NEWEST = "SELECT coalesce(max(id), 0) FROM history WHERE innovation_id = ?"


def newest(tx: Transaction, innovation_id: int) -> int:
    """Number the newest line of an innovation; 0 when it has none."""
    return int(tx.execute(_NEWEST, (innovation_id,)).fetchone()[0])


_BY_OTHERS = """
SELECT contact_id, at FROM history
WHERE innovation_id = ? AND question = ? AND id > ? AND contact_id <> ? ORDER BY id DESC LIMIT 1
"""


def changed_by_another(
    tx: Transaction, innovation_id: int, *, question: str, since: int, than: int
) -> tuple[int, datetime] | None:
    """Find who but `than` changed an answer after line `since`, and when; None when nobody did."""
    row = tx.execute(_BY_OTHERS, (innovation_id, question, since, than)).fetchone()
    return (row[0], utc_time(row[1])) if row else None


_CHANGED_SINCE = """
SELECT DISTINCT question FROM history WHERE innovation_id = ? AND question NOT LIKE '#%' AND id > (
    SELECT coalesce(max(id), 0) FROM history WHERE innovation_id = ? AND question = ? AND new = ?)
"""


def changed_since(tx: Transaction, innovation_id: int, *, state: str) -> frozenset[str]:
    """List the questions whose answers have changed since the innovation came into a state last."""
    rows = tx.execute(_CHANGED_SINCE, (innovation_id, innovation_id, STATE, state))
    return frozenset(row[0] for row in rows)
