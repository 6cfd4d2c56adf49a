"""The regency's own profile: SPD levels with their history, target, published results, weights of effort."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from domain.rules.load import Published
from storage import audit, profile_starts
from storage.engine.transaction import Transaction
from storage.engine.utc import utc_text

_LEVELS = "SELECT row, level FROM spd_levels WHERE period_id = ?"


def levels(tx: Transaction, period_id: int) -> Mapping[str, int]:
    """Load the levels of the SPD rows by number; a row without a level is not there."""
    return dict(tx.execute(_LEVELS, (period_id,)).fetchall())


_CHANGES = "SELECT row, new FROM spd_history WHERE period_id = ? AND at < ? ORDER BY id"


def levels_at(tx: Transaction, period_id: int, *, moment: datetime) -> Mapping[str, int]:
    """Rebuild the levels as they stood at a moment."""
    return dict(tx.execute(_CHANGES, (period_id, utc_text(moment))).fetchall())


_SET = """
INSERT INTO spd_levels (period_id, row, level) VALUES (?, ?, ?)
ON CONFLICT (period_id, row) DO UPDATE SET level = excluded.level
"""
_NOTE = "INSERT INTO spd_history (period_id, at, contact_id, row, old, new) VALUES (?, ?, ?, ?, ?, ?)"


def set_level(tx: Transaction, period_id: int, *, row: str, level: int, by: int, now: datetime) -> int:
    """Choose the level of a row, 0 included; returns the level it had, 0 for a row that was not filled in."""
    kept = levels(tx, period_id)
    old = kept.get(row, 0)
    if kept.get(row) != level:
        tx.execute(_SET, (period_id, row, level))
        tx.execute(_NOTE, (period_id, utc_text(now), by, row, old, level))
        profile_starts.check(tx, period_id, row=row, now=now)
        change = {"before": kept.get(row), "after": level}
        audit.record(tx, "spd_level_set", now=now, actor=by, period=period_id, row=row, **change)
    return old


@dataclass(frozen=True, slots=True)
class Change:
    """One change of the profile."""

    at: str
    name: str  # of who made it
    row: str
    old: int
    new: int


_LATEST = """
SELECT h.at, c.name, h.row, h.old, h.new FROM spd_history h JOIN contacts c ON c.id = h.contact_id
WHERE h.period_id = ? ORDER BY h.id DESC LIMIT ?
"""


def changes(tx: Transaction, period_id: int, *, limit: int) -> list[Change]:
    """List the latest changes of the levels, newest first."""
    return [Change(*row) for row in tx.execute(_LATEST, (period_id, limit))]


_TARGET = "SELECT value FROM targets WHERE period_id = ?"
_SET_TARGET = """
INSERT INTO targets (period_id, value, contact_id, at) VALUES (?, ?, ?, ?)
ON CONFLICT (period_id) DO UPDATE SET value = excluded.value, contact_id = excluded.contact_id,
    at = excluded.at
"""


def target(tx: Transaction, period_id: int) -> Decimal | None:
    """Load the target of a period; None when the desk has set none."""
    row = tx.execute(_TARGET, (period_id,)).fetchone()
    return Decimal(row[0]) if row else None


def set_target(tx: Transaction, period_id: int, *, value: Decimal, by: int, now: datetime) -> None:
    """Set the index a period aims at."""
    kept = target(tx, period_id)
    tx.execute(_SET_TARGET, (period_id, str(value), by, utc_text(now)))
    change = {"before": None if kept is None else str(kept), "after": str(value)}
    audit.record(tx, "target_set", now=now, actor=by, period=period_id, **change)


_PUBLISHED = "SELECT year, value, source, innovations FROM published_results ORDER BY year DESC"
_PUBLISH = """
INSERT INTO published_results (year, value, source, innovations, contact_id, at) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (year) DO UPDATE SET value = excluded.value, source = excluded.source,
    innovations = coalesce(excluded.innovations, published_results.innovations),
    contact_id = excluded.contact_id, at = excluded.at
"""
_PACKAGED = """
INSERT INTO published_results (year, value, source, innovations, at) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (year) DO UPDATE SET innovations = excluded.innovations
WHERE published_results.innovations IS NULL
"""


def published(tx: Transaction) -> list[Published]:
    """List the published results, newest year first."""
    return [
        Published(year=year, value=value, source=source, innovations=innovations)
        for year, value, source, innovations in tx.execute(_PUBLISHED)
    ]


_ENTERED_SINCE = "SELECT year FROM published_results WHERE at >= ?"


def entered_since(tx: Transaction, moment: datetime) -> set[int]:
    """The years whose result was entered, or entered again, at a moment or later."""
    return {year for (year,) in tx.execute(_ENTERED_SINCE, (utc_text(moment),))}


def publish(tx: Transaction, result: Published, *, by: int, now: datetime) -> None:
    """Enter what was published for a year, in the place of what was there."""
    kept = next((_said(entry) for entry in published(tx) if entry.year == result.year), None)
    tx.execute(
        _PUBLISH, (result.year, str(result.value), result.source, result.innovations, by, utc_text(now))
    )
    audit.record(
        tx, "result_published", now=now, actor=by, year=result.year, before=kept, after=_said(result)
    )


def _said(result: Published) -> Mapping[str, Any]:
    return {"value": str(result.value), "source": result.source, "innovations": result.innovations}


def publish_packaged(tx: Transaction, results: Iterable[Published], *, now: datetime) -> None:
    """Enter the packaged results of years that have none."""
    results = list(results)
    known = {entry.year for entry in published(tx)}
    rows = [
        (result.year, str(result.value), result.source, result.innovations, utc_text(now))
        for result in results
    ]
    tx.executemany(_PACKAGED, rows)
    for result in results:
        if result.year not in known:
            audit.record(tx, "result_packaged", now=now, year=result.year, before=None, after=_said(result))


_EFFORTS = "SELECT indicator, weight FROM efforts"
_SET_EFFORT = """
INSERT INTO efforts (indicator, weight) VALUES (?, ?)
ON CONFLICT (indicator) DO UPDATE SET weight = excluded.weight
"""


def efforts(tx: Transaction) -> Mapping[int, int]:
    """Load the weights of effort by indicator; 1 where there is none."""
    return dict(tx.execute(_EFFORTS).fetchall())


def set_effort(tx: Transaction, indicator: int, *, weight: int, by: int, now: datetime) -> None:
    """Say what one improvement of an indicator costs, from 1 to 9."""
    kept = efforts(tx).get(indicator, 1)
    tx.execute(_SET_EFFORT, (indicator, weight))
    audit.record(tx, "effort_set", now=now, actor=by, indicator=indicator, before=kept, after=weight)
