"""Review: the queue, who has taken what, and every change of state."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.review import QUEUES, Move, State, after
from storage import audit, history, scores
from storage.addresses import THE_ONE, WRITABLE
from storage.engine.transaction import Transaction
from storage.engine.utc import utc_text, utc_time
from storage.history import DISCARDED, STATE
from storage.innovations import Innovation
from storage.states import quoted


@dataclass(frozen=True, slots=True)
class Holder:
    """Who has an innovation under review, and since when."""

    contact_id: int
    name: str
    since: datetime
    came_from: str
    alone_reason: str  # why somebody decides alone on what is their own; "" for everybody else


@dataclass(frozen=True, slots=True)
class Waiting:
    """One line of the queue."""

    id: int
    title: str
    office: str
    receipt: str
    state: str
    since: datetime | None  # when it came to the desk last; what was repaired keeps the time from before
    reviewer: str
    is_repaired: bool = False  # it came back after the desk had returned it
    closed_year: int = 0  # of its period, where that is closed; 0 in an open one


_HOLDER = f"""
SELECT r.contact_id, c.name, r.since, r.came_from, coalesce(r.alone_reason, '') FROM reviews r
JOIN innovations i ON i.id = r.innovation_id AND i.state = '{State.IN_REVIEW}'
JOIN contacts c ON c.id = r.contact_id
WHERE r.innovation_id = ?
"""


def holder(tx: Transaction, innovation_id: int) -> Holder | None:
    """Load who has the innovation under review."""
    row = tx.execute(_HOLDER, (innovation_id,)).fetchone()
    return Holder(row[0], row[1], utc_time(row[2]), row[3], row[4]) if row else None


# What the office did itself; the desk's own moves and the handing over of posts are no writing.
_HAS_WRITTEN = f"""
SELECT EXISTS (SELECT 1 FROM innovations WHERE id = ? AND created_by = ?)
    OR EXISTS (SELECT 1 FROM history WHERE innovation_id = ? AND contact_id = ? AND (
        question NOT LIKE '#%'
        OR (question = '#state' AND (
            new IN ('{State.DRAFT}', '{DISCARDED}', '{State.CHANGED}', '{State.WITHDRAWN}')
            OR (new = '{State.SENT}' AND coalesce(old, '') <> '{State.IN_REVIEW}')))))
"""


def has_written(tx: Transaction, innovation_id: int, *, contact_id: int) -> bool:
    """Tell whether somebody has begun, filled in, sent or withdrawn an innovation, whatever their posts
    are now.
    """
    return bool(tx.execute(_HAS_WRITTEN, (innovation_id, contact_id) * 2).fetchone()[0])


_ALONE = "UPDATE reviews SET alone_reason = ? WHERE innovation_id = ? AND contact_id = ?"


def go_alone(tx: Transaction, innovation_id: int, *, reason: str, by: int, now: datetime) -> int:
    """Keep why somebody decides alone on what is their own; returns the line of the audit."""
    tx.execute(_ALONE, (reason, innovation_id, by))
    return audit.record(tx, "review_alone", now=now, actor=by, innovation=innovation_id, reason=reason)


_MOVE = "UPDATE innovations SET state = ?, updated_at = ? WHERE id = ? AND state = ? AND discarded_at IS NULL"
_HOLD = """
INSERT INTO reviews (innovation_id, contact_id, since, came_from) VALUES (?, ?, ?, ?)
ON CONFLICT (innovation_id) DO UPDATE
SET contact_id = excluded.contact_id, since = excluded.since, came_from = excluded.came_from,
    alone_reason = NULL
"""
_LET_GO = "DELETE FROM reviews WHERE innovation_id = ?"
_GO_BACK = "UPDATE flags SET returned_at = ? WHERE innovation_id = ? AND returned_at IS NULL"
_SETTLE = """
UPDATE flags SET settled_at = ? WHERE innovation_id = ? AND returned_at IS NOT NULL AND settled_at IS NULL
"""


# what was repaired waits from when it first came: the office is not put behind the others for its work
_KEEP_AGE = "UPDATE innovations SET came_at = ? WHERE id = ?"


def move(tx: Transaction, innovation: Innovation, *, to: Move, by: int, now: datetime) -> State | None:
    """Move an innovation with its line of history; None when it may not move so, which is audited.

    The flags go with it: what was collected goes back with a return, and is settled when it is sent in again.
    """
    at = utc_text(now)
    reviewer = holder(tx, innovation.id)
    state = innovation.state
    target = after(state, to, came_from=reviewer.came_from if reviewer else "")
    if target is None or not tx.execute(_MOVE, (target.value, at, innovation.id, state)).rowcount:
        refused = {"innovation": innovation.id, "move": to.value, "state": state}
        audit.record(tx, "refused_move", now=now, actor=by, **refused)
        return None
    came_before = came_at(tx, innovation.id)
    history.add(tx, innovation.id, by=by, now=now, change=history.Change(STATE, state, target))
    if to is Move.RESEND and state == State.RETURNED and came_before is not None:
        tx.execute(_KEEP_AGE, (utc_text(came_before), innovation.id))
    if to is Move.TAKE:
        tx.execute(_HOLD, (innovation.id, by, at, innovation.state))
    else:
        tx.execute(_LET_GO, (innovation.id,))
    if to in (Move.RETURN, Move.REJECT):
        tx.execute(_GO_BACK, (at, innovation.id))
    if to is Move.RESEND:
        settle(tx, innovation.id, now=now)
    scores.refresh(tx, innovation.id, now=now)
    audit.record(tx, "moved", now=now, actor=by, innovation=innovation.id, before=state, after=target.value)
    return target


def settle(tx: Transaction, innovation_id: int, *, now: datetime) -> None:
    """Close the desk's open flags, because the office answered them or a new decision replaces them."""
    tx.execute(_SETTLE, (utc_text(now), innovation_id))


