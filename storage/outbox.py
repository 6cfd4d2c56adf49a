"""Outgoing messages; nothing is sent but these rows, and each only under a lease."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from domain.delivery import Reason
from domain.message import Message
from storage import contacts
from storage.engine.json_text import encodable
from storage.engine.transaction import Transaction
from storage.engine.utc import utc_text, utc_time
from storage.sweeping import PORTION, Swept

# Priorities: who asked is answered first.
REPLY = 0
REMINDER = 1
BROADCAST = 2
State = Literal["sent", "failed", "unknown", "waiting", "dropped"]
ANSWER = "reply:"  # begins the key of what a turn answers; nothing told unasked has it


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


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a leased message."""

    id: int
    state: State
    message_ref: str = ""
    not_before: datetime | None = None
    reason: Reason | None = None  # why the try failed
    note: str = ""  # for whoever looks into a fault; nothing is decided by it
    blocked: bool = False
    second: bool = False  # it went in place of one that did not arrive at another address
    untried: bool = False  # it never left, or the platform asked for a pause: this was no try
    unsure: bool = False  # this try may have arrived
    leased_at: str = ""  # the lease it was sent under, as UTC text; "" for whichever there is


@dataclass(frozen=True, slots=True)
class Terms:
    """When a message leaves, and whether it may leave twice."""

    priority: int = REPLY
    dedupe_key: str | None = None  # a second message of the same key is not queued
    repeatable: bool = True  # it is sent again when nobody knows whether it arrived
    not_before: datetime | None = None


AT_ONCE = Terms()
_QUEUE = """
INSERT INTO outbox (channel, address, priority, payload, repeatable, dedupe_key, created_at, not_before)
VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (dedupe_key) DO NOTHING
"""
_INSERT = f"{_QUEUE} RETURNING id"


def answer(
    tx: Transaction, inbox_id: int, *, channel: str, address: str, messages: Iterable[Message], now: datetime
) -> None:
    """Queue what a turn answers to a row of the inbox; a turn that runs again queues nothing twice."""
    at = utc_text(now)
    values = [
        (
            channel,
            address,
            REPLY,
            encodable(message.to_json()),
            True,
            f"{ANSWER}{inbox_id}:{number}",
            at,
            None,
        )
        for number, message in enumerate(messages)
    ]
    tx.executemany(_QUEUE, values)


def insert(
    tx: Transaction,
    *,
    channel: str,
    address: str,
    message: Message,
    now: datetime,
    terms: Terms = AT_ONCE,
) -> int | None:
    """Queue a message; None when its key is there already."""
    due = utc_text(terms.not_before) if terms.not_before else None
    payload = encodable(message.to_json())
    leaves = (terms.repeatable, terms.dedupe_key, utc_text(now), due)
    values = (channel, address, terms.priority, payload, *leaves)
    row = tx.execute(_INSERT, values).fetchone()
    return row[0] if row else None


# SQLite takes a partial index only where the query repeats its condition word for word: the pair of states
# leads to `outbox_open`, the single state behind it says what is meant.
_LAST_REPLY = f"""
SELECT id, payload FROM outbox
WHERE channel = ? AND address = ? AND state IN ('waiting', 'leased') AND state = 'waiting'
  AND priority = {REPLY} AND attempts = 0 AND not_before IS NULL AND reason IS NULL AND unsure = 0
  AND NOT EXISTS (
      SELECT 1 FROM outbox n WHERE n.channel = outbox.channel AND n.address = outbox.address
        AND n.id > outbox.id AND n.state IN ('waiting', 'leased') AND n.priority = {REPLY})
ORDER BY id DESC LIMIT 1
"""
_REWRITE = "UPDATE outbox SET payload = ? WHERE id = ? AND state = 'waiting' AND attempts = 0"


def last_reply(tx: Transaction, channel: str, *, address: str) -> tuple[int, Message] | None:
    """Find the reply behind which the next one to this address would wait; None when none waits."""
    row = tx.execute(_LAST_REPLY, (channel, address)).fetchone()
    return (row[0], Message.from_json(row[1])) if row else None


def rewrite(tx: Transaction, row_id: int, *, message: Message) -> None:
    """Have a message that never left say this instead."""
    tx.execute(_REWRITE, (encodable(message.to_json()), row_id))


# The rows of one priority that may leave, as `outbox_due` orders them.
# One under way keeps its address waiting; so does an earlier one that is due, or that failed and will be
# tried again. One that was put off from the start (tomorrow's reminder) keeps nobody waiting.
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
            AND (e.attempts > 0 OR coalesce(e.not_before, '') <= ?))
    ORDER BY coalesce(o.not_before, ''), o.id LIMIT ?) d
