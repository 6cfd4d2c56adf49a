"""Leases of outgoing messages: each is sent only by whoever took it, until its lease ends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.delivery import Reason
from storage.engine.transaction import Transaction
from storage.engine.utc import utc_text, utc_time
from storage.outbox import ANSWER, BROADCAST, REMINDER, REPLY
from storage.outbox_outcomes import Outcome, State

_PRIORITIES = (REPLY, REMINDER, BROADCAST)


@dataclass(slots=True, unsafe_hash=True)  # as domain.message.Choice
class Outgoing:
    """One leased message."""

    id: int
    channel: str
    address: str
    priority: int
    payload: str
    repeatable: bool
    attempts: int
    language: str = ""  # of who reads it; "" where nobody is known
    second: bool = False  # sent in place of one that did not arrive at another address
    unsure: bool = False  # a try before may have arrived
    spoke_at: datetime | None = None  # when the person last spoke, on a channel that asks for it
    leased_at: str = ""  # UTC text: tells this lease from a later one

    def outcome(self, state: State, **more: Any) -> Outcome:
        """Say what became of it under this lease; `more` are fields of the outcome."""
        return Outcome(self.id, state, leased_at=self.leased_at, **more)


# The rows of one priority that may leave, as `outbox_due` orders them.
# One under way keeps its address waiting; so does an earlier one that is due, or that was tried and will be
# tried again. One that was put off from the start (tomorrow's reminder), or is held until the person speaks,
# keeps nobody waiting.
_DUE = """
SELECT id FROM (
    SELECT o.id FROM outbox o
    WHERE o.channel = ? AND o.priority = {priority} AND o.state = 'waiting'
      AND coalesce(o.not_before, '') <= ?
      AND NOT EXISTS (
          SELECT 1 FROM outbox l WHERE l.channel = o.channel AND l.address = o.address AND l.state = 'leased')
      AND NOT EXISTS (
          SELECT 1 FROM outbox e WHERE e.channel = o.channel AND e.address = o.address
            AND e.state IN ('waiting', 'leased') AND (e.priority, e.id) < (o.priority, o.id)
            AND (coalesce(e.not_before, '') <= ?
                 OR ((e.attempts > 0 OR e.unsure = 1) AND e.not_before < '9999')))
    ORDER BY coalesce(o.not_before, ''), o.id LIMIT ?) d
"""
_REPLIES, _REMINDERS, _BROADCASTS = (_DUE.format(priority=priority) for priority in _PRIORITIES)
# SQLite finds no index by a column of the row that RETURNING returns, only by a value made of it: without the
# CAST everybody's address is read for each message
_OF_ITS_ADDRESS = "{0}.channel = CAST(outbox.channel AS TEXT) AND {0}.address = CAST(outbox.address AS TEXT)"
_SPOKEN = f"FROM windows w WHERE {_OF_ITS_ADDRESS.format('w')}"
_READER = f"FROM addresses a JOIN contacts c ON c.id = a.contact_id WHERE {_OF_ITS_ADDRESS.format('a')}"
_LEASE = f"""
UPDATE outbox SET state = 'leased', attempts = attempts + 1, leased_at = ?, lease_until = ?,
    departed_at = NULL
WHERE id IN ({{due}})
RETURNING id, channel, address, priority, payload, repeatable, attempts, (SELECT c.language {_READER}),
    instead_of IS NOT NULL, unsure,
    CASE WHEN EXISTS (SELECT 1 {_SPOKEN}) THEN (SELECT w.spoke_at {_SPOKEN})
        -- to somebody who has just spoken, also where that is kept no more: the farewell at an erasing
        WHEN dedupe_key LIKE '{ANSWER}%' THEN created_at END,
    leased_at
