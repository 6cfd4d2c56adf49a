"""Mends what was written under a clock that ran ahead: what waits for a moment that the present has left."""

from __future__ import annotations

from datetime import datetime, timedelta

from storage.engine.transaction import Transaction
from storage.engine.utc import utc_text

AHEAD = timedelta(minutes=1)  # two readings of a right clock differ by less
LONGEST_WAIT = timedelta(hours=2)  # of an update: what is put off further was put off by a wrong clock

# What was received, leased or done after the present was so by a clock that was set back since. A message
# waits from its lease on, whether that counts as a try or not; what waits until a person speaks waits on.
_TICKS = "SELECT name FROM ticks WHERE at > ?"
# What came behind an update that is put off was put off with it, though it was received after the setting.
_UPDATES_AHEAD = """
WHERE state IN ('waiting', 'fetching') AND state = 'waiting' AND not_before > ?1
  AND (not_before > ?2 OR EXISTS (
      SELECT 1 FROM inbox e WHERE e.state IN ('waiting', 'fetching')
        AND e.channel = inbox.channel AND e.address = inbox.address AND e.received_at > ?1))
"""
_UPDATES = f"SELECT count(*) FROM inbox {_UPDATES_AHEAD}"
# written so that SQLite reads what waits (`outbox_due`) and not all that was ever leased
_MESSAGES_AHEAD = """
WHERE state = 'waiting' AND coalesce(not_before, '') > ?1
  AND coalesce(not_before, '') < '9999' AND coalesce(leased_at, '') > ?1
"""
_MESSAGES = f"SELECT count(*) FROM outbox {_MESSAGES_AHEAD}"
_MEND_TICKS = "UPDATE ticks SET at = ?2 WHERE at > ?1"
_MEND_UPDATES = f"UPDATE inbox SET not_before = ?3 {_UPDATES_AHEAD}"
_MEND_MESSAGES = f"UPDATE outbox SET not_before = ?2 {_MESSAGES_AHEAD}"


def count_ahead(tx: Transaction, *, now: datetime) -> dict[str, int]:
    """Count what waits for a future that the clock has left again: ticks, updates, messages."""
    limit = utc_text(now + AHEAD)
    counts = {
        "ticks": len(tx.execute(_TICKS, (limit,)).fetchall()),
        "updates": int(tx.execute(_UPDATES, (limit, utc_text(now + LONGEST_WAIT))).fetchone()[0]),
        "messages": int(tx.execute(_MESSAGES, (limit,)).fetchone()[0]),
    }
    return {kind: count for kind, count in counts.items() if count}


def bring_back(tx: Transaction, *, now: datetime) -> None:
    """Have all of that happen from the present on; what was done already is known by its keys."""
    limit, present = utc_text(now + AHEAD), utc_text(now)
    for statement in (_MEND_TICKS, _MEND_MESSAGES):
        tx.execute(statement, (limit, present))
    tx.execute(_MEND_UPDATES, (limit, utc_text(now + LONGEST_WAIT), present))
