"""Reads whole innovations for exports one by one, so that memory does not grow with their number."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from domain.draft.evidence import plain_value
from domain.export_parts import HeldFile
from domain.review import State, Verdict
from storage import innovations, review_marks
from storage.engine.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Record:
    """One innovation with everything an export may want."""

    id: int
    office_code: str
    office: str
    year: int
    rule_year: int
    state: str
    receipt: str
    created_at: str  # UTC text, as the other times
    updated_at: str
    sent_at: str
    claimed: int  # points
    verified: int
    counts: bool  # whether it is in the claimed figure of its period
    reason: str  # why it does not count, whatever its state; "": nothing is in the way
    window: tuple[str, str]  # the period's own, as ISO days; empty where the rule year's holds
    answers: Mapping[str, Any]
    verdicts: Mapping[int, Verdict]
    # name and phone of the office's focal points; empty where not allowed
    contacts: tuple[tuple[str, str], ...]
    edition: int = 0  # as of an innovation

    @property
    def title(self) -> str:
        """The innovation's name; "" while it has none."""
        return str(self.answers.get("nama", ""))


@dataclass(frozen=True, slots=True)
class OfficeLine:
    """How many innovations an office has, by what became of them."""

    code: str
    name: str
    exempt: bool  # whether it has no duty in the year; False without a year
    drafts: int
    sent: int
    verified: int
    contacts: tuple[tuple[str, str], ...]


# What may be exported: drafts belong to their office until they are handed in, so only the command line has
# them.
_WHICH = (
    "i.discarded_at IS NULL AND (CAST(? AS INTEGER) IS NULL OR p.year = ?) AND (? OR i.receipt IS NOT NULL)"
)
_HELD = """
SELECT i.id, coalesce(f.sha256, ''), coalesce(f.size, 0) FROM innovations i
JOIN periods p ON p.id = i.period_id
LEFT JOIN evidence e ON e.innovation_id = i.id LEFT JOIN files f ON f.sha256 = e.sha256
WHERE i.discarded_at IS NULL AND i.receipt IS NOT NULL AND p.year = ?
  AND (CAST(? AS INTEGER) IS NULL OR i.id = ?)
ORDER BY i.office_id, i.id, coalesce(e.question, ''), coalesce(f.sha256, '')
"""
_COUNT = f"SELECT count(*) FROM innovations i JOIN periods p ON p.id = i.period_id WHERE {_WHICH}"
_ANY = """
SELECT i.id, o.code, o.name, p.year, i.rule_year, i.state, coalesce(i.receipt, ''), i.created_at,
       i.updated_at, coalesce(i.sent_at, ''), i.claimed, i.verified, c.claimed IS NOT NULL,
       coalesce(c.reason, ''), coalesce(p.window_from, ''), coalesce(p.window_until, ''), i.office_id,
       coalesce(i.rule_edition, 0)
FROM innovations i JOIN offices o ON o.id = i.office_id JOIN periods p ON p.id = i.period_id
LEFT JOIN contributions c ON c.innovation_id = i.id
"""
_RECORDS = f"{_ANY} WHERE {_WHICH} ORDER BY o.id, i.id"
_ONE = f"{_ANY} WHERE i.id = ?"


_NAMES = (
    "id", "office_code", "office", "year", "rule_year", "state", "receipt", "created_at", "updated_at",
    "sent_at", "claimed", "verified", "counts", "reason", "window_from",
    "window_until", "office_id", "edition",
)  # fmt: skip


def held_files(tx: Transaction, year: int, *, innovation_id: int | None = None) -> list[HeldFile]:
    """List the evidence of what was handed in for a year, or of one innovation, as an archive has it."""
    return [HeldFile(*row) for row in tx.execute(_HELD, (year, innovation_id, innovation_id))]


@dataclass(frozen=True, slots=True)
class Selection:
    """What an export holds."""

    year: int | None  # None: every year
    drafts: bool = False  # also what was not handed in
    contacts: bool = False  # names and phones of focal points, for the desk alone (F108)


def count(tx: Transaction, selection: Selection) -> int:
    """Count the innovations an export holds."""
    return int(tx.execute(_COUNT, _which(selection)).fetchone()[0])


def _which(selection: Selection) -> tuple[int | None, int | None, bool]:
    return selection.year, selection.year, selection.drafts


def records(tx: Transaction, selection: Selection) -> Iterator[Record]:
    """Walk the innovations of an export, office by office."""
    for row in tx.execute(_RECORDS, _which(selection)):
        yield _to_record(tx, row, contacts=selection.contacts)


def record(tx: Transaction, innovation_id: int) -> Record | None:
    """Load one innovation, without names and phones of people."""
    row = tx.execute(_ONE, (innovation_id,)).fetchone()
    return _to_record(tx, row, contacts=False) if row else None


_HANDED_IN = """
SELECT i.id FROM innovations i JOIN periods p ON p.id = i.period_id
WHERE p.year = ? AND i.receipt IS NOT NULL AND i.discarded_at IS NULL ORDER BY i.receipt LIMIT ? OFFSET ?
"""


