"""What reminders told or decided, each key once; the last tick, the pause, and who is judged again."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from domain.reminding.facts import Decided, Key
from domain.rules.reminder_rules import SPREAD_FACTOR, SPREAD_RANGE
from storage import audit
from storage.engine.transaction import Transaction
from storage.engine.utc import utc_text, utc_time

TOLD = "told"
COVERED = "covered"
MISSED = "missed"

_KEEP = """
INSERT INTO occurrences (rule, period_id, office_id, contact_id, step, deadline, at, state, outbox_id, asks)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
"""


def keep(
    tx: Transaction,
    keys: Iterable[Key],
    *,
    state: str,
    now: datetime,
    outbox_id: int | None = None,
    asks: int | None = None,
) -> int:
    """Write down what was decided; returns how many were not decided before.

    `asks` is the innovation whose next question stands in the message.
    """
    at = utc_text(now)
    rows = [
        (k.rule, k.period, k.office, k.person, k.step, k.deadline, at, state, outbox_id, asks) for k in keys
    ]
    return tx.executemany(_KEEP, rows).rowcount if rows else 0


_OF_OFFICES = """
SELECT rule, period_id, office_id, contact_id, step, deadline, at, state FROM occurrences
WHERE period_id = ? AND outbox_id IS DISTINCT FROM ?
"""
_SOME = f"{_OF_OFFICES} AND office_id IN (SELECT value FROM json_each(?))"


def decided(
    tx: Transaction, period_id: int, *, offices: Collection[int] | None = None, but_outbox: int = -1
) -> dict[int, dict[Key, Decided]]:
    """Load what was decided about offices (all when None), by office; `but_outbox` leaves one message out."""
    if offices is None:
        rows = tx.execute(_OF_OFFICES, (period_id, but_outbox))
    else:
        rows = tx.execute(_SOME, (period_id, but_outbox, json.dumps(list(offices))))
    by_office: dict[int, dict[Key, Decided]] = {}
    for rule, period, office, person, step, deadline, at, state in rows:
        key = Key(rule, period, office, person, step, deadline)
        by_office.setdefault(office, {})[key] = Decided(utc_time(at), state == TOLD)
    return by_office


_OF_OUTBOX = """
SELECT rule, period_id, office_id, contact_id, step, deadline, asks FROM occurrences
WHERE outbox_id = ? AND state = 'told' ORDER BY id
"""


def of_message(tx: Transaction, outbox_id: int) -> tuple[list[Key], int | None]:
    """Load what a message tells, and the innovation whose question it asks; nothing when it is no
    reminder.
    """
    rows = tx.execute(_OF_OUTBOX, (outbox_id,)).fetchall()
    return [Key(*row[:6]) for row in rows], next((row[6] for row in rows), None)


_RELEASE = "DELETE FROM occurrences WHERE outbox_id = ?"
_WITHDRAW = "UPDATE outbox SET state = 'dropped', note = ?, lease_until = NULL WHERE id = ?"


def withdraw(tx: Transaction, outbox_id: int, *, why: str) -> None:
    """Take a message back before it leaves; what it would have told is undecided again."""
    tx.execute(_WITHDRAW, (why, outbox_id))
    tx.execute(_RELEASE, (outbox_id,))


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person whose minute of the morning has come."""

    contact_id: int
    roles: frozenset[str]


# The minute of a person as `ReminderRules.minute` counts it.
_CANDIDATES = f"""
SELECT m.contact_id, group_concat(DISTINCT m.role) FROM memberships m
WHERE m.until IS NULL AND m.contact_id > ? AND m.contact_id NOT IN (SELECT contact_id FROM silences)
  AND (m.contact_id * {SPREAD_FACTOR} % {SPREAD_RANGE} % ? BETWEEN ? AND ?
       OR m.contact_id IN (SELECT contact_id FROM held WHERE day = ?))
GROUP BY m.contact_id ORDER BY m.contact_id LIMIT ?
"""


def candidates(
    tx: Transaction, *, after: int, spread: int, minutes: tuple[int, int], day: date, limit: int
) -> list[Candidate]:
    """List whose minute lies in a range, both ends included, and who was held this morning; by id, from
    `after` on.
    """
    values = (after, spread, *minutes, day.isoformat(), limit)
    return [Candidate(row[0], frozenset(row[1].split(","))) for row in tx.execute(_CANDIDATES, values)]