_TAKE_OVER = """
UPDATE reviews SET contact_id = ?, since = ?, alone_reason = NULL WHERE innovation_id = ? AND contact_id = ?
"""


def take_over(tx: Transaction, innovation_id: int, *, from_: int, by: int, now: datetime) -> bool:
    """Take a review over from the one who was named; False when somebody else has it by now."""
    if not tx.execute(_TAKE_OVER, (by, utc_text(now), innovation_id, from_)).rowcount:
        return False
    audit.record(tx, "review_taken_over", now=now, actor=by, innovation=innovation_id, before=from_, after=by)
    return True


_RETURNED_BY = f"""
SELECT contact_id FROM history WHERE innovation_id = ? AND question = '{STATE}' AND new = '{State.RETURNED}'
ORDER BY id DESC LIMIT 1
"""


def returned_by(tx: Transaction, innovation_id: int) -> int | None:
    """Find who of the desk returned an innovation last."""
    row = tx.execute(_RETURNED_BY, (innovation_id,)).fetchone()
    return int(row[0]) if row and row[0] is not None else None


_TITLE = (
    "(SELECT json_extract(a.value, '$') FROM answers a WHERE a.innovation_id = i.id AND a.question = 'nama')"
)


def came_at(tx: Transaction, innovation_id: int) -> datetime | None:
    """Find when the office last sent or changed an innovation; a review let go of changes nothing."""
    row = tx.execute("SELECT came_at FROM innovations WHERE id = ?", (innovation_id,)).fetchone()
    return utc_time(row[0]) if row and row[0] else None


# the page is found in the index alone; titles and names are read for its rows only
_QUEUE = f"""
SELECT i.id, {_TITLE}, o.short, i.receipt, i.state, i.came_at,
       (SELECT c.name FROM reviews r JOIN contacts c ON c.id = r.contact_id
        WHERE r.innovation_id = i.id AND i.state = '{State.IN_REVIEW}'),
       EXISTS (SELECT 1 FROM history h WHERE h.innovation_id = i.id AND h.question = '{STATE}'
               AND h.old = '{State.RETURNED}' AND h.new = '{State.SENT}'),
       (SELECT CASE r.state WHEN 'open' THEN 0 ELSE r.year END FROM periods r WHERE r.id = i.period_id)
FROM (SELECT id FROM innovations WHERE discarded_at IS NULL AND state IN ({{marks}})
      ORDER BY came_at, id LIMIT ? OFFSET ?) p
JOIN innovations i ON i.id = p.id JOIN offices o ON o.id = i.office_id ORDER BY i.came_at, i.id
"""


def queue(tx: Transaction, which: str, *, limit: int, offset: int = 0) -> list[Waiting]:
    """List what stands in a queue of `domain.review.QUEUES`, whatever its period; who waits longest comes
    first.
    """
    states = QUEUES[which]
    rows = tx.execute(_QUEUE.format(marks=_marks(states)), (*states, limit, offset))
    return [
        Waiting(
            r[0],
            r[1] or "",
            r[2],
            r[3] or "",
            r[4],
            utc_time(r[5]) if r[5] else None,
            r[6] or "",
            bool(r[7]),
            r[8],
        )
        for r in rows
    ]


def _marks(values: Sequence[Any]) -> str:
    return ", ".join("?" * len(values))


_COUNTS = f"""
SELECT state, count(*) FROM innovations WHERE discarded_at IS NULL
AND (state <> '{State.DRAFT}' OR period_id IN (SELECT id FROM periods WHERE state = 'open')) GROUP BY state
"""


def counts(tx: Transaction) -> Mapping[str, int]:
    """Count the innovations by state, over all periods; drafts of an open one alone, as others go nowhere."""
    return dict(tx.execute(_COUNTS).fetchall())


_WAITING = f"""
SELECT count(*) FROM innovations
WHERE discarded_at IS NULL AND state IN ({quoted(*QUEUES["wait"])}) AND came_at < ?
"""


def count_waiting(tx: Transaction, *, before: datetime) -> int:
    """Count what waits for the desk since before a moment."""
    return int(tx.execute(_WAITING, (utc_text(before),)).fetchone()[0])


_OF_OFFICE = f"""
SELECT c.id, a.channel, a.address, c.language FROM memberships m
JOIN contacts c ON c.id = m.contact_id JOIN addresses a ON a.contact_id = c.id
WHERE m.role = 'focal_point' AND m.office_id = ? AND m.until IS NULL AND {WRITABLE} AND {THE_ONE}
ORDER BY c.id
"""


def people_of(tx: Transaction, office_id: int) -> list[tuple[int, str, str, str]]:
    """List the reachable focal points of an office, each at one address: contact, channel, address,
    language.
    """
    return tx.execute(_OF_OFFICE, (office_id,)).fetchall()


_RETURNED = f"""
SELECT i.id, {_TITLE} FROM innovations i
WHERE i.office_id IN (SELECT value FROM json_each(?)) AND i.state = '{State.RETURNED}'
    AND i.state IN ({quoted(State.DRAFT, State.RETURNED)}) AND i.discarded_at IS NULL
ORDER BY i.updated_at, i.id
"""


def returned_to(tx: Transaction, office_ids: Collection[int]) -> list[tuple[int, str]]:
    """List what lies at these offices to be corrected, in any period: id and title, the longest untouched
    first.
    """
    return tx.execute(_RETURNED, (json.dumps(list(office_ids)),)).fetchall()
