"""Reporting periods: one a year, with rule year and deadline, and the exceptions of single offices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from storage import audit, scores
from storage.audit import NOBODY, Actor
from storage.engine.transaction import Transaction
from storage.engine.utc import utc_text, utc_time


@dataclass(frozen=True, slots=True)
class Closing:
    """When a period was closed, and the reason people are told."""

    at: datetime
    why: str


@dataclass(frozen=True, slots=True)
class Period:
    """One reporting period; the dates are local, the deadline's day included."""

    id: int
    year: int
    rule_year: int
    opens_on: date
    deadline: date
    open: bool
    window: tuple[date, date] | None = None  # of implementation; None: as the rule year has it
    portal_closes: date | None = None  # the ministry's own portal; None: not recorded
    closing: Closing | None = None  # None: open, or closed before this was kept


@dataclass(frozen=True, slots=True)
class Extension:
    """What holds for one office instead of the period's deadline."""

    office_id: int
    until: date | None  # None: the office has no duty this period
    reason: str
    given_at: datetime | None = None


_OPEN = """
INSERT INTO periods (year, rule_year, opens_on, deadline, window_from, window_until) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (year) DO NOTHING
"""
_BY_YEAR = "SELECT id FROM periods WHERE year = ?"


@dataclass(frozen=True, slots=True)
class NewPeriod:
    """A period to be opened; the dates are local, the deadline's day included."""

    year: int
    rule_year: int
    opens_on: date
    deadline: date
    window: tuple[date, date] | None = None  # of implementation; None: as the rule year has it


def open_period(tx: Transaction, new: NewPeriod, *, now: datetime, actor: Actor = NOBODY) -> int:
    """Open the period of a year once; returns its id."""
    first, last = new.window or (None, None)
    opens_on, deadline, *window = map(_to_text, (new.opens_on, new.deadline, first, last))
    if tx.execute(_OPEN, (new.year, new.rule_year, opens_on, deadline, *window)).rowcount:
        after = {
            "rule_year": new.rule_year, "opens_on": opens_on, "deadline": deadline, "window": window,
        }  # fmt: skip
        audit.record(
            tx,
            "period_opened",
            now=now,
            actor=actor.contact,
            year=new.year,
            before=None,
            after=after,
            reason=actor.reason,
        )
    return int(tx.execute(_BY_YEAR, (new.year,)).fetchone()[0])


_COLUMNS = """
SELECT id, year, rule_year, opens_on, deadline, state, window_from, window_until, portal_closes, closed_at,
    closed_why
FROM periods
"""
_CURRENT = f"{_COLUMNS} WHERE state = 'open' ORDER BY year DESC LIMIT 1"


def current(tx: Transaction) -> Period | None:
    """Load the newest open period."""
    row = tx.execute(_CURRENT).fetchone()
    return _to_period(row) if row else None


_ONE = f"{_COLUMNS} WHERE id = ?"


def load(tx: Transaction, period_id: int) -> Period:
    return _to_period(tx.execute(_ONE, (period_id,)).fetchone())


_EVERY = f"{_COLUMNS} ORDER BY year DESC"


def every(tx: Transaction) -> list[Period]:
    return [_to_period(row) for row in tx.execute(_EVERY)]


_Row = tuple[int, int, int, str, str, str, str | None, str | None, str | None, str | None, str | None]


def _to_period(row: _Row) -> Period:
    opens_on, deadline = date.fromisoformat(row[3]), date.fromisoformat(row[4])
    window = (date.fromisoformat(row[6]), date.fromisoformat(row[7])) if row[6] and row[7] else None
    closing = Closing(utc_time(row[9]), row[10] or "") if row[9] else None
    is_open = row[5] == "open"
    return Period(row[0], row[1], row[2], opens_on, deadline, is_open, window, _to_date(row[8]), closing)


