"""Messages that wait in the outbox until a person speaks: let go, dropped as too old, or sent
as a template.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from storage.engine.transaction import Transaction
from storage.engine.utc import utc_text

# waits until the person speaks; such a row keeps nobody waiting and is none that is still to come
HELD_UNTIL = datetime(9999, 1, 1, tzinfo=UTC)  # a year before the last: it is a day in every time zone
HELD_AT_MOST = timedelta(days=7)  # what waits longer for a person to speak is of no use any more
# whoever opens the talk asks for what waits; a reminder is judged again all the same
_RELEASE = """
UPDATE outbox SET not_before = NULL,
    state = CASE WHEN created_at < ?1 THEN 'dropped' ELSE state END,
    reason = CASE WHEN created_at < ?1 THEN reason END,
    template = CASE WHEN created_at < ?1 THEN template END,
    asked = CASE WHEN created_at < ?1 THEN asked ELSE 1 END
WHERE channel = ?2 AND address = ?3 AND state = 'waiting' AND reason = 'window'
"""
_LEAVES_AS = "UPDATE outbox SET template = ? WHERE id = ?"
_HELD = """
SELECT count(*) FILTER (WHERE created_at >= ?1), count(*) FILTER (WHERE created_at < ?1) FROM outbox
WHERE state = 'waiting' AND reason = 'window' AND channel = ?2 AND address = ?3
"""
_REOPEN = """
UPDATE outbox SET state = 'waiting', progress = NULL, sent_at = NULL, reason = NULL, not_before = NULL,
    attempts = CASE WHEN attempts > 0 THEN attempts - 1 ELSE 0 END, lease_until = NULL
WHERE id = ? AND template IS NULL AND state = 'failed' AND reason = 'window' AND address <> ''
RETURNING channel, address, coalesce(leased_at, created_at)
"""


def release(tx: Transaction, channel: str, *, address: str, now: datetime) -> None:
    """Let go what waited for this person to speak; what waited too long is dropped."""
    tx.execute(_RELEASE, (utc_text(now - HELD_AT_MOST), channel, address))


_JUDGE_AGAIN = """
UPDATE outbox SET not_before = ?
WHERE channel = ? AND state = 'waiting' AND reason = 'window' AND created_at >= ?
"""


def judge_again(tx: Transaction, channel: str, *, now: datetime) -> None:
    """Have everything that waits for people to speak be judged anew: a template may be sent since that could
    not. What no template helps waits on.
    """
    tx.execute(_JUDGE_AGAIN, (utc_text(now), channel, utc_text(now - HELD_AT_MOST)))


def leaves_as(tx: Transaction, outbox_id: int, *, template: str) -> None:
    """Keep the name of the template a message leaves as; before it does, statuses may come at once."""
    tx.execute(_LEAVES_AS, (template, outbox_id))


def held_count(tx: Transaction, channel: str, *, address: str, now: datetime) -> tuple[int, int]:
    """Count what waits for this person to speak: what is let go then, and what waited too long."""
    row = tx.execute(_HELD, (utc_text(now - HELD_AT_MOST), channel, address)).fetchone()
    return int(row[0]), int(row[1])


_RUNG = """
SELECT CASE WHEN o.channel = b.channel AND o.address = b.address THEN o.state ELSE 'moved' END
FROM outbox b JOIN outbox o ON o.id = CAST(substr(b.dedupe_key, 6) AS INTEGER)
WHERE b.channel = ? AND b.address = ? AND b.message_ref = ? AND b.dedupe_key LIKE 'rung:%'
ORDER BY b.id DESC LIMIT 1
"""


def state_of_rung(tx: Transaction, channel: str, *, address: str, message_ref: str) -> str:
    """Load the state of the message that a template rang for, "moved" where it went to another address; ""
    where that is not known any more.
    """
    row = tx.execute(_RUNG, (channel, address, message_ref)).fetchone()
    return str(row[0]) if row else ""


def reopen(tx: Transaction, outbox_id: int) -> tuple[str, str, str] | None:
    """Have a message leave once more that came too late for its window; None when it was a template already,
    or its address was erased since.

    Returns its channel and address, and when it was leased (UTC text). The reference of the try that failed
    stays, as in `failed_sends.put_back`.
    """
    row: tuple[str, str, str] | None = tx.execute(_REOPEN, (outbox_id,)).fetchone()
    return row
