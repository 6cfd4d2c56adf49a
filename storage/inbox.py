"""Incoming updates; each is kept raw before it is handled."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from storage.engine.json_text import encodable
from storage.engine.transaction import Transaction
from storage.engine.utc import utc_text
from storage.sweeping import PORTION, Swept


@dataclass(frozen=True, slots=True)
class Arrival:
    """One update as the channel delivered it; `unreadable` says why it cannot be read."""

    external_id: str
    address: str
    raw: str
    unreadable: str = ""


Some = TypeVar("Some", bound=Arrival)


@dataclass(frozen=True, slots=True)
class InboxRow:
    """One update that waits for its turn."""

    id: int
    channel: str
    external_id: str
    address: str
    raw: str
    attempts: int
    fetched: str | None
    is_persons: bool = False  # it comes from a person's own address; False also where that was not looked at
    has_waited: bool = False  # it was put off, and not because its turn failed
    is_handled: bool = False  # it was kept as handled: its turn comes in the transaction that keeps it


# What comes behind a row that was put off waits with it. What has its turn in this transaction is kept as
# handled: it never waits, so that nothing is written of its waiting. That is so where a person we know has
# nothing else open.
_OPEN_BEFORE = """
FROM inbox e WHERE e.channel = ?1 AND e.address = ?3 AND e.state IN ('waiting', 'fetching')
"""
_INSERT = f"""
INSERT INTO inbox (channel, external_id, address, raw, received_at, note, state, not_before)
VALUES (?1, ?2, ?3, ?4, ?5, ?6,
    CASE WHEN ?7 <> 'handled' THEN ?7
        WHEN NOT EXISTS (SELECT 1 {_OPEN_BEFORE})
            AND EXISTS (SELECT 1 FROM addresses a WHERE a.channel = ?1 AND a.address = ?3) THEN 'handled'
        ELSE 'waiting' END,
    (SELECT max(e.not_before) {_OPEN_BEFORE}))
ON CONFLICT (channel, external_id) DO NOTHING
"""


def insert(
    tx: Transaction,
    channel: str,
    *,
    arrivals: Sequence[Arrival],
    now: datetime,
    at_once: frozenset[str] = frozenset(),
) -> int:
    """Keep updates; one that was kept before changes nothing. Returns how many are new.

    Those whose ids are among `at_once` are kept as handled where their turn can come at once.
    """
    at = utc_text(now)
    rows = [
        (
            channel,
            arrival.external_id,
            arrival.address,
            encodable(arrival.raw),
            at,
            arrival.unreadable or None,
            _state_of(arrival, at_once),
        )
        for arrival in arrivals
    ]
    return tx.executemany(_INSERT, rows).rowcount if rows else 0


def _state_of(arrival: Arrival, at_once: frozenset[str]) -> str:
    if arrival.unreadable:
        return "unreadable"
    return "handled" if arrival.external_id in at_once else "waiting"


_KEPT = "SELECT external_id FROM inbox WHERE channel = ? AND external_id IN (SELECT value FROM json_each(?))"
_INSERT_HANDLED = """
INSERT INTO inbox (channel, external_id, address, raw, received_at, state)
VALUES (?, ?, ?, '{}', ?, 'handled') ON CONFLICT (channel, external_id) DO NOTHING
"""


def keep_handled(tx: Transaction, channel: str, *, arrivals: Sequence[Some], now: datetime) -> list[Some]:
    """Keep that updates came which this same transaction handles, without what they say; returns those that
    are new.
    """
    ids = json.dumps([arrival.external_id for arrival in arrivals])
    kept = {row[0] for row in tx.execute(_KEPT, (channel, ids))}
    new = {arrival.external_id: arrival for arrival in arrivals if arrival.external_id not in kept}
    at = utc_text(now)
    rows = [(channel, external_id, arrival.address, at) for external_id, arrival in new.items()]
    if rows:
        tx.executemany(_INSERT_HANDLED, rows)
    return list(new.values())


# `|| ''` keeps the planner from sorting everything the channel ever brought: the newest row is nearly always
# right
_LAST = """
SELECT external_id FROM inbox WHERE channel || '' = ? AND external_id NOT LIKE '#%' ORDER BY id DESC LIMIT 1
"""


def last_readable_id(tx: Transaction, channel: str) -> str | None:
    """Find the newest update of a channel that had an id; a poll goes on behind it."""
    row = tx.execute(_LAST, (channel,)).fetchone()
    return row[0] if row else None


NEWEST_SHARE = 4  # one turn in so many is for who came last, and while people we know wait for strangers
LOOKED_BACK = 256  # rows looked at for who came last
# the least id is one look into the index; asked whether an earlier row exists, a server may join all with all
_FIRST_OF_ADDRESS = """
SELECT id, channel, external_id, address, raw, attempts, fetched,
    EXISTS (SELECT 1 FROM addresses a WHERE a.channel = i.channel AND a.address = i.address),
    not_before IS NOT NULL AND attempts = 0
