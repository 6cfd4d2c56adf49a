"""Who an announcement has reached and who not: the tally, the reasons, and the lists of people."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from domain.delivery import Reason
from storage.engine.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of recipients by state."""

    waiting: int = 0
    queued: int = 0
    skipped: int = 0
    unknown: int = 0
    failed: int = 0
    sent: int = 0
    delivered: int = 0
    read: int = 0

    @property
    def reached(self) -> int:
        """Those to whom it was sent: a platform took it, and nothing else is told."""
        return self.sent + self.delivered + self.read

    @property
    def still(self) -> int:
        """Those to whom it is still to be sent."""
        return self.waiting + self.queued

    @property
    def over(self) -> int:
        """Those whose send is over, whatever came of it; who was never to be written to does not count."""
        return self.reached + self.failed + self.unknown


_TALLY = "SELECT state, count(*) FROM broadcast_recipients WHERE broadcast_id = ? GROUP BY state"
NOTIFIED = "notified"  # the reason of who was told that a message waits, where it still does
RINGING = "ringing"  # the same, where nobody has told that what rings arrived
# one bell rings for all that waits at an address; the priority is what its index covers
_BELL = """FROM outbox b WHERE b.channel = r.channel AND b.address = r.address AND b.priority > 0
      AND b.created_at >= w.rung_at AND b.dedupe_key LIKE 'rung:%'"""


_WAS_RUNG_FOR = f"""(r.reason = '{Reason.WINDOW}'
    AND EXISTS (SELECT 1 FROM outbox h WHERE h.id = r.outbox_id AND h.state = 'waiting')
    AND EXISTS (
        SELECT 1 FROM windows w WHERE w.channel = r.channel AND w.address = r.address
          AND w.rung_at IS NOT NULL {{bell}}))"""


_WAS_NOTIFIED = _WAS_RUNG_FOR.format(
    bell=f"AND EXISTS (SELECT 1 {_BELL} AND b.progress IN ('delivered', 'read'))"
)
_IS_RUNG = _WAS_RUNG_FOR.format(
    bell=f"AND NOT EXISTS (SELECT 1 {_BELL} AND b.state IN ('failed', 'dropped'))"
)
_REASON = f"CASE WHEN {_WAS_NOTIFIED} THEN '{NOTIFIED}' WHEN {_IS_RUNG} THEN '{RINGING}' ELSE r.reason END"
_REASONS = f"""
SELECT {_REASON} AS why, count(*) FROM broadcast_recipients r
WHERE r.broadcast_id = ? AND r.reason IS NOT NULL
GROUP BY why ORDER BY count(*) DESC, why
"""


def tally(tx: Transaction, broadcast_id: int) -> Tally:
    return Tally(**dict(tx.execute(_TALLY, (broadcast_id,)).fetchall()))


_ARRIVALS = """
SELECT channel, count(*) FILTER (WHERE state <> 'sent'), count(*) FILTER (WHERE state = 'sent')
FROM broadcast_recipients WHERE broadcast_id = ? AND state IN ('sent', 'delivered', 'read')
GROUP BY channel ORDER BY channel
"""


def arrivals(tx: Transaction, broadcast_id: int) -> list[tuple[str, int, int]]:
    """Count by channel to whom it has come, and of whom only that the platform took it is known."""
    return tx.execute(_ARRIVALS, (broadcast_id,)).fetchall()


def reasons(tx: Transaction, broadcast_id: int) -> list[tuple[str, int]]:
    """Count those it did not reach by reason."""
    return tx.execute(_REASONS, (broadcast_id,)).fetchall()


@dataclass(frozen=True, slots=True)
class Recipient:
    """One recipient as lists and exports show it; times are UTC text."""

    name: str  # "" where nobody has enrolled
    office: str  # "" for who has no office
    phone: str
    state: str
    reason: str
    settled_at: str
    acked_at: str
    channel: str  # "" where nobody is written to
    first_channel: str  # on which it was tried in vain before, "" where it was not


_LIST = f"""
SELECT coalesce(c.name, ''), coalesce(o.name, ''), coalesce(c.phone, ''),
       CASE WHEN {_WAS_NOTIFIED} OR {_IS_RUNG} THEN 'waiting' ELSE r.state END, coalesce({_REASON}, ''),
       coalesce(r.settled_at, ''), coalesce(r.acked_at, ''),
       coalesce(r.channel, ''), coalesce(r.first_channel, '')
FROM broadcast_recipients r LEFT JOIN contacts c ON c.id = r.contact_id
LEFT JOIN offices o ON o.id = r.office_id
WHERE r.broadcast_id = ? AND {{which}} ORDER BY o.name IS NULL, o.name, c.name, r.id LIMIT ? OFFSET ?
"""
# an office whose focal point has left the post is called where nobody else of it is written to
_TO_CALL = f"""r.state IN ('skipped', 'failed', 'unknown')
  AND (r.reason IN ('nobody', '{Reason.BLOCKED}', '{Reason.GONE}', '{Reason.REFUSED}', '{Reason.UNKNOWN}',
                    '{Reason.UNDELIVERABLE}', '{Reason.WINDOW}')
       OR (r.reason = 'left' AND r.office_id IS NOT NULL AND NOT EXISTS (
           SELECT 1 FROM broadcast_recipients c WHERE c.broadcast_id = r.broadcast_id
             AND c.office_id = r.office_id
             AND c.state IN ('waiting', 'queued', 'sent', 'delivered', 'read'))))"""


_WHICH = {
    "all": "true",
    "call": _TO_CALL,
    "notified": _WAS_NOTIFIED,
    "ringing": f"{_IS_RUNG} AND NOT {_WAS_NOTIFIED}",
    "stopped": "r.state = 'skipped' AND r.reason = 'stopped'",
    "unknown": "r.state = 'unknown'",
}


def listed(tx: Transaction, broadcast_id: int, *, which: str, limit: int, offset: int = 0) -> list[Recipient]:
    """List recipients by office: "all", those to "call", those "stopped" before, those of "unknown" fate,
    those "notified" that a message waits, those for whom it was "ringing" and who may not have heard it.
    """
    rows = tx.execute(_LIST.format(which=_WHICH[which]), (broadcast_id, limit, offset))
    return [Recipient(*row) for row in rows]


def counted(tx: Transaction, broadcast_id: int, *, which: str) -> int:
    """Count what `listed` lists."""
    sql = f"SELECT count(*) FROM broadcast_recipients r WHERE r.broadcast_id = ? AND {_WHICH[which]}"
    return int(tx.execute(sql, (broadcast_id,)).fetchone()[0])


def every(tx: Transaction, broadcast_id: int) -> Iterator[Recipient]:
    """Go through all recipients without holding them."""
    rows = tx.execute(_LIST.format(which="true"), (broadcast_id, EVERYBODY, 0))
    return (Recipient(*row) for row in rows)


EVERYBODY = 1 << 31  # more than an announcement has recipients
