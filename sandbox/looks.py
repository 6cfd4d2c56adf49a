"""What the panel and the tour ask the bot's database: looks beside it that no part of the bot needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.review import State
from storage.engine.transaction import Transaction
from storage.engine.utc import utc_time

KINDS = ("innovations", "answers", "history", "messages", "updates")
_COUNTS = """
SELECT (SELECT count(*) FROM innovations), (SELECT count(*) FROM answers), (SELECT count(*) FROM history),
       (SELECT count(*) FROM outbox), (SELECT count(*) FROM inbox)
"""


def count_rows(tx: Transaction) -> Mapping[str, int]:
    """Count what the database holds of each of the KINDS."""
    return dict(zip(KINDS, tx.execute(_COUNTS).fetchone(), strict=True))


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message that has not left."""

    channel: str
    address: str
    priority: int
    state: str
    until: datetime | None  # put off until then
    attempts: int
    reason: str  # why it is put off: "" or a code
    reminds: bool  # a rule of reminding has made it


_WAITING = """
SELECT o.channel, o.address, o.priority, o.state, o.not_before, o.attempts, coalesce(o.reason, ''),
       EXISTS (SELECT 1 FROM occurrences WHERE outbox_id = o.id)
FROM outbox o WHERE o.state IN ('waiting', 'leased')
ORDER BY coalesce(o.not_before, o.created_at), o.priority, o.id LIMIT ?
"""


def list_waiting(tx: Transaction, *, limit: int) -> Sequence[Waiting]:
    """List what waits, the next first."""
    return [
        Waiting(
            channel=row[0],
            address=row[1],
            priority=row[2],
            state=row[3],
            until=utc_time(row[4]) if row[4] else None,
            attempts=row[5],
            reason=row[6],
            reminds=bool(row[7]),
        )
        for row in tx.execute(_WAITING, (limit,))
    ]


# with what is held until its person speaks, unlike `storage.outbox_counts`: the panel says why it waits
_OPEN = "SELECT count(*) FROM outbox WHERE state IN ('waiting', 'leased')"


def count_waiting(tx: Transaction) -> int:
    """Count what waits."""
    return int(tx.execute(_OPEN).fetchone()[0])


@dataclass(frozen=True, slots=True)
class Departed:
    """A message that has left."""

    channel: str
    address: str
    priority: int
    at: datetime
    reminds: bool


_SENT = """
SELECT o.channel, o.address, o.priority, o.sent_at,
       EXISTS (SELECT 1 FROM occurrences WHERE outbox_id = o.id)
FROM outbox o WHERE o.state = 'sent' ORDER BY o.sent_at DESC, o.id DESC LIMIT ?
"""


def list_sent(tx: Transaction, *, limit: int) -> Sequence[Departed]:
    """List what left last, the newest first."""
    return [
        Departed(row[0], row[1], priority=row[2], at=utc_time(row[3]), reminds=bool(row[4]))
        for row in tx.execute(_SENT, (limit,))
    ]


_MOVED = "SELECT EXISTS (SELECT 1 FROM history WHERE question = '#state' AND new = '{state}' AND at >= ?)"
# by the names of the tour's checks
_SHOWN_SINCE = {
    "sent": "SELECT EXISTS (SELECT 1 FROM innovations WHERE sent_at >= ?)",
    "level": """
SELECT EXISTS (SELECT 1 FROM history h JOIN memberships m ON m.contact_id = h.contact_id
 WHERE m.role = 'focal_point' AND h.at >= ? AND h.question LIKE 'i__' AND h.new IS NOT NULL)
""",
    "reminded": """
SELECT EXISTS (SELECT 1 FROM occurrences c JOIN outbox o ON o.id = c.outbox_id
 WHERE o.state = 'sent' AND o.sent_at >= ?)
""",
    "verified": _MOVED.format(state=State.VERIFIED),
    "returned": _MOVED.format(state=State.RETURNED),
    "announced": "SELECT EXISTS (SELECT 1 FROM broadcasts WHERE confirmed_at >= ?)",
}


def see_since(tx: Transaction, since: str) -> dict[str, bool]:
    """Say for each check of the tour that the database can tell whether it has happened since then (UTC
    text).
    """
    return {check: bool(tx.execute(sql, (since,)).fetchone()[0]) for check, sql in _SHOWN_SINCE.items()}