"""
_PRIORITIES = (REPLY, REMINDER, BROADCAST)
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


# That a try may have arrived is never forgotten. A try whose lease was lost settles nothing, but that it was
# taken: its message may be under way again, with a fate of its own. Nor does one that was told to have
# failed meanwhile, which has left its reference.
_SETTLE = """
UPDATE outbox SET state = ?, message_ref = coalesce(?, message_ref), not_before = ?, reason = ?, note = ?,
    sent_at = ?, lease_until = NULL, attempts = attempts - ?, unsure = CASE WHEN ? THEN 1 ELSE unsure END
WHERE id = ? AND (? = '' OR leased_at = ?)
  AND (state = 'leased' OR (? = 'sent' AND leased_at = ? AND state IN ('waiting', 'unknown')
                            AND coalesce(message_ref, '') <> ?))
"""
_ADDRESS = "SELECT channel, address FROM outbox WHERE id = ?"
# both states again for `outbox_open`, see _LAST_REPLY
_DROP = """
UPDATE outbox SET state = 'dropped', reason = ?
WHERE channel = ? AND address = ? AND state IN ('waiting', 'leased') AND state = 'waiting'
"""


def settle(tx: Transaction, outcomes: Sequence[Outcome], *, now: datetime) -> None:
    """Record the outcomes of leased messages; one that lost its lease meanwhile is not changed."""
    at = utc_text(now)
    tx.executemany(
        _SETTLE,
        [
            (
                outcome.state,
                outcome.message_ref or None,
                utc_text(outcome.not_before) if outcome.not_before else None,
                outcome.reason,
                outcome.note or None,
                at if outcome.state == "sent" else None,
                outcome.untried,
                outcome.unsure,
                outcome.id,
                outcome.leased_at,
                outcome.leased_at,
                outcome.state,
                outcome.leased_at,
                outcome.message_ref,
            )
            for outcome in outcomes
        ],
    )
    for outcome in outcomes:
        if outcome.blocked:
            _block(tx, outcome, now=now)


_WITHDRAW = """
UPDATE outbox SET state = 'dropped', note = 'holds no more'
WHERE state = 'waiting' AND dedupe_key >= ? AND dedupe_key < ? RETURNING dedupe_key
"""


def withdraw(tx: Transaction, prefix: str) -> list[str]:
    """Take back what has not left of the messages whose key begins like this; returns their keys."""
    return [row[0] for row in tx.execute(_WITHDRAW, (prefix, f"{prefix}~")).fetchall()]


def _block(tx: Transaction, outcome: Outcome, *, now: datetime) -> None:
    """Block the address of a message, and drop what waits for it."""
    address = tx.execute(_ADDRESS, (outcome.id,)).fetchone()
    if address is not None:
        contacts.block(tx, address[0], address=address[1], now=now)
        tx.execute(_DROP, (outcome.reason, *address))


# A lease that is lost was no try. Before a message that may not be repeated, or that may have arrived before,
# goes into the air, that is written down (`depart`): where it is not, it did not leave under this lease.
_RECOVER = """
UPDATE outbox SET state = CASE WHEN departed_at IS NULL THEN 'waiting' ELSE 'unknown' END,
    attempts = attempts - CASE WHEN departed_at IS NULL THEN 1 ELSE 0 END,
    unsure = CASE WHEN departed_at IS NULL AND repeatable = 1 THEN 1 ELSE unsure END,
    reason = CASE WHEN departed_at IS NOT NULL THEN ? END, note = 'lease lost', lease_until = NULL
WHERE state = 'leased' AND (? OR lease_until <= ?)
"""


def recover(tx: Transaction, *, now: datetime, all_leases: bool = False) -> int:
    """Take back leases that ran out, or all of them at start.

    What may be repeated waits on, to leave once more: it may have arrived. What had been written down as gone
    into the air becomes unknown.
    """
    return tx.execute(_RECOVER, (Reason.UNKNOWN, all_leases, utc_text(now))).rowcount


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


_PORTION = """
SELECT max(id), min(created_at) FROM (SELECT id, created_at FROM outbox WHERE id > ? ORDER BY id LIMIT ?) p
"""
_SWEEP = """
DELETE FROM outbox WHERE id > ? AND id <= ? AND created_at < ? AND state NOT IN ('waiting', 'leased')
"""


def sweep(tx: Transaction, *, before: datetime, after: int = 0) -> Swept:
    """Delete what is settled and older than `before` among the next rows behind row `after`."""
    last, oldest = tx.execute(_PORTION, (after, PORTION)).fetchone()
    if last is None or oldest >= utc_text(before):
        return Swept(0)
    return Swept(tx.execute(_SWEEP, (after, last, utc_text(before))).rowcount, last)
