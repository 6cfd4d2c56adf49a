"""Where a person can be written to: of several addresses the one they wrote from last (F6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from storage.engine.transaction import Transaction
from storage.engine.utc import utc_text, utc_time


def is_off(table: str) -> str:
    """Write the condition that nothing can be sent to the address in this table's row, its channel being
    off.
    """
    return f"{table}.channel IN (SELECT channel FROM channels_off)"


def is_writable(table: str) -> str:
    """Write the condition that this row of the addresses, under its name in the query, can be written to."""
    return f"({table}.blocked_at IS NULL AND NOT {is_off(table)})"


IS_OFF, WRITABLE = is_off("a"), is_writable("a")  # of `addresses a`

# Added to a query over `addresses a`: of each person one address alone. One that can be written to comes
# before one that cannot, then the one the person wrote from last.
THE_ONE = f"""
NOT EXISTS (
    SELECT 1 FROM addresses b WHERE b.contact_id = a.contact_id
      AND (NOT {is_writable("b")}, coalesce(a.spoke_at, ''), b.channel, b.address)
        < (NOT {WRITABLE}, coalesce(b.spoke_at, ''), a.channel, a.address))
"""

# Whether `addresses a` takes messages: it can be written to, and nothing waits there for the person to write
# while no template may be sent that would ask them to.
TAKES = f"""
({WRITABLE} AND NOT (
    EXISTS (SELECT 1 FROM outbox h WHERE h.channel = a.channel AND h.address = a.address
            AND h.state = 'waiting' AND h.reason = 'window')
    AND NOT EXISTS (SELECT 1 FROM windows w WHERE w.channel = a.channel AND w.address = a.address
                    AND w.rung_at IS NOT NULL)))
"""


@dataclass(frozen=True, slots=True)
class Address:
    """One address of a person."""

    channel: str
    address: str
    blocked_at: datetime | None = None
    spoke_at: datetime | None = None  # None: not since the person has several addresses
    is_off: bool = False  # its channel is off: nothing is sent there

    @property
    def is_writable(self) -> bool:
        """Whether it can be written to at all."""
        return self.blocked_at is None and not self.is_off


_SPOKE = """
UPDATE addresses SET spoke_at = ? WHERE channel = ? AND address = ? AND coalesce(spoke_at, '') < ?
  AND EXISTS (SELECT 1 FROM addresses o WHERE o.contact_id = addresses.contact_id
              AND (o.channel, o.address) <> (addresses.channel, addresses.address))
"""


def spoke(tx: Transaction, channel: str, *, address: str, at: datetime) -> None:
    """Note that a person with several addresses wrote from here; what comes late moves nothing back."""
    tx.execute(_SPOKE, (utc_text(at), channel, address, utc_text(at)))


_OF_CONTACT = f"""
SELECT channel, address, blocked_at, spoke_at, {IS_OFF} FROM addresses a WHERE contact_id = ?
ORDER BY NOT ({THE_ONE}), channel, address
"""


def of_contact(tx: Transaction, contact_id: int) -> list[Address]:
    """List the addresses of a person, the one that is written to first."""
    return [
        Address(
            channel,
            address,
            utc_time(blocked) if blocked else None,
            utc_time(spoke) if spoke else None,
            bool(is_off),
        )
        for channel, address, blocked, spoke, is_off in tx.execute(_OF_CONTACT, (contact_id,))
    ]


_CONTACT_AT = "SELECT contact_id FROM addresses WHERE channel = ? AND address = ?"


def contact_at(tx: Transaction, channel: str, *, address: str) -> int | None:
    """Find whose address this is; None where it is nobody's."""
    row = tx.execute(_CONTACT_AT, (channel, address)).fetchone()
    return int(row[0]) if row else None


_GIVE = "INSERT INTO addresses (channel, address, contact_id, spoke_at) VALUES (?, ?, ?, ?)"
_SPOKE_HERE = "UPDATE addresses SET spoke_at = ? WHERE channel = ? AND address = ?"


def give(tx: Transaction, contact_id: int, *, channel: str, address: str, now: datetime) -> None:
    """Give a person one more address, from which they are writing now."""
    tx.execute(_GIVE, (channel, address, contact_id, utc_text(now)))


def spoke_here(tx: Transaction, channel: str, *, address: str, now: datetime) -> None:
    """Note that a person wrote from here now, however many addresses they have."""
    tx.execute(_SPOKE_HERE, (utc_text(now), channel, address))