def handed_in(tx: Transaction, year: int, *, limit: int, offset: int) -> list[Record]:
    """Load a page of what was handed in in a year, in the order of the receipts."""
    rows = tx.execute(_HANDED_IN, (year, limit, offset)).fetchall()
    return [exported for (number,) in rows if (exported := record(tx, number)) is not None]


def ids(tx: Transaction, selection: Selection) -> list[int]:
    """List the ids of the same innovations, in the same order."""
    return [row[0] for row in tx.execute(_RECORDS, _which(selection))]


def _to_record(tx: Transaction, row: tuple[Any, ...], *, contacts: bool) -> Record:
    named = dict(zip(_NAMES, row, strict=True))
    office_id = named.pop("office_id")
    answers, verdicts = innovations.answers(tx, row[0]), review_marks.verdicts(tx, row[0])
    people = _read_people(tx, office_id) if contacts else ()
    named["counts"] = bool(named["counts"])
    named["window"] = named.pop("window_from"), named.pop("window_until")
    return Record(**named, answers=answers, verdicts=verdicts, contacts=people)


_PEOPLE = """
SELECT c.name, coalesce(c.phone, '') FROM contacts c WHERE c.id IN (
    SELECT contact_id FROM memberships WHERE role = 'focal_point' AND office_id = ? AND until IS NULL)
ORDER BY c.id
"""


def _read_people(tx: Transaction, office_id: int) -> tuple[tuple[str, str], ...]:
    return tuple(tx.execute(_PEOPLE, (office_id,)).fetchall())


_OFFICES = f"""
SELECT o.code, o.name, o.id,
       EXISTS (SELECT 1 FROM extensions e JOIN periods p ON p.id = e.period_id
               WHERE p.year = ? AND e.office_id = o.id AND e.until IS NULL),
       count(*) FILTER (WHERE i.state = '{State.DRAFT}'), count(i.receipt),
       count(*) FILTER (WHERE i.state = '{State.VERIFIED}')
FROM offices o LEFT JOIN (SELECT n.* FROM innovations n JOIN periods p ON p.id = n.period_id
                          WHERE (CAST(? AS INTEGER) IS NULL OR p.year = ?) AND n.discarded_at IS NULL) i
    ON i.office_id = o.id
WHERE o.state = 'active' GROUP BY o.id, o.code, o.name ORDER BY o.id
"""
_OFFICE_COUNT = "SELECT count(*) FROM offices WHERE state = 'active'"


def office_lines(tx: Transaction, selection: Selection) -> Iterator[OfficeLine]:
    """Walk the active offices, each with its duty and its figures of the year."""
    rows = tx.execute(_OFFICES, (selection.year, selection.year, selection.year))
    for code, name, office_id, exempt, drafts, sent, verified in rows:
        people = _read_people(tx, office_id) if selection.contacts else ()
        yield OfficeLine(code, name, bool(exempt), drafts, sent, verified, people)


def office_count(tx: Transaction) -> int:
    """Count the active offices, exempt ones too."""
    return int(tx.execute(_OFFICE_COUNT).fetchone()[0])


_RULE_YEARS = f"""
SELECT DISTINCT i.rule_year
FROM innovations i JOIN periods p ON p.id = i.period_id WHERE {_WHICH}
ORDER BY i.rule_year DESC
"""


def rule_years(tx: Transaction, selection: Selection) -> list[int]:
    """List the rule years the same innovations follow, the newest first."""
    return [row[0] for row in tx.execute(_RULE_YEARS, _which(selection))]


_YEARS = "SELECT year FROM periods ORDER BY year DESC"


def years(tx: Transaction) -> list[int]:
    """List the years there are periods of, the newest first."""
    return [row[0] for row in tx.execute(_YEARS)]


_PATH = "SELECT path, size FROM files WHERE sha256 = ?"


def file_of(tx: Transaction, sha256: str) -> tuple[str, int] | None:
    """Find where a file lies under the evidence folder, and its size in bytes."""
    row: tuple[str, int] | None = tx.execute(_PATH, (sha256,)).fetchone()
    return row


def as_json(exported: Record) -> dict[str, Any]:
    """One record as machines read it."""
    levels = {
        number: {"verified": verdict.level, "reason": verdict.reason}
        for number, verdict in exported.verdicts.items()
    }
    return {
        "id": exported.id,
        "receipt": exported.receipt or None,
        "office": exported.office_code,
        "office_name": exported.office,
        "year": exported.year,
        "rule_year": exported.rule_year,
        "state": exported.state,
        "created_at": exported.created_at,
        "updated_at": exported.updated_at,
        "sent_at": exported.sent_at or None,
        "scores": {"claimed": exported.claimed, "verified": exported.verified},
        "counts": exported.counts,
        "not_counted": exported.reason or None,
        "answers": {question: plain_value(value) for question, value in exported.answers.items()},
        "verdicts": levels,
    }


def line(exported: Record) -> str:
    """One record as a line of JSON."""
    return json.dumps(as_json(exported), ensure_ascii=False)
