"""Offers to join two addresses: by a one-time code, or because one proved the number of the other (F6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from storage import audit
from storage.engine.transaction import Transaction
from storage.engine.utc import utc_text, utc_time
from storage.invitations import hashed
from storage.sweeping import PORTION, Swept, swept_by_condition

GOOD_FOR = timedelta(minutes=15)  # somebody has both phones in hand
CODES_ALLOWED, CODES_WINDOW = 5, timedelta(hours=1)  # of one person
Outcome = Literal["joined", "declined", "replaced"]


@dataclass(frozen=True, slots=True)
class LinkOffer:
    """An offer that may still be taken."""

    id: int
    contact_id: int  # who made the code, or has proved the number
    channel: str  # of who was asked; "" for nobody yet
    address: str
    expires_at: datetime
    by_code: bool


_REPLACE = """
UPDATE link_offers SET settled_at = ?, outcome = 'replaced'
WHERE contact_id = ? AND code_hash IS NOT NULL AND settled_at IS NULL
"""
_CREATE = """
INSERT INTO link_offers (contact_id, code_hash, channel, address, created_at, expires_at)
VALUES (?, ?, ?, ?, ?, ?)
RETURNING id
"""
_MADE = "SELECT count(*) FROM link_offers WHERE contact_id = ? AND code_hash IS NOT NULL AND created_at > ?"


def may_make(tx: Transaction, contact_id: int, *, now: datetime) -> bool:
    """Tell whether a person may have another code now."""
    since = utc_text(now - CODES_WINDOW)
    return int(tx.execute(_MADE, (contact_id, since)).fetchone()[0]) < CODES_ALLOWED


def make(tx: Transaction, contact_id: int, *, code: str, now: datetime) -> int:
    """Keep the hash of a new code; the one before it ends."""
    tx.execute(_REPLACE, (utc_text(now), contact_id))
    values = (contact_id, hashed(code), None, None, utc_text(now), utc_text(now + GOOD_FOR))
    number = int(tx.execute(_CREATE, values).fetchone()[0])
    audit.record(tx, "link_code_made", now=now, actor=contact_id, offer=number)
    return number


def of_number(tx: Transaction, holder: int, *, channel: str, address: str, now: datetime) -> int:
    """Keep that an address proved the number of somebody we know; the question follows."""
    values = (holder, None, channel, address, utc_text(now), utc_text(now + GOOD_FOR))
    number = int(tx.execute(_CREATE, values).fetchone()[0])
    audit.record(tx, "link_offered", now=now, contact=holder, offer=number, channel=channel)
    return number


_COLUMNS = """
SELECT id, contact_id, coalesce(channel, ''), coalesce(address, ''), expires_at, code_hash IS NOT NULL
FROM link_offers WHERE settled_at IS NULL AND expires_at > ?
"""
_BY_CODE = f"{_COLUMNS} AND code_hash = ? AND (address IS NULL OR (channel = ? AND address = ?))"
_ASKED = f"{_COLUMNS} AND channel = ? AND address = ? ORDER BY id DESC LIMIT 1"
_CLAIM = "UPDATE link_offers SET channel = ?, address = ? WHERE id = ? AND address IS NULL"


def by_code(tx: Transaction, code: str, *, channel: str, address: str, now: datetime) -> LinkOffer | None:
    """Find the open offer of a code; None where it is unknown, over, or came from another address before."""
    return _offer(tx.execute(_BY_CODE, (utc_text(now), hashed(code), channel, address)).fetchone())


def claim(tx: Transaction, offer: LinkOffer, *, channel: str, address: str) -> None:
    """Tie an offer to the address that sent its code: nobody else can take it any more."""
    tx.execute(_CLAIM, (channel, address, offer.id))


def asked(tx: Transaction, channel: str, *, address: str, now: datetime) -> LinkOffer | None:
    """Load the open offer this address was asked about last."""
    return _offer(tx.execute(_ASKED, (utc_text(now), channel, address)).fetchone())


def _offer(row: tuple[int, int, str, str, str, int] | None) -> LinkOffer | None:
    if row is None:
        return None
    return LinkOffer(row[0], row[1], row[2], row[3], utc_time(row[4]), bool(row[5]))


_SETTLE = "UPDATE link_offers SET settled_at = ?, outcome = ? WHERE id = ? AND settled_at IS NULL"


def settle(tx: Transaction, offer: LinkOffer, *, outcome: Outcome, by: int | None, now: datetime) -> bool:
    """Answer an offer, once; False when it was answered before."""
    if tx.execute(_SETTLE, (utc_text(now), outcome, offer.id)).rowcount != 1:
        return False
    states = {"before": "offered", "after": outcome}
    audit.record(tx, f"link_{outcome}", now=now, actor=by, contact=offer.contact_id, offer=offer.id, **states)
    return True


_DECLINED = """
SELECT EXISTS (SELECT 1 FROM link_offers WHERE channel = ? AND address = ? AND contact_id = ?
               AND code_hash IS NULL AND outcome = 'declined')
"""


def was_declined(tx: Transaction, contact_id: int, *, channel: str, address: str) -> bool:
    """Tell whether whoever is at this address has said that a person's number is not theirs to join."""
    return bool(tx.execute(_DECLINED, (channel, address, contact_id)).fetchone()[0])


_SWEEP = """
DELETE FROM link_offers WHERE id IN (
    SELECT id FROM link_offers WHERE created_at < ? ORDER BY created_at LIMIT ?)
"""


def sweep(tx: Transaction, *, before: datetime) -> Swept:
    """Delete the next offers older than `before`, answered or not."""
    return swept_by_condition(tx.execute(_SWEEP, (utc_text(before), PORTION)).rowcount)
