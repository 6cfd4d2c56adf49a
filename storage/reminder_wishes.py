"""What people asked of reminders: to postpone them, an earlier target, the weekly summary."""

from __future__ import annotations

from datetime import date, datetime

from storage import audit
from storage.engine.transaction import Transaction
from storage.engine.utc import utc_text

_SNOOZE = """
INSERT INTO snoozes (contact_id, period_id, office_id, until, at) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (contact_id, period_id, office_id) DO UPDATE SET until = excluded.until, at = excluded.at
"""


def snooze(tx: Transaction, contact_id: int, *, period: int, office: int, until: date, now: datetime) -> None:
    """Put off what a person hears about one office until a morning."""
    tx.execute(_SNOOZE, (contact_id, period, office, until.isoformat(), utc_text(now)))


_SET_TARGET = """
INSERT INTO own_targets (office_id, period_id, target, contact_id, at) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (office_id, period_id) DO UPDATE SET target = excluded.target, contact_id = excluded.contact_id,
    at = excluded.at
"""
_TARGETS = "SELECT office_id, target FROM own_targets WHERE period_id = ?"
_TARGET_OF = "SELECT target FROM own_targets WHERE office_id = ? AND period_id = ?"
_DROP_TARGET = "DELETE FROM own_targets WHERE office_id = ? AND period_id = ?"


def set_target(tx: Transaction, office: int, *, period: int, target: date, by: int, now: datetime) -> None:
    """Keep the earlier date an office set itself."""
    change = {"before": _target_of(tx, office, period=period), "after": target.isoformat()}
    tx.execute(_SET_TARGET, (office, period, target.isoformat(), by, utc_text(now)))
    audit.record(tx, "target_set", now=now, actor=by, office=office, **change)


def drop_target(tx: Transaction, office: int, *, period: int, by: int, now: datetime) -> None:
    """Forget the earlier date: the period's deadline alone counts again."""
    before = _target_of(tx, office, period=period)
    if tx.execute(_DROP_TARGET, (office, period)).rowcount:
        audit.record(tx, "target_dropped", now=now, actor=by, office=office, before=before, after=None)


def _target_of(tx: Transaction, office: int, *, period: int) -> str | None:
    row = tx.execute(_TARGET_OF, (office, period)).fetchone()
    return str(row[0]) if row else None


def targets(tx: Transaction, period: int) -> dict[int, date]:
    """Load the earlier dates of a period, by office."""
    return {office: date.fromisoformat(day) for office, day in tx.execute(_TARGETS, (period,))}


_SUBSCRIBE = "INSERT INTO subscriptions (contact_id, since) VALUES (?, ?) ON CONFLICT DO NOTHING"
_UNSUBSCRIBE = "DELETE FROM subscriptions WHERE contact_id = ?"
_SUBSCRIBED = "SELECT 1 FROM subscriptions WHERE contact_id = ?"


def subscribe(tx: Transaction, contact_id: int, *, now: datetime) -> None:
    """Send this person the weekly summary."""
    if tx.execute(_SUBSCRIBE, (contact_id, utc_text(now))).rowcount:
        audit.record(tx, "summary_subscribed", now=now, actor=contact_id, before=False, after=True)


def unsubscribe(tx: Transaction, contact_id: int, *, now: datetime) -> None:
    """Send this person no weekly summary any more."""
    if tx.execute(_UNSUBSCRIBE, (contact_id,)).rowcount:
        audit.record(tx, "summary_unsubscribed", now=now, actor=contact_id, before=True, after=False)


def is_subscribed(tx: Transaction, contact_id: int) -> bool:
    """Tell whether this person gets the weekly summary."""
    return tx.execute(_SUBSCRIBED, (contact_id,)).fetchone() is not None


_SUBSCRIBERS = """
SELECT s.contact_id FROM subscriptions s WHERE s.contact_id NOT IN (SELECT contact_id FROM silences)
    AND (CAST(? AS TEXT) IS NULL OR s.since < ?) AND EXISTS (
    SELECT 1 FROM memberships m WHERE m.contact_id = s.contact_id AND m.until IS NULL
      AND (m.role = 'leader' OR (m.role = 'admin' AND ?)))
ORDER BY s.contact_id
"""


def subscribers(tx: Transaction, *, leaders_alone: bool = False, since: datetime | None = None) -> list[int]:
    """List who gets the weekly summary and still holds a post that may see it.

    `since` leaves out who subscribed later than that.
    """
    at = utc_text(since) if since else None
    return [row[0] for row in tx.execute(_SUBSCRIBERS, (at, at, not leaders_alone))]
