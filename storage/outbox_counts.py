"""How many messages wait to be sent, and since when."""

from __future__ import annotations

from datetime import datetime

from storage.engine.transaction import Transaction
from storage.engine.utc import utc_text
from storage.outbox import BROADCAST, REPLY

# what waits for its person to speak stands at the year 9999 (`held_messages`): nobody has to send that
_OPEN = (
    "SELECT count(*) FROM outbox WHERE state IN ('waiting', 'leased') AND coalesce(not_before, '') < '9999'"
)
_TO_COME = f"""
SELECT count(*) FROM outbox WHERE state IN ('waiting', 'leased') AND coalesce(not_before, '') < '9999'
  AND (state = 'leased' OR priority = {REPLY} OR coalesce(not_before, '') <= ?
    OR (priority < {BROADCAST} AND attempts > 0))
"""
_OLDEST_DUE = """
SELECT min(coalesce(not_before, created_at)) FROM outbox
WHERE state IN ('waiting', 'leased') AND coalesce(not_before, '') <= ?
"""


def open_count(tx: Transaction) -> int:
    """Count what is still to be sent."""
    return int(tx.execute(_OPEN).fetchone()[0])


def coming_count(tx: Transaction, *, now: datetime) -> int:
    """Count what is still to be sent, without what nobody asked for and was put off: an announcement, and a
    notice of the night that leaves in the morning. A notice that failed and is tried again is counted.
    """
    return int(tx.execute(_TO_COME, (utc_text(now),)).fetchone()[0])


def oldest_due(tx: Transaction, *, now: datetime) -> str | None:
    """Find since when the oldest message that may leave has waited, as UTC text; one that was put off waits
    from its time on.
    """
    row: tuple[str | None] = tx.execute(_OLDEST_DUE, (utc_text(now),)).fetchone()
    return row[0]
