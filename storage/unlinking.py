"""Lets one address of a person go: the work and whatever is on its way stay with the person (F6)."""

from __future__ import annotations

from datetime import datetime

from storage import addresses, audit, personal
from storage.addresses import Address
from storage.engine.transaction import Transaction
from storage.outbox import ANSWER

# What was not asked for at this address goes to the one that is left; what was answered there stays there.
_WAITING = f"""
UPDATE outbox SET channel = ?, address = ?, reason = NULL,
    not_before = CASE reason WHEN 'window' THEN NULL ELSE not_before END
WHERE channel = ? AND address = ? AND state = 'waiting' AND coalesce(dedupe_key, '') NOT LIKE '{ANSWER}%'
  AND coalesce(dedupe_key, '') NOT LIKE 'rung:%'
"""
_FOLLOWING = (
    "UPDATE broadcast_recipients SET channel = ?, address = ? WHERE channel = ? AND address = ?",
    """UPDATE broadcast_replies SET channel = ?, address = ?, message_ref = ''
       WHERE channel = ? AND address = ?""",
    "UPDATE broadcasts SET channel = ?, address = ?, progress_ref = NULL WHERE channel = ? AND address = ?",
    "UPDATE exports SET channel = ?, address = ?, progress = '' WHERE channel = ? AND address = ?",
)
_LET_GO = "DELETE FROM addresses WHERE channel = ? AND address = ? AND contact_id = ?"
# a number that was proved by writing from it goes with it
_NUMBER = """
UPDATE contacts SET phone = NULL WHERE id = ? AND phone IS NOT NULL AND (ltrim(phone, '+') = ?
    OR ltrim(phone, '+') IN (SELECT name FROM address_names WHERE channel = ? AND address = ?))
"""


def unlink(tx: Transaction, contact_id: int, *, channel: str, address: str, now: datetime) -> bool:
    """Let an address go; False where it is not the person's, or their only one.

    Whoever writes from there is a stranger afterwards, and nothing is kept of what was written there.
    """
    every = addresses.of_contact(tx, contact_id)
    left = next((known for known in every if (known.channel, known.address) != (channel, address)), None)
    if left is None or len(every) < 2 or addresses.contact_at(tx, channel, address=address) != contact_id:
        return False
    _hand_over(tx, channel, address=address, to=left)
    tx.execute(_NUMBER, (contact_id, address, channel, address))
    tx.execute(_LET_GO, (channel, address, contact_id))
    personal.forget_address(tx, channel, address=address)
    audit.record(tx, "unlinked", now=now, actor=contact_id, before=channel, after=None)
    return True


def _hand_over(tx: Transaction, channel: str, *, address: str, to: Address) -> None:
    for sql in (_WAITING, *_FOLLOWING):
        tx.execute(sql, (to.channel, to.address, channel, address))
