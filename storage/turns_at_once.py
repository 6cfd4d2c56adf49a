"""Updates whose turn comes in the transaction that keeps them: they are kept as handled and never wait."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from storage import inbox
from storage.engine.transaction import Transaction
from storage.inbox import Arrival, InboxRow

_NEWEST = "SELECT coalesce(max(id), 0) FROM inbox"
_KEPT_AS_HANDLED = """
SELECT id, channel, external_id, address, raw, attempts, fetched, TRUE, FALSE, TRUE FROM inbox
WHERE id > ? AND state = 'handled' ORDER BY id
"""


def insert(
    tx: Transaction, channel: str, *, arrivals: Sequence[Arrival], now: datetime, limit: int
) -> tuple[int, list[InboxRow]]:
    """Keep updates as `inbox.insert` does; returns also the rows, `limit` at most, whose turn comes in this
    same transaction.

    They are kept as handled; one that does not come to its turn, or is not done with it, is `reopened`. Of
    several that came together from an address none is among them.
    """
    of_address = Counter(arrival.address for arrival in arrivals)
    single = [arrival.external_id for arrival in arrivals if of_address[arrival.address] == 1]
    (newest,) = tx.execute(_NEWEST).fetchone()
    new = inbox.insert(tx, channel, arrivals=arrivals, now=now, at_once=frozenset(single[:limit]))
    rows = tx.execute(_KEPT_AS_HANDLED, (newest,)).fetchall() if new and single else []
    return new, [InboxRow(*row) for row in rows]


_REOPEN = "UPDATE inbox SET state = 'waiting' WHERE id = ? AND state = 'handled'"


def reopened(tx: Transaction, row: InboxRow) -> InboxRow:
    """Let a row wait that was kept as handled and has not come to its turn; returns it as one that waits."""
    if not row.is_handled:
        return row
    tx.execute(_REOPEN, (row.id,))
    return replace(row, is_handled=False)


def close(tx: Transaction, row: InboxRow) -> None:
    """Close a row whose turn is done, where it was not kept so already."""
    if not row.is_handled:
        inbox.mark_handled(tx, row.id)
