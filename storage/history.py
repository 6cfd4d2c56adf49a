"""The history of an innovation: who wrote or moved what; rows are only ever added."""

from __future__ import annotations

from storage.engine.transaction import Transaction

STATE = "#state"  # the "question" of a move from one state to another
OFFICE = "#office"  # … of a merger of offices
DISCARDED = "dibuang"  # what a draft moves to when it is put away; it keeps its state

_ADD = "INSERT INTO history (innovation_id, at, contact_id, question, old, new) VALUES (?, ?, ?, ?, ?, ?)"


def add(
    tx: Transaction, innovation_id: int, *, question: str, old: str | None, new: str | None, by: int, at: str
) -> None:
    """Add a line; what is no answer has a question that begins with #. Answers are JSON, `at` is UTC text."""
    tx.execute(_ADD, (innovation_id, at, by, question, old, new))


_LINES = "SELECT at, contact_id, question, old, new FROM history WHERE innovation_id = ? ORDER BY id"


def lines(tx: Transaction, innovation_id: int) -> list[tuple[str, int | None, str, str | None, str | None]]:
    """List who changed what and when, oldest first."""
    return tx.execute(_LINES, (innovation_id,)).fetchall()