FROM inbox i
WHERE state IN ('waiting', 'fetching') AND state = 'waiting' AND coalesce(i.not_before, '') <= ?
  AND id = (SELECT min(e.id) FROM inbox e WHERE e.state IN ('waiting', 'fetching')
        AND e.channel = i.channel AND e.address = i.address)
"""
_IN_ORDER = "ORDER BY coalesce(i.not_before, ''), id LIMIT ?"  # what was put off comes by its time
_CLAIM = f"{_FIRST_OF_ADDRESS} {_IN_ORDER}"
_CLAIM_OF_PEOPLE = f"""
{_FIRST_OF_ADDRESS}
  AND EXISTS (SELECT 1 FROM addresses a WHERE a.channel = i.channel AND a.address = i.address)
{_IN_ORDER}
"""
_CLAIM_NEWEST = f"""
{_FIRST_OF_ADDRESS}
  AND id IN (SELECT id FROM inbox WHERE state IN ('waiting', 'fetching') ORDER BY id DESC LIMIT {LOOKED_BACK})
ORDER BY id DESC LIMIT ?
"""


def claim(tx: Transaction, *, now: datetime, limit: int) -> list[InboxRow]:
    """Load the oldest open row of each address when it is due; the rows behind it wait.

    Where more are due than `limit`, people we know come before strangers, and those that came last are among
    them: whoever writes while a heap is worked off does not wait behind it.
    """
    at = utc_text(now)
    oldest = _read(tx, _CLAIM, at, limit)
    share = limit // NEWEST_SHARE
    if len(oldest) < limit or not share:
        return oldest
    late = _read(tx, _CLAIM_NEWEST, at, share)
    if all(row.is_persons for row in oldest):
        return _merge(limit, late, oldest)
    people = _read(tx, _CLAIM_OF_PEOPLE, at, limit - share)
    return _merge(limit, [row for row in late if row.is_persons], people, late, oldest)


def _read(tx: Transaction, query: str, at: str, limit: int) -> list[InboxRow]:
    return [InboxRow(*row) for row in tx.execute(query, (at, limit))]


def _merge(limit: int, *lists: Iterable[InboxRow]) -> list[InboxRow]:
    """Put the lists behind each other, each row once."""
    rows = {row.id: row for rows in reversed(lists) for row in rows}
    order = dict.fromkeys(row.id for rows in lists for row in rows)
    return [rows[number] for number in order][:limit]


_NEWEST_WAITING = """
SELECT id, channel, external_id, address, raw, attempts, fetched FROM inbox
WHERE state IN ('waiting', 'fetching') AND state = 'waiting' ORDER BY id DESC LIMIT ?
"""


def newest_waiting(tx: Transaction, *, limit: int) -> list[InboxRow]:
    """Load what came last and waits for its turn, the newest first."""
    return [InboxRow(*row) for row in tx.execute(_NEWEST_WAITING, (limit,))]


# what was fetched for a turn, a whole list perhaps, goes with the turn
# and what a stranger wrote too: anybody could have us keep a gigabyte a day
_RAW = """
CASE WHEN address = '' OR EXISTS (
    SELECT 1 FROM addresses a WHERE a.channel = inbox.channel AND a.address = inbox.address
) THEN raw ELSE '{}' END
"""
_HANDLED = f"""
UPDATE inbox SET state = 'handled', fetched = NULL, raw = {_RAW} WHERE id = ? AND state = 'waiting'
"""
_UNREADABLE = f"""
UPDATE inbox SET state = 'unreadable', note = ?, raw = {_RAW} WHERE id = ? AND state = 'waiting'
"""
_FETCHING = "UPDATE inbox SET state = 'fetching' WHERE id = ? AND state = 'waiting'"
_FETCHED = "UPDATE inbox SET state = 'waiting', fetched = ? WHERE id = ? AND state = 'fetching'"
_REFETCH = "UPDATE inbox SET state = 'waiting' WHERE state IN ('waiting', 'fetching') AND state = 'fetching'"
_POSTPONE = (
    "UPDATE inbox SET attempts = attempts + 1, not_before = ?, note = ? WHERE id = ? AND state = 'waiting'"
)
_GIVE_UP = f"""
UPDATE inbox SET state = 'given_up', fetched = NULL, attempts = attempts + 1, note = ?, raw = {_RAW}
WHERE id = ? AND state = 'waiting'
"""
_FETCH_AGAIN = """
UPDATE inbox SET state = 'waiting', attempts = attempts + 1, not_before = ?
WHERE id = ? AND state = 'fetching'
"""
_HOLD = """
UPDATE inbox SET not_before = ? WHERE state IN ('waiting', 'fetching') AND state = 'waiting'
  AND channel = ? AND address = ? AND id >= ?