"""
_CLAIM_REPLIES = _LEASE.format(due=_REPLIES)
_CLAIM = _LEASE.format(
    due=f"""
    SELECT id FROM (
        SELECT id FROM ({_REPLIES}) a UNION ALL
        SELECT id FROM (
            SELECT id FROM ({_REMINDERS}) b UNION ALL SELECT id FROM ({_BROADCASTS}) c LIMIT ?) bulk
    ) due LIMIT ?"""
)


def claim(
    tx: Transaction, channel: str, *, now: datetime, until: datetime, limit: int, bulk: int | None = None
) -> list[Outgoing]:
    """Lease the first due message of each address that has none under way, replies first.

    At most `bulk` of them are no replies; 0 leases replies alone, at a third of the cost.
    """
    at = utc_text(now)
    bulk = limit if bulk is None else bulk
    lease, due = (at, utc_text(until)), (channel, at, at)
    if bulk > 0:
        rows = tx.execute(_CLAIM, (*lease, *due, limit, *due, bulk, *due, bulk, bulk, limit)).fetchall()
    else:
        rows = tx.execute(_CLAIM_REPLIES, (*lease, *due, limit)).fetchall()
    if len(rows) > 1:
        rows.sort(key=_by_priority)
    return [_read_leased(row) for row in rows]


def _read_leased(row: tuple[Any, ...]) -> Outgoing:
    repeatable, attempts, language, second, unsure, spoke_at, leased_at = row[5:]
    return Outgoing(
        id=row[0],
        channel=row[1],
        address=row[2],
        priority=row[3],
        payload=row[4],
        repeatable=bool(repeatable),
        attempts=attempts,
        language=language or "",
        second=bool(second),
        unsure=bool(unsure),
        spoke_at=utc_time(spoke_at) if spoke_at else None,
        leased_at=leased_at,
    )


def _by_priority(row: tuple[Any, ...]) -> tuple[int, int]:
    return row[3], row[0]


_DEPART = """
UPDATE outbox SET departed_at = ? WHERE id = ? AND state = 'leased' AND leased_at = ? AND lease_until > ?
"""


def depart(tx: Transaction, row: Outgoing, *, now: datetime) -> bool:
    """Note that a message goes into the air now; False when its lease is no longer ours."""
    at = utc_text(now)
    return tx.execute(_DEPART, (at, row.id, row.leased_at, at)).rowcount == 1


# A lease that is lost was no try. Before a message that may not be repeated, or that may have arrived before,
# goes into the air, that is written down (`depart`): where it is not, it did not leave under this lease.
_RECOVER = """
UPDATE outbox SET state = CASE WHEN departed_at IS NULL THEN 'waiting' ELSE 'unknown' END,
    attempts = attempts - CASE WHEN departed_at IS NULL THEN 1 ELSE 0 END,
    unsure = CASE WHEN departed_at IS NULL AND repeatable = 1 THEN 1 ELSE unsure END,
    not_before = CASE WHEN departed_at IS NULL AND repeatable = 1 THEN ? ELSE not_before END,
    reason = CASE WHEN departed_at IS NOT NULL THEN ? END, note = 'lease lost', lease_until = NULL
WHERE state = 'leased' AND (? = '' OR channel = ?) AND (? OR lease_until <= ?)
"""


def recover(
    tx: Transaction,
    *,
    now: datetime,
    channel: str = "",
    all_leases: bool = False,
    told_until: datetime | None = None,
) -> int:
    """Take back leases that ran out, or all of them at start; of one channel, or of every one.

    What may be repeated waits on, to leave once more: it may have arrived. Where the platform tells later
    what became of a message, that happens at `told_until` at the earliest: a status that comes until then
    settles it. What had been written down as gone into the air becomes unknown.
    """
    again_at = utc_text(told_until) if told_until else None
    values = (again_at, Reason.UNKNOWN, channel, channel, all_leases, utc_text(now))
    return tx.execute(_RECOVER, values).rowcount


_RECENT = """
SELECT address, CASE WHEN state = 'sent' THEN sent_at END FROM outbox
WHERE channel = ? AND leased_at > ? AND (state = 'leased' OR sent_at > ?) ORDER BY leased_at, id
"""


def recent(
    tx: Transaction, channel: str, *, since: datetime, leased_since: datetime
) -> list[tuple[str, datetime | None]]:
    """List what may have left since then and when at the latest, so that the pace holds across a restart;
    None where that is not known.

    `leased_since` is earlier by the length of a lease: a leased message may leave long after its lease began.
    """
    rows = tx.execute(_RECENT, (channel, utc_text(leased_since), utc_text(since)))
    return [(address, utc_time(at) if at else None) for address, at in rows]


_LEASED = "SELECT id FROM outbox WHERE state = 'leased'"


def leased(tx: Transaction) -> frozenset[int]:
    """Number the messages whose fate is not written down yet, on every channel."""
    return frozenset(number for (number,) in tx.execute(_LEASED))


_NEXT_OF_PRIORITY = """
SELECT min(coalesce(not_before, '')) AS due FROM outbox
WHERE channel = ? AND priority = {priority} AND state = 'waiting' AND coalesce(not_before, '') > ?
  AND coalesce(not_before, '') < '9999'
"""
_NEXT_OF_EACH = " UNION ALL ".join(_NEXT_OF_PRIORITY.format(priority=priority) for priority in _PRIORITIES)
_NEXT_DUE = f"SELECT min(due) FROM ({_NEXT_OF_EACH}) n"


def next_due(tx: Transaction, channel: str, *, now: datetime) -> datetime | None:
    """Find when the next postponed message is due."""
    row = tx.execute(_NEXT_DUE, (channel, utc_text(now)) * len(_PRIORITIES)).fetchone()
    return utc_time(row[0]) if row[0] else None


_IS_DUE = f"""
SELECT EXISTS (SELECT 1 FROM outbox WHERE channel = ? AND priority = {REPLY} AND state = 'waiting'
               AND coalesce(not_before, '') <= ?)
"""


def is_due(tx: Transaction, channel: str, *, now: datetime) -> bool:
    """Tell whether a reply could leave but for the pace, the room, or the one before it to the same
    address.
    """
    return bool(tx.execute(_IS_DUE, (channel, utc_text(now))).fetchone()[0])
