"""What people asked and no entry answered, the desk's answers, and those it keeps as knowledge."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from storage.engine.transaction import Transaction
from storage.engine.utc import utc_text


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a person to the desk."""

    id: int
    contact_id: int
    name: str  # of who asked
    text: str
    innovation_id: int  # 0 for none
    place: str  # a question of the form; "" for none
    state: str  # unsent, open, answered
    answer: str


@dataclass(frozen=True, slots=True)
class Kept:
    """A question and its answer, kept without a name."""

    id: int
    question: str
    answer: str


_FORGET_UNSENT = "DELETE FROM questions WHERE contact_id = ? AND state = 'unsent'"
_ASK = """
INSERT INTO questions (contact_id, text, innovation_id, place, asked_at) VALUES (?, ?, ?, ?, ?) RETURNING id
"""


def note(
    tx: Transaction, contact_id: int, *, text: str, innovation_id: int, place: str, now: datetime
) -> int:
    """Keep a question until it is sent or the next one takes its place; returns its number."""
    tx.execute(_FORGET_UNSENT, (contact_id,))
    values = (contact_id, text, innovation_id or None, place, utc_text(now))
    return int(tx.execute(_ASK, values).fetchone()[0])


_QUESTION = """
SELECT q.id, q.contact_id, c.name, q.text, coalesce(q.innovation_id, 0), q.place, q.state,
       coalesce(q.answer, '')
FROM questions q JOIN contacts c ON c.id = q.contact_id
"""
_ONE = f"{_QUESTION} WHERE q.id = ?"
_OPEN = f"{_QUESTION} WHERE q.state = 'open' ORDER BY q.id LIMIT ?"
_COUNT = "SELECT count(*) FROM questions WHERE state = 'open'"


def load(tx: Transaction, question_id: int) -> Question | None:
    """Load a question; None when there is none."""
    row = tx.execute(_ONE, (question_id,)).fetchone()
    return Question(*row) if row else None


def open_ones(tx: Transaction, *, limit: int) -> list[Question]:
    """List the questions that wait for the desk, the oldest first."""
    return [Question(*row) for row in tx.execute(_OPEN, (limit,))]


def open_count(tx: Transaction) -> int:
    """Count the questions that wait for the desk."""
    return int(tx.execute(_COUNT).fetchone()[0])


_SEND = "UPDATE questions SET state = 'open' WHERE id = ? AND contact_id = ? AND state = 'unsent'"
_ANSWER = """
UPDATE questions SET state = 'answered', answer = ?, answered_by = ?, answered_at = ?
WHERE id = ? AND state = 'open'
"""


def send(tx: Transaction, question_id: int, *, by: int) -> bool:
    """Give the desk a question of this person; False when it is another's, or was sent already."""
    return tx.execute(_SEND, (question_id, by)).rowcount == 1


def answer(tx: Transaction, question_id: int, *, text: str, by: int, now: datetime) -> bool:
    """Keep the desk's answer; False when somebody was first."""
    return tx.execute(_ANSWER, (text, by, utc_text(now), question_id)).rowcount == 1


_KEEP = """
INSERT INTO kept_answers (question, answer, kept_at)
SELECT text, answer, ? FROM questions WHERE id = ? AND state = 'answered'
ON CONFLICT (question) DO UPDATE SET answer = excluded.answer, kept_at = excluded.kept_at
"""
_KEPT = "SELECT id, question, answer FROM kept_answers ORDER BY id"
_KEPT_ONE = "SELECT id, question, answer FROM kept_answers WHERE id = ?"


def keep(tx: Transaction, question_id: int, *, now: datetime) -> bool:
    """Keep an answered question as knowledge; False while it has no answer."""
    return tx.execute(_KEEP, (utc_text(now), question_id)).rowcount == 1


def kept(tx: Transaction) -> list[Kept]:
    """List what the desk keeps as knowledge."""
    return [Kept(*row) for row in tx.execute(_KEPT)]


def kept_answer(tx: Transaction, number: int) -> Kept | None:
    """Load one kept answer; None when there is none."""
    row = tx.execute(_KEPT_ONE, (number,)).fetchone()
    return Kept(*row) if row else None
