"""Innovations: state, answers, and history of every write."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import starmap
from typing import Any

from domain.draft.evidence import Piece, pieces_of, plain_value, read_value
from domain.draft.facts import Sibling
from domain.kept_json import read_json
from domain.review import OPEN, State
from domain.rules.form import Answers
from storage import files_to_remove, history, scores
from storage.engine.transaction import Transaction
from storage.engine.utc import utc_text, utc_time
from storage.files_to_remove import REPLACED_KEPT
from storage.history import STATE
from storage.states import quoted

_write = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode  # made once, not at each turn


@dataclass(slots=True, unsafe_hash=True)  # as domain.message.Choice
class Innovation:
    """One innovation of one office in one period."""

    id: int
    office_id: int
    period_id: int
    form_version: int
    rule_year: int
    state: str
    receipt: str
    created_by: int
    updated_at: datetime
    sent_at: datetime | None
    discarded_at: datetime | None
    claimed: int  # maturity in points, as the office chose the levels
    title: str
    edition: int = (
        0  # of the indicators it was made with, where a change has replaced them; 0: the present ones
    )

    @property
    def is_draft(self) -> bool:
        """Whether it was not handed in yet."""
        return self.state == State.DRAFT and self.discarded_at is None

    @property
    def is_open(self) -> bool:
        """Whether the office may still write in it, handed in or not."""
        return self.state in OPEN and self.discarded_at is None


_CREATE = """
INSERT INTO innovations (office_id, period_id, form_version, rule_year, copied_from, created_by, created_at,
    updated_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING id
"""


@dataclass(frozen=True, slots=True)
class NewInnovation:
    """A draft to be opened."""

    office_id: int
    period_id: int
    form_version: int
    rule_year: int
    copied_from: int | None = None  # innovation


def create(tx: Transaction, new: NewInnovation, *, by: int, now: datetime) -> int:
    """Open a draft; returns its id."""
    at = utc_text(now)
    made_of = (new.office_id, new.period_id, new.form_version, new.rule_year, new.copied_from)
    values = (*made_of, by, at, at)
    innovation_id = int(tx.execute(_CREATE, values).fetchone()[0])
    history.add(tx, innovation_id, by=by, now=now, change=history.Change(STATE, None, State.DRAFT))
    scores.refresh(tx, innovation_id, now=now)
    return innovation_id


_COLUMNS = """
SELECT i.id, i.office_id, i.period_id, i.form_version, i.rule_year, i.state, i.receipt, i.created_by,
       i.updated_at, i.sent_at, i.discarded_at, i.claimed,
       (SELECT json_extract(value, '$') FROM answers WHERE innovation_id = i.id AND question = 'nama'),
       i.rule_edition
FROM innovations i
"""
_ONE = f"{_COLUMNS} WHERE i.id = ?"


def load(tx: Transaction, innovation_id: int) -> Innovation | None:
    row = tx.execute(_ONE, (innovation_id,)).fetchone()
    return _to_innovation(row) if row else None


_OF_RECEIPT = f"{_COLUMNS} WHERE i.receipt = ?"


def of_receipt(tx: Transaction, receipt: str) -> Innovation | None:
    """Find the innovation that was handed in under a receipt number."""
    row = tx.execute(_OF_RECEIPT, (receipt,)).fetchone()
    return _to_innovation(row) if row else None


_THESE = f"{_COLUMNS} WHERE i.id IN (SELECT value FROM json_each(?)) ORDER BY i.id"


def load_all(tx: Transaction, ids: Collection[int]) -> list[Innovation]:
    """Load several innovations; those that are gone are left out."""
    return [_to_innovation(row) for row in tx.execute(_THESE, (json.dumps(list(ids)),))]


_OF_OFFICE = f"{_COLUMNS} WHERE i.office_id = ? AND i.period_id = ? ORDER BY i.id"


def of_office(tx: Transaction, office_id: int, *, period_id: int) -> list[Innovation]:
    """Load an office's innovations of a period, discarded ones included."""
    return [_to_innovation(row) for row in tx.execute(_OF_OFFICE, (office_id, period_id))]


_OF_OFFICES = f"""
{_COLUMNS} WHERE i.office_id IN (SELECT value FROM json_each(?)) AND i.period_id = ? ORDER BY i.id
"""


def of_offices(tx: Transaction, office_ids: Collection[int], *, period_id: int) -> list[Innovation]:
    """Load the innovations of several offices in a period, discarded ones included, the oldest first."""
    return [_to_innovation(row) for row in tx.execute(_OF_OFFICES, (json.dumps(list(office_ids)), period_id))]


# written as the index innovations_unsent has it, or the drafts of every office would be looked through
_IS_UNSENT_DRAFT = f"""
i.state IN ({quoted(State.DRAFT, State.RETURNED)}) AND i.state = '{State.DRAFT}' AND i.discarded_at IS NULL
"""
_DRAFTS_OF = f"""
{_COLUMNS} WHERE i.office_id IN (SELECT value FROM json_each(?)) AND {_IS_UNSENT_DRAFT} ORDER BY i.id
"""


def drafts_of(tx: Transaction, office_ids: Collection[int]) -> list[Innovation]:
    """Load the drafts of several offices, whatever their period, the oldest first."""
    return [_to_innovation(row) for row in tx.execute(_DRAFTS_OF, (json.dumps(list(office_ids)),))]


_LEFT_BEHIND = f"""
{_COLUMNS} JOIN periods p ON p.id = i.period_id
WHERE i.office_id IN (SELECT value FROM json_each(?)) AND {_IS_UNSENT_DRAFT} AND p.state <> 'open'
  AND EXISTS (SELECT 1 FROM answers a
    WHERE a.innovation_id = i.id AND a.question = 'nama' AND json_extract(a.value, '$') <> '')
  AND NOT EXISTS (SELECT 1 FROM innovations c
    WHERE c.office_id = i.office_id AND c.period_id = ? AND c.copied_from = i.id AND c.discarded_at IS NULL)
ORDER BY p.year DESC, i.id LIMIT ?
"""


def left_behind(
    tx: Transaction, office_ids: Collection[int], *, period_id: int | None, limit: int
) -> list[Innovation]:
    """Load named drafts of closed periods that have no copy in this one, the newest period's first."""
    values = (json.dumps(list(office_ids)), period_id, limit)
    return [_to_innovation(row) for row in tx.execute(_LEFT_BEHIND, values)]


_SIBLINGS = """
SELECT i.id, json_extract(a.value, '$'), i.state, coalesce(i.receipt, '') FROM innovations i
JOIN answers a ON a.innovation_id = i.id AND a.question = 'nama'
WHERE i.office_id = ? AND i.period_id = ? AND i.id <> ? AND i.discarded_at IS NULL ORDER BY i.id
"""


def siblings(tx: Transaction, innovation: Innovation) -> tuple[Sibling, ...]:
    """List the office's other innovations of the period."""
    key = (innovation.office_id, innovation.period_id, innovation.id)
    return tuple(starmap(Sibling, tx.execute(_SIBLINGS, key)))


@dataclass(frozen=True, slots=True)
class Titled:
    """An innovation by what people call it: its title and its receipt."""

    id: int
    office_id: int
    title: str
    receipt: str  # "" of a draft

    @property
    def number(self) -> int:
        """The running number of the receipt; 0 of a draft."""
        return int(self.receipt.rpartition("-")[2]) if self.receipt else 0


_TITLED = """
SELECT i.id, i.office_id, json_extract(a.value, '$'), coalesce(i.receipt, '') FROM innovations i
JOIN answers a ON a.innovation_id = i.id AND a.question = 'nama'
WHERE i.period_id = ? AND i.discarded_at IS NULL ORDER BY i.id
"""


def titled(tx: Transaction, period_id: int) -> list[Titled]:
    """List every innovation of a period that has a title, drafts included; who may see it is for others."""
    return [Titled(*row) for row in tx.execute(_TITLED, (period_id,))]


def _to_innovation(row: Sequence[Any]) -> Innovation:
    sent = utc_time(row[9]) if row[9] else None
    discarded = utc_time(row[10]) if row[10] else None
    return Innovation(
        row[0],
        row[1],
        row[2],
        row[3],
        row[4],
        row[5],
        row[6] or "",
        row[7],
        utc_time(row[8]),
        sent,
        discarded,
        row[11],
        row[12] or "",
        row[13] or 0,
    )


_ANSWERS = "SELECT question, value FROM answers WHERE innovation_id = ? ORDER BY question"


def answers(tx: Transaction, innovation_id: int) -> Answers:
    return {question: _from_json(value) for question, value in tx.execute(_ANSWERS, (innovation_id,))}


_ANSWERS_OF = """
SELECT innovation_id, question, value FROM answers WHERE innovation_id IN (SELECT value FROM json_each(?))
ORDER BY innovation_id, question
"""


def answers_of(tx: Transaction, ids: Collection[int]) -> Mapping[int, Answers]:
    """Load every answer of several innovations, by their ids."""
    by_innovation: dict[int, dict[str, Any]] = {innovation_id: {} for innovation_id in ids}
    for innovation_id, question, value in tx.execute(_ANSWERS_OF, (json.dumps(list(ids)),)):
        by_innovation[innovation_id][question] = _from_json(value)
    return by_innovation


_WRITE = """
INSERT INTO answers (innovation_id, question, value) VALUES (?, ?, ?)
ON CONFLICT (innovation_id, question) DO UPDATE SET value = excluded.value
"""
_ERASE = "DELETE FROM answers WHERE innovation_id = ? AND question = ?"
_TOUCH = "UPDATE innovations SET updated_at = ? WHERE id = ?"


def write(
    tx: Transaction,
    innovation_id: int,
    *,
    changes: Mapping[str, Any],
    before: Mapping[str, Any],
    by: int,
    now: datetime,
) -> None:
    """Keep changed answers (None takes one away), each with its line of history."""
    at = utc_text(now)
    for question, value in changes.items():
        old = _to_json(before[question]) if question in before else None
        new = _to_json(value) if value is not None else None
        if new is None:
            tx.execute(_ERASE, (innovation_id, question))
        else:
            tx.execute(_WRITE, (innovation_id, question, new))
        history.add(tx, innovation_id, by=by, now=now, change=history.Change(question, old, new))
        if isinstance(value, list) or (value is None and isinstance(before.get(question), list)):
            _keep_evidence(tx, innovation_id, question=question, pieces=pieces_of(value), now=now)
    tx.execute(_TOUCH, (at, innovation_id))
    if not scores.DECIDES.isdisjoint(changes):
        scores.refresh(tx, innovation_id, now=now)


_NO_EVIDENCE = "DELETE FROM evidence WHERE innovation_id = ? AND question = ? RETURNING sha256"
_EVIDENCE = "INSERT INTO evidence (sha256, innovation_id, question) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"


def _keep_evidence(
    tx: Transaction, innovation_id: int, *, question: str, pieces: Sequence[Piece], now: datetime
) -> None:
    """Let the index of files follow an answer; what it named before and names no more may go."""
    before = {sha256 for (sha256,) in tx.execute(_NO_EVIDENCE, (innovation_id, question)).fetchall()}
    hashes = [piece.sha256 for piece in pieces if piece.is_file]
    tx.executemany(_EVIDENCE, [(sha256, innovation_id, question) for sha256 in hashes])
    files_to_remove.let_go(tx, sorted(before - set(hashes)), look_at=now + REPLACED_KEPT)


_TWINS = """
SELECT DISTINCT o.id, o.name FROM evidence e
JOIN innovations i ON i.id = e.innovation_id JOIN offices o ON o.id = i.office_id
WHERE e.sha256 = ? AND i.office_id <> ? AND i.discarded_at IS NULL ORDER BY o.name, o.id
"""


def offices_with_file(tx: Transaction, sha256: str, *, but: int) -> list[tuple[int, str]]:
    """List the other offices whose innovations have the same bytes as evidence: id and name."""
    return tx.execute(_TWINS, (sha256, but)).fetchall()


def _to_json(value: Any) -> str:
    return _write(plain_value(value))


def _from_json(raw: str) -> Any:
    return read_value(read_json(raw))


def answers_at(tx: Transaction, innovation_id: int, *, moment: datetime) -> Answers:
    """Rebuild the answers as they stood at a moment, from history alone (F32)."""
    values: dict[str, Any] = {}
    until = utc_text(moment)
    for at, change in history.changes(tx, innovation_id):
        if at > until or change.question.startswith("#"):
            continue
        if change.new is None:
            values.pop(change.question, None)
        else:
            values[change.question] = _from_json(change.new)
    return values


_SENT = f"{_COLUMNS} WHERE i.period_id = ? AND i.receipt IS NOT NULL ORDER BY i.receipt"


def sent(tx: Transaction, period_id: int) -> list[Innovation]:
    """Load every innovation of a period that was handed in, oldest first."""
    return [_to_innovation(row) for row in tx.execute(_SENT, (period_id,))]
