"""Lists for the drill-down: offices with their sums, innovations of an office with their scores."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from domain.review import MEETS_DUTY, State
from domain.rules.indicators import NUMBERS
from storage.engine.transaction import Transaction
from storage.scores import IS_EXEMPT
from storage.states import quoted

_MEETS = " + ".join(MEETS_DUTY)
_HANDED_IN = " + ".join(state for state in State if state is not State.DRAFT)


@dataclass(frozen=True, slots=True)
class OfficeSums:
    """What one office has in a period."""

    id: int
    name: str
    short: str
    sent: int  # innovations that meet the duty
    drafts: int
    counted: int  # innovations in the claimed figure
    claimed: int  # points, of those
    verified_count: int
    verified: int
    returned: int
    listed: int  # innovations that were handed in, whatever became of them
    on_duty: int  # whether the office has to hand in something


_OFFICES = f"""
SELECT o.id, o.name, o.short, coalesce({_MEETS}, 0), coalesce(t.draf, 0), coalesce(t.counted, 0),
       coalesce(t.claimed, 0), coalesce(t.verified_count, 0), coalesce(t.verified, 0),
       coalesce(t.dikembalikan, 0), coalesce({_HANDED_IN}, 0), o.state = 'active' AND NOT {IS_EXEMPT}
FROM offices o LEFT JOIN tallies t ON t.office_id = o.id AND t.period_id = ?1
"""
_ALL = f"{_OFFICES} WHERE o.state = 'active' OR t.office_id IS NOT NULL ORDER BY o.id"
_ONE = f"{_OFFICES} WHERE o.id = ?2"


def offices(tx: Transaction, period_id: int) -> list[OfficeSums]:
    """List the offices that have a duty or an innovation, in their order."""
    return [OfficeSums(*row) for row in tx.execute(_ALL, (period_id,))]


def office(tx: Transaction, period_id: int, *, office_id: int) -> OfficeSums | None:
    """Load the sums of one office; None when there is no such office."""
    row = tx.execute(_ONE, (period_id, office_id)).fetchone()
    return OfficeSums(*row) if row else None


_ROOM = f"SELECT counted, {', '.join(f'l{number}' for number in NUMBERS)} FROM tallies WHERE period_id = ?"
_ROOM_OF_OFFICE = f"{_ROOM} AND office_id = ?"
_TOP = 3


def room(tx: Transaction, period_id: int, *, office_id: int | None = None) -> Mapping[int, int]:
    """Count the improvements that are left at each indicator, over the innovations that count."""
    counts = dict.fromkeys(NUMBERS, 0)
    sql, key = (_ROOM, (period_id,)) if office_id is None else (_ROOM_OF_OFFICE, (period_id, office_id))
    for counted, *sums in tx.execute(sql, key):
        for number, reached in zip(NUMBERS, sums, strict=True):
            counts[number] += _TOP * counted - reached
    return counts


@dataclass(frozen=True, slots=True)
class Entry:
    """One innovation with its scores."""

    id: int
    period_id: int
    office_id: int
    title: str
    state: str
    receipt: str
    rule_year: int
    claimed: int  # points
    verified: int
    counts: bool  # whether it is in the claimed figure
    reason: str  # why it does not count, whatever its state; "": nothing is in the way
    levels: Mapping[int, int]  # claimed
    affair: str  # main affair; "" when not answered
    edition: int = 0  # as of an innovation


_ENTRIES = """
SELECT i.id, i.period_id, i.office_id,
       coalesce((SELECT json_extract(value, '$') FROM answers
                 WHERE innovation_id = i.id AND question = 'nama'), ''),
       i.state, coalesce(i.receipt, ''), i.rule_year, i.claimed, i.verified, c.claimed IS NOT NULL, c.reason,
       i.levels, c.affair, coalesce(i.rule_edition, 0)
FROM contributions c JOIN innovations i ON i.id = c.innovation_id
"""
_OF_OFFICE = f"{_ENTRIES} WHERE c.office_id = ? AND c.period_id = ? AND c.state <> ? ORDER BY c.innovation_id"
_PAGE = f"{_OF_OFFICE} LIMIT ? OFFSET ?"
_ENTRY = f"{_ENTRIES} WHERE c.innovation_id = ?"
_IS_UNCOUNTED = f"c.period_id = ? AND c.claimed IS NULL AND c.state IN ({quoted(*MEETS_DUTY)})"
_UNCOUNTED = f"{_ENTRIES} WHERE {_IS_UNCOUNTED} ORDER BY c.innovation_id LIMIT ? OFFSET ?"
_COUNT_UNCOUNTED = f"SELECT count(*) FROM contributions c WHERE {_IS_UNCOUNTED}"
_WITH_ROOM = f"""
{_ENTRIES} WHERE c.office_id = ? AND c.period_id = ? AND c.claimed IS NOT NULL
    AND substr(c.levels, ?, 1) < '3' LIMIT 1
"""


def entries(
    tx: Transaction, period_id: int, *, office_id: int, drafts: bool, limit: int, offset: int = 0
) -> list[Entry]:
    """List an office's innovations, oldest first; without `drafts` only what was handed in."""
    key = (office_id, period_id, "" if drafts else State.DRAFT, limit, offset)
    return [_to_entry(row) for row in tx.execute(_PAGE, key)]


def uncounted(tx: Transaction, period_id: int, *, limit: int, offset: int = 0) -> list[Entry]:
    """List what was handed in and is not in the estimate, oldest first."""
    return [_to_entry(row) for row in tx.execute(_UNCOUNTED, (period_id, limit, offset))]


def count_uncounted(tx: Transaction, period_id: int) -> int:
    """Count what was handed in and is not in the estimate."""
    return int(tx.execute(_COUNT_UNCOUNTED, (period_id,)).fetchone()[0])


def entry(tx: Transaction, innovation_id: int) -> Entry | None:
    """Load one innovation; None when it is gone or discarded."""
    row = tx.execute(_ENTRY, (innovation_id,)).fetchone()
    return _to_entry(row) if row else None


def with_room(tx: Transaction, period_id: int, *, office_id: int, indicator: int) -> Entry | None:
    """Find an innovation of the office that counts and has an improvement left at an indicator."""
    row = tx.execute(_WITH_ROOM, (office_id, period_id, indicator - NUMBERS[0] + 1)).fetchone()
    return _to_entry(row) if row else None


def _to_entry(row: Sequence[Any]) -> Entry:
    number, period, office, title, state, receipt, rule_year, claimed, verified, counts, *rest = row
    reason, text, affair, edition = rest
    levels = {no: int(level) for no, level in zip(NUMBERS, text, strict=True)}
    scored = (claimed, verified, bool(counts), reason, levels, affair, edition)
    return Entry(number, period, office, title, state, receipt, rule_year, *scored)
