"""The marks of a review: the desk's verdicts on indicators, and the items it flags for correction."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.conversation.correction import Route
from domain.review import Verdict
from storage import audit
from storage.engine.transaction import Transaction
from storage.engine.utc import utc_text, utc_time
from storage.history import STATE

WHOLE = STATE  # the place of a flag that is about the innovation as a whole


@dataclass(frozen=True, slots=True)
class Flag:
    """One item to correct, and why."""

    place: str
    reason: str
    returned_at: datetime | None


_VERDICTS = "SELECT indicator, level, reason FROM verdicts WHERE innovation_id = ? ORDER BY indicator"
_JUDGE = """
INSERT INTO verdicts (innovation_id, indicator, level, reason, contact_id, at) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (innovation_id, indicator) DO UPDATE
SET level = excluded.level, reason = excluded.reason, contact_id = excluded.contact_id, at = excluded.at
"""


def verdicts(tx: Transaction, innovation_id: int) -> Mapping[int, Verdict]:
    """Load the desk's verdicts by indicator number."""
    return {no: Verdict(level, reason) for no, level, reason in tx.execute(_VERDICTS, (innovation_id,))}


def judge(
    tx: Transaction, innovation_id: int, *, indicator: int, verdict: Verdict, by: int, now: datetime
) -> None:
    """Keep the desk's verdict on one indicator; the one before stays in the audit."""
    before = verdicts(tx, innovation_id).get(indicator)
    values = (innovation_id, indicator, verdict.level, verdict.reason, by, utc_text(now))
    tx.execute(_JUDGE, values)
    detail = {"indicator": indicator, "before": before.level if before else None, "after": verdict.level}
    audit.record(tx, "verdict", now=now, actor=by, innovation=innovation_id, **detail)


_OF_SECOND = """
SELECT indicator, level FROM verdicts
WHERE innovation_id = ? AND contact_id = ? AND at >= ? AND at < ? ORDER BY indicator
"""
_TAKE_BACK = "DELETE FROM verdicts WHERE innovation_id = ? AND indicator = ?"


def take_back(
    tx: Transaction,
    innovation_id: int,
    *,
    indicators: Collection[int],
    since: datetime,
    by: int,
    now: datetime,
) -> tuple[int, ...]:
    """Take back what somebody judged within the second that begins at `since`, and nothing judged since;
    returns the indicators, each with its line in the audit.
    """
    span = (utc_text(since), utc_text(since + timedelta(seconds=1)))
    judged = tx.execute(_OF_SECOND, (innovation_id, by, *span)).fetchall()
    taken = [(no, level) for no, level in judged if no in indicators]
    for no, level in taken:
        tx.execute(_TAKE_BACK, (innovation_id, no))
        detail = {"indicator": no, "before": level, "after": None}
        audit.record(tx, "verdict", now=now, actor=by, innovation=innovation_id, **detail)
    return tuple(no for no, _ in taken)


_FLAGS = """
SELECT place, reason, returned_at FROM flags WHERE innovation_id = ? AND settled_at IS NULL ORDER BY id
"""


def route(tx: Transaction, innovation_id: int) -> Route | None:
    """Load the items a returned innovation came back with; None when there are none."""
    back = [flag for flag in flags(tx, innovation_id) if flag.returned_at and flag.place != WHOLE]
    return (
        Route(tuple(flag.place for flag in back), {flag.place: flag.reason for flag in back})
        if back
        else None
    )


_FLAG = """
INSERT INTO flags (innovation_id, place, reason, contact_id, at) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (innovation_id, place) WHERE settled_at IS NULL DO UPDATE
SET reason = excluded.reason, contact_id = excluded.contact_id, at = excluded.at
"""
_UNFLAG = "DELETE FROM flags WHERE innovation_id = ? AND place = ? AND returned_at IS NULL"


def flags(tx: Transaction, innovation_id: int) -> list[Flag]:
    """List what is to be corrected, collected or already back at the office."""
    rows = tx.execute(_FLAGS, (innovation_id,))
    return [Flag(place, reason, utc_time(at) if at else None) for place, reason, at in rows]


def flag(tx: Transaction, innovation_id: int, *, place: str, reason: str, by: int, now: datetime) -> None:
    """Mark an item to be corrected; a second reason for the same item takes the first one's place."""
    change = {"before": any(kept.place == place for kept in flags(tx, innovation_id)), "after": True}
    tx.execute(_FLAG, (innovation_id, place, reason, by, utc_text(now)))
    audit.record(tx, "flagged", now=now, actor=by, innovation=innovation_id, place=place, **change)


def unflag(tx: Transaction, innovation_id: int, *, place: str, by: int, now: datetime) -> None:
    """Take back a mark that has not gone to the office yet."""
    if tx.execute(_UNFLAG, (innovation_id, place)).rowcount:
        change = {"before": True, "after": False}
        audit.record(tx, "unflagged", now=now, actor=by, innovation=innovation_id, place=place, **change)


_LAST_ROUND = """
SELECT max(returned_at) FROM flags WHERE innovation_id = ? AND place <> ? AND settled_at IS NOT NULL
"""
_OF_ROUND = (
    "SELECT place, reason, returned_at FROM flags WHERE innovation_id = ? AND returned_at = ? ORDER BY id"
)


def last_round(tx: Transaction, innovation_id: int) -> list[Flag]:
    """List what was flagged in the last return the office has answered; nothing when there was none."""
    at = tx.execute(_LAST_ROUND, (innovation_id, WHOLE)).fetchone()[0]
    if at is None:
        return []
    return [
        Flag(place, reason, utc_time(at)) for place, reason, at in tx.execute(_OF_ROUND, (innovation_id, at))
    ]
