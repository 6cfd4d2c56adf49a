"""What belongs to an office, and what becomes of it when the office is closed or merged."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime

from domain.people import Office
from domain.review import State
from storage import audit, history, offices, roster, rungs, scores
from storage.engine.transaction import Transaction
from storage.engine.utc import utc_text
from storage.history import OFFICE


@dataclass(frozen=True, slots=True)
class Holdings:
    """Counts of what belongs to an office."""

    innovations: int  # of every period, discarded drafts left out
    drafts: int
    people: int
    invitations: int  # still open
    extensions: int  # and exemptions, of open periods


_HOLDINGS = f"""
SELECT (SELECT count(*) FROM innovations WHERE office_id = ? AND discarded_at IS NULL),
       (SELECT count(*) FROM innovations WHERE office_id = ? AND discarded_at IS NULL
           AND state = '{State.DRAFT}'),
       (SELECT count(DISTINCT contact_id) FROM memberships WHERE office_id = ? AND until IS NULL),
       (SELECT count(*) FROM invitations WHERE office_id = ? AND used_at IS NULL AND expires_at > ?),
       (SELECT count(*) FROM extensions e JOIN periods p ON p.id = e.period_id
        WHERE e.office_id = ? AND p.state = 'open')
"""


def holdings(tx: Transaction, office_id: int, *, now: datetime) -> Holdings:
    """Count what hangs on an office."""
    return Holdings(*tx.execute(_HOLDINGS, (*(office_id,) * 4, utc_text(now), office_id)).fetchone())


_END_POSTS = "UPDATE memberships SET until = ? WHERE office_id = ? AND until IS NULL"
_END_INVITATIONS = (
    "UPDATE invitations SET expires_at = ? WHERE office_id = ? AND used_at IS NULL AND expires_at > ?"
)


def close(tx: Transaction, office: Office, *, reason: str, by: int, now: datetime) -> int:
    """Close an office: its people lose the post and open codes end, its innovations stay; returns the
    change.
    """
    holding, at = holdings(tx, office.id, now=now), utc_text(now)
    tx.execute(_END_POSTS, (at, office.id))
    tx.execute(_END_INVITATIONS, (at, office.id, at))
    roster.drop(tx, office.id)
    rungs.drop(tx, office.id)
    offices.set_state(tx, office.id, active=False, now=now)
    states = {"before": "active", "after": "closed"}
    return audit.record(
        tx,
        "office_closed",
        now=now,
        actor=by,
        office=office.id,
        reason=reason,
        held=asdict(holding),
        **states,
    )


def reopen(tx: Transaction, office: Office, *, reason: str, by: int, now: datetime) -> int:
    """Bring a closed office back, without its people; returns the number of the change."""
    offices.set_state(tx, office.id, active=True, now=now)
    states = {"before": "closed", "after": "active"}
    return audit.record(tx, "office_reopened", now=now, actor=by, office=office.id, reason=reason, **states)


_INNOVATIONS = "SELECT id FROM innovations WHERE office_id = ? ORDER BY id"
_MOVE_INNOVATION = "UPDATE innovations SET office_id = ? WHERE id = ?"
_MOVE_POSTS = """
INSERT INTO memberships (contact_id, role, office_id, since)
SELECT contact_id, role, ?, ? FROM memberships WHERE office_id = ? AND until IS NULL ON CONFLICT DO NOTHING
"""
_MOVE_REST = (
    "UPDATE invitations SET office_id = ? WHERE office_id = ?",
    "UPDATE handovers SET office_id = ? WHERE office_id = ?",
)
_TARGETS_MOVE = """
INSERT INTO own_targets (office_id, period_id, target, contact_id, at)
SELECT ?, period_id, target, contact_id, at FROM own_targets WHERE office_id = ? ON CONFLICT DO NOTHING
"""
_OF_OFFICE_ALONE = ("DELETE FROM own_targets WHERE office_id = ?", "DELETE FROM snoozes WHERE office_id = ?")
_EXTENSIONS_MOVE = """
INSERT INTO extensions (period_id, office_id, until, reason, created_by, created_at)
SELECT period_id, ?, until, reason, created_by, created_at FROM extensions
WHERE office_id = ? AND until IS NOT NULL
ON CONFLICT (period_id, office_id) DO UPDATE SET until = excluded.until, reason = excluded.reason
WHERE extensions.until < excluded.until
"""
_EXTENSIONS_END = "DELETE FROM extensions WHERE office_id = ?"


def _move_innovations(tx: Transaction, office: Office, *, into: Office, by: int, now: datetime) -> None:
    old, new = json.dumps(office.id), json.dumps(into.id)
    for (innovation,) in tx.execute(_INNOVATIONS, (office.id,)).fetchall():
        tx.execute(_MOVE_INNOVATION, (into.id, innovation))
        history.add(tx, innovation, by=by, now=now, change=history.Change(OFFICE, old, new))
        scores.refresh(tx, innovation, now=now)


def _move_people(tx: Transaction, office: Office, *, into: Office, now: datetime) -> None:
    at = utc_text(now)
    tx.execute(_MOVE_POSTS, (into.id, at, office.id))
    tx.execute(_END_POSTS, (at, office.id))
    for sql in _MOVE_REST:
        tx.execute(sql, (into.id, office.id))
    roster.move(tx, office.id, into=into.id)
    rungs.move(tx, office.id, into=into.id)


def _move_dates(tx: Transaction, office: Office, *, into: Office) -> None:
    tx.execute(_TARGETS_MOVE, (into.id, office.id))
    for sql in _OF_OFFICE_ALONE:
        tx.execute(sql, (office.id,))
    tx.execute(_EXTENSIONS_MOVE, (into.id, office.id))
    tx.execute(_EXTENSIONS_END, (office.id,))


def merge(tx: Transaction, office: Office, *, into: Office, reason: str, by: int, now: datetime) -> int:
    """Move everything of an office into another and close it; returns the number of the change.

    1. Innovations, each with its line of history, and the sums they count in.
    2. People (who serves both serves one), invitations, handovers, who is on the list and has not come yet.
    3. Its own target date, where the other has none; extensions, the later one winning.
       An exemption of the office that goes does not bind the one that stays.
    4. Names: whoever types the old one finds the office that stays.
    """
    scores.note_every_period(tx, now)
    holding = holdings(tx, office.id, now=now)
    _move_innovations(tx, office, into=into, by=by, now=now)
    _move_people(tx, office, into=into, now=now)
    _move_dates(tx, office, into=into)
    offices.take_names(tx, office, into=into, now=now)
    offices.set_state(tx, office.id, active=False, into=into.id, now=now)
    moved = asdict(holding)
    return audit.record(
        tx, "office_merged", now=now, actor=by, before=office.id, after=into.id, reason=reason, moved=moved
    )