def _to_text(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _to_date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


_EXTENSIONS = (
    "SELECT office_id, until, reason, created_at FROM extensions WHERE period_id = ? ORDER BY office_id"
)
_EXTENSION = (
    "SELECT office_id, until, reason, created_at FROM extensions WHERE period_id = ? AND office_id = ?"
)


def extensions(tx: Transaction, period_id: int) -> Mapping[int, Extension]:
    """Load the extensions and exemptions of a period, by office."""
    return {row[0]: _to_extension(row) for row in tx.execute(_EXTENSIONS, (period_id,))}


def extension(tx: Transaction, period_id: int, *, office_id: int) -> Extension | None:
    """Load what holds for one office instead of the period's deadline."""
    row = tx.execute(_EXTENSION, (period_id, office_id)).fetchone()
    return _to_extension(row) if row else None


def _to_extension(row: tuple[int, str | None, str, str]) -> Extension:
    return Extension(row[0], _to_date(row[1]), row[2], utc_time(row[3]))


_DEADLINE_AT = "SELECT deadline_at FROM periods WHERE id = ?"


def deadline_since(tx: Transaction, period: Period, extension: Extension | None) -> datetime | None:
    """Tell since when the deadline under what holds for an office holds; None: since the period opened."""
    (moved,) = tx.execute(_DEADLINE_AT, (period.id,)).fetchone()
    moved_at = utc_time(moved) if moved else None
    if extension is None or extension.until is None or extension.until <= period.deadline:
        return moved_at
    return extension.given_at


def deadline_for(tx: Transaction, period: Period, *, office_id: int) -> date | None:
    """The last day on which this office may hand in; None when it is exempt and has no duty (F67)."""
    return last_day(period, extension(tx, period.id, office_id=office_id))


def last_day(period: Period, granted: Extension | None) -> date | None:
    """The last day under what holds for an office; an extension never shortens, None is an exemption."""
    if granted is None:
        return period.deadline
    return max(granted.until, period.deadline) if granted.until else None


def sendable_until(tx: Transaction, period: Period, *, office_id: int) -> date:
    """The last day on which something sent is taken; an exempt office may hand in like any other."""
    return deadline_for(tx, period, office_id=office_id) or period.deadline


_MOVE = "UPDATE periods SET deadline = ?, deadline_at = ? WHERE id = ?"


def move_deadline(
    tx: Transaction, period: Period, *, deadline: date, reason: str, by: int, now: datetime
) -> int:
    """Set another deadline; returns the number of the change, for the notices about it."""
    tx.execute(_MOVE, (deadline.isoformat(), utc_text(now), period.id))
    before, after = _to_text(period.deadline), _to_text(deadline)
    actor = Actor(by, reason)
    return _record(tx, "deadline_moved", period=period, actor=actor, now=now, before=before, after=after)


_PORTAL = "UPDATE periods SET portal_closes = ? WHERE id = ?"


def set_portal_closing(tx: Transaction, period: Period, *, day: date, actor: Actor, now: datetime) -> None:
    """Record the day on which the ministry closes its portal; nobody's deadline moves with it."""
    before, after = _to_text(period.portal_closes), _to_text(day)
    tx.execute(_PORTAL, (after, period.id))
    _record(tx, "portal_closing_set", period=period, actor=actor, now=now, before=before, after=after)


_STATE = "UPDATE periods SET state = ?, closed_at = ?, closed_why = ? WHERE id = ? AND state <> ?"


def set_open(
    tx: Transaction, period: Period, *, is_open: bool, reason: str, by: int, now: datetime
) -> int | None:
    """Close or reopen a period; returns the number of the change, None when it stood so already."""
    state = "open" if is_open else "closed"
    closing = (None, None) if is_open else (utc_text(now), reason)
    if tx.execute(_STATE, (state, *closing, period.id, state)).rowcount != 1:
        return None
    action = "period_reopened" if is_open else "period_closed"
    before = "open" if period.open else "closed"
    actor = Actor(by, reason)
    return _record(tx, action, period=period, actor=actor, now=now, before=before, after=state)


_EXTEND = """
INSERT INTO extensions (period_id, office_id, until, reason, created_by, created_at) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (period_id, office_id) DO UPDATE SET until = excluded.until, reason = excluded.reason,
    created_by = excluded.created_by, created_at = excluded.created_at
"""
_LIFT = "DELETE FROM extensions WHERE period_id = ? AND office_id = ?"


def extend(
    tx: Transaction, period: Period, *, office_id: int, until: date | None, actor: Actor, now: datetime
) -> int:
    """Give one office more time, or with None no duty at all; returns the number of the change."""
    scores.note_if_recorded(tx, period.id, now=now)
    before = _describe(extension(tx, period.id, office_id=office_id))
    tx.execute(_EXTEND, (period.id, office_id, _to_text(until), actor.reason, actor.contact, utc_text(now)))
    after = _describe(extension(tx, period.id, office_id=office_id))
    action = "extension_given" if until else "exemption_given"
    return _record(
        tx, action, period=period, actor=actor, now=now, office=office_id, before=before, after=after
    )


def lift(tx: Transaction, period: Period, *, office_id: int, actor: Actor, now: datetime) -> int | None:
    """Take back what held for one office; returns the number of the change, None when there was nothing."""
    scores.note_if_recorded(tx, period.id, now=now)
    before = _describe(extension(tx, period.id, office_id=office_id))
    if tx.execute(_LIFT, (period.id, office_id)).rowcount != 1:
        return None
    return _record(
        tx, "extension_lifted", period=period, actor=actor, now=now, office=office_id, before=before,
        after=None,
    )  # fmt: skip


def _describe(granted: Extension | None) -> str | None:
    return (_to_text(granted.until) or "exempt") if granted else None


def _record(
    tx: Transaction, action: str, *, period: Period, actor: Actor, now: datetime, **detail: Any
) -> int:
    """Note a change of a period, with who had it changed and why; returns its number."""
    return audit.record(
        tx, action, now=now, actor=actor.contact, year=period.year, **detail, reason=actor.reason
    )