_POSTS = """
SELECT group_concat(DISTINCT role) FROM memberships
WHERE contact_id = ? AND until IS NULL AND contact_id NOT IN (SELECT contact_id FROM silences)
"""


def candidate(tx: Transaction, contact_id: int) -> Candidate | None:
    """Load one person with the posts held now; None when there is none, and for who wants silence."""
    roles = tx.execute(_POSTS, (contact_id,)).fetchone()[0]
    return Candidate(contact_id, frozenset(roles.split(","))) if roles else None


_HELD = "SELECT contact_id FROM held WHERE day = ?"
_HOLD = """
INSERT INTO held (contact_id, day) VALUES (?, ?) ON CONFLICT (contact_id) DO UPDATE SET day = excluded.day
"""
_LET_GO = "DELETE FROM held WHERE contact_id = ?"


def on_hold(tx: Transaction, day: date) -> set[int]:
    """List the people to be judged again this morning."""
    return {row[0] for row in tx.execute(_HELD, (day.isoformat(),))}


def hold(tx: Transaction, contacts: Iterable[int], *, day: date) -> None:
    """Have these people looked at again this morning."""
    tx.executemany(_HOLD, [(contact, day.isoformat()) for contact in contacts])


def let_go(tx: Transaction, contacts: Sequence[int]) -> None:
    """Judge these people no more this morning."""
    tx.executemany(_LET_GO, [(contact,) for contact in contacts])


_TICK = "SELECT at FROM ticks WHERE name = ?"
_SET_TICK = """
INSERT INTO ticks (name, at) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET at = excluded.at
WHERE excluded.at > ticks.at
"""


def last_tick(tx: Transaction, name: str) -> datetime | None:
    """Load when a tick last did all its work."""
    row = tx.execute(_TICK, (name,)).fetchone()
    return utc_time(row[0]) if row else None


def set_tick(tx: Transaction, name: str, *, now: datetime) -> None:
    """Note that a tick did all its work; a clock that jumps back changes nothing."""
    tx.execute(_SET_TICK, (name, utc_text(now)))


RUNNING = "running"  # the tick that is there as long as a run of the bot is under way
_CLEAR_TICK = "DELETE FROM ticks WHERE name = ?"


def clear_tick(tx: Transaction, name: str) -> bool:
    """Forget a tick; False when there was none."""
    return tx.execute(_CLEAR_TICK, (name,)).rowcount == 1


_PAUSED = "SELECT since FROM pauses WHERE until IS NULL"
_PAUSE = "INSERT INTO pauses (since, paused_by) VALUES (?, ?) ON CONFLICT DO NOTHING"
_RESUME = "UPDATE pauses SET until = ?, resumed_by = ? WHERE until IS NULL"


def paused_since(tx: Transaction) -> datetime | None:
    """Return since when reminders are paused, None when they are not."""
    row = tx.execute(_PAUSED).fetchone()
    return utc_time(row[0]) if row else None


def pause(tx: Transaction, *, by: int, now: datetime, reason: str = "") -> bool:
    """Pause reminders; False when they are paused already. The reason stands in the audit."""
    if tx.execute(_PAUSE, (utc_text(now), by)).rowcount != 1:
        return False
    states = {"before": "running", "after": "paused"}
    audit.record(tx, "reminders_paused", now=now, actor=by, reason=reason, **states)
    return True


_PAUSED_BY = """
SELECT c.name, a.detail FROM audit a JOIN contacts c ON c.id = a.actor
WHERE a.action = 'reminders_paused' ORDER BY a.id DESC LIMIT 1
"""


def paused_by(tx: Transaction) -> tuple[str, str]:
    """Return who paused them last and why; both "" where nobody has."""
    row = tx.execute(_PAUSED_BY).fetchone()
    return (str(row[0]), str(json.loads(row[1]).get("reason", ""))) if row else ("", "")


def resume(tx: Transaction, *, by: int, now: datetime) -> bool:
    """Resume reminders; False when they are not paused."""
    if tx.execute(_RESUME, (utc_text(now), by)).rowcount != 1:
        return False
    audit.record(tx, "reminders_resumed", now=now, actor=by, before="paused", after="running")
    return True