"""


def mark_handled(tx: Transaction, row_id: int) -> None:
    """Close a row whose turn is done; of a stranger's nothing is kept but that it came."""
    tx.execute(_HANDLED, (row_id,))


def mark_unreadable(tx: Transaction, row_id: int, *, note: str) -> None:
    """Keep a row that cannot be read, and pass it by."""
    tx.execute(_UNREADABLE, (note, row_id))


def mark_fetching(tx: Transaction, row_id: int) -> None:
    """Hold a row while its file is downloaded."""
    tx.execute(_FETCHING, (row_id,))


def store_fetched(tx: Transaction, row_id: int, *, fetched: str) -> None:
    """Give a row its file (JSON), and its turn back."""
    tx.execute(_FETCHED, (fetched, row_id))


def fetch_again(tx: Transaction, row_id: int, *, until: datetime) -> None:
    """Count a failed download and postpone the row."""
    tx.execute(_FETCH_AGAIN, (utc_text(until), row_id))


def release_fetching(tx: Transaction) -> int:
    """After a start make the rows due again that waited for a download."""
    return tx.execute(_REFETCH).rowcount


def postpone(tx: Transaction, row_id: int, *, until: datetime, note: str) -> None:
    """Count a failed try and postpone the row."""
    tx.execute(_POSTPONE, (utc_text(until), note, row_id))


def give_up(tx: Transaction, row_id: int, *, note: str) -> None:
    """Close a row that fails every time."""
    tx.execute(_GIVE_UP, (note, row_id))


def hold(tx: Transaction, row: InboxRow, *, until: datetime) -> None:
    """Postpone a row and what stands behind it without counting a try, because the fault is not its own."""
    tx.execute(_HOLD, (utc_text(until), row.channel, row.address, row.id))


_BEHIND = """
SELECT id, channel, external_id, address, raw, attempts, fetched FROM inbox
WHERE channel = ? AND address = ? AND id > ? AND state IN ('waiting', 'fetching') ORDER BY id LIMIT ?
"""


def behind(tx: Transaction, row: InboxRow, *, limit: int) -> list[InboxRow]:
    """Load what waits behind a row of the same address, oldest first."""
    return [
        InboxRow(*follower) for follower in tx.execute(_BEHIND, (row.channel, row.address, row.id, limit))
    ]


_WAITS = """
WHERE channel = ? AND address = ? AND state IN ('waiting', 'fetching') AND state = 'waiting'
  AND id <> ? AND id <> ?
"""
# the newest row stays, as numbers are not given twice and a poll goes on behind it
_DROP = f"DELETE FROM inbox {_WAITS} AND id < (SELECT max(id) FROM inbox)"
_CLOSE = f"UPDATE inbox SET state = 'handled', raw = '{{}}', fetched = NULL, note = 'flood' {_WAITS}"


def drop_waiting(tx: Transaction, channel: str, *, address: str, but: tuple[int, int] = (0, 0)) -> None:
    """Forget everything that waits from an address, unread, except two rows: what a stranger pours in."""
    for statement in (_DROP, _CLOSE):
        tx.execute(statement, (channel, address, *but))


_PORTION = """
SELECT max(id), min(received_at) FROM (SELECT id, received_at FROM inbox WHERE id > ? ORDER BY id LIMIT ?) p
"""
# `channel || ''` walks on from the row instead of sorting all rows of the channel by their update's id
_SWEEP = """
DELETE FROM inbox WHERE id > ? AND id <= ?
  AND received_at < ? AND state IN ('handled', 'unreadable', 'given_up')
  AND EXISTS (SELECT 1 FROM inbox n WHERE n.id > inbox.id AND n.channel || '' = inbox.channel
              AND n.external_id NOT LIKE '#%')
"""


def sweep(tx: Transaction, *, before: datetime, after: int = 0) -> Swept:
    """Delete what is closed and older than `before` among the next rows behind row `after`.

    The newest update of each channel that had an id stays: the poll goes on behind it.
    """
    last, oldest = tx.execute(_PORTION, (after, PORTION)).fetchone()
    if last is None or oldest >= utc_text(before):
        return Swept(0)
    return Swept(tx.execute(_SWEEP, (after, last, utc_text(before))).rowcount, last)
