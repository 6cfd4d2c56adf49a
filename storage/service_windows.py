"""When each address last spoke, on channels that take free messages only for a while after that."""

from __future__ import annotations

from datetime import datetime, timedelta

from storage.engine.transaction import Transaction
from storage.engine.utc import utc_text
from storage.sweeping import PORTION, Swept, swept_by_condition

_LATER = """CASE WHEN coalesce(windows.spoke_at, '') > excluded.spoke_at THEN windows.spoke_at
    ELSE excluded.spoke_at END"""
_SPOKE = f"""
INSERT INTO windows (channel, address, spoke_at) VALUES (?, ?, ?)
ON CONFLICT (channel, address) DO UPDATE SET
    spoke_at = {_LATER}, rung_at = NULL
"""
_CLOSE = """
INSERT INTO windows (channel, address, spoke_at) VALUES (?, ?, NULL)
ON CONFLICT (channel, address) DO UPDATE SET spoke_at = NULL WHERE windows.spoke_at <= ?
"""
_RING = """
INSERT INTO windows (channel, address, rung_at) VALUES (?, ?, ?)
ON CONFLICT (channel, address) DO UPDATE SET rung_at = excluded.rung_at
WHERE coalesce(windows.rung_at, '') < ?
RETURNING rung_at
"""
_IS_OPEN = "SELECT spoke_at > ? FROM windows WHERE channel = ? AND address = ?"


def spoke(tx: Transaction, channel: str, *, address: str, at: datetime) -> None:
    """Note that a person spoke; a late webhook about something older moves nothing back."""
    tx.execute(_SPOKE, (channel, address, utc_text(at)))


def close(tx: Transaction, channel: str, *, address: str, leased_at: str) -> None:
    """Note that the platform takes no free message for this address until the person speaks again.

    It said so of a message leased at `leased_at` (UTC text): whoever has spoken since has opened the window.
    """
    tx.execute(_CLOSE, (channel, address, leased_at))


def is_open(tx: Transaction, channel: str, *, address: str, now: datetime, seconds: float) -> bool:
    """Tell whether a free message may leave now; `seconds` is how long a window lasts."""
    row = tx.execute(_IS_OPEN, (utc_text(now - timedelta(seconds=seconds)), channel, address)).fetchone()
    return bool(row and row[0])


def ring(tx: Transaction, channel: str, *, address: str, now: datetime, pause: timedelta) -> bool:
    """Take the turn to ask a person to open the talk; False when that was done less than `pause` ago,
    unanswered.
    """
    at = utc_text(now)
    return tx.execute(_RING, (channel, address, at, utc_text(now - pause))).fetchone() is not None


_COPY = f"""
INSERT INTO windows (channel, address, spoke_at, rung_at)
SELECT channel, ?, spoke_at, rung_at FROM windows WHERE channel = ? AND address = ?
ON CONFLICT (channel, address) DO UPDATE SET spoke_at = {_LATER}
WHERE excluded.spoke_at IS NOT NULL
"""
_FORGET = "DELETE FROM windows WHERE channel = ? AND address = ?"


def move(tx: Transaction, channel: str, *, address: str, to: str) -> None:
    """Take along when a person last spoke, as their address becomes another."""
    tx.execute(_COPY, (to, channel, address))
    forget(tx, channel, address=address)


def forget(tx: Transaction, channel: str, *, address: str) -> None:
    tx.execute(_FORGET, (channel, address))


_STRANGERS = """
SELECT w.channel, w.address FROM windows w WHERE w.spoke_at < ?
  AND NOT EXISTS (SELECT 1 FROM addresses a WHERE a.channel = w.channel AND a.address = w.address) LIMIT ?
"""
_FORGET_NAMES = "DELETE FROM address_names WHERE channel = ? AND address = ?"


def sweep(tx: Transaction, *, before: datetime) -> Swept:
    """Forget strangers who last wrote before a moment, a portion of them, and the names they went by."""
    rows = tx.execute(_STRANGERS, (utc_text(before), PORTION)).fetchall()
    tx.executemany(_FORGET, rows)
    tx.executemany(_FORGET_NAMES, rows)
    return swept_by_condition(len(rows))
