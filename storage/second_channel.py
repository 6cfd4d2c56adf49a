"""What was not asked for and did not arrive is tried once at the person's other address (F95)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from domain.delivery import Reason
from domain.message import Message
from storage import addresses, outbox
from storage.addresses import Address
from storage.engine.transaction import Transaction

# Answers belong where they were asked for; a bell rings for what is kept at its own address.
_OF_ITS_ADDRESS = (outbox.ANSWER, "flood:", "given_up:", "rung:", "linked:", "instead:")
_LOST = f"""
SELECT channel, address, priority, payload, repeatable = 1 AND unsure = 0, coalesce(dedupe_key, '')
FROM outbox
WHERE id = ? AND instead_of IS NULL AND NOT EXISTS (SELECT 1 FROM outbox s WHERE s.instead_of = outbox.id)
  AND ((state = 'failed' AND reason NOT IN ('{Reason.UNMADE}', '{Reason.UNKNOWN}'))
       OR (state = 'dropped' AND reason IN ('{Reason.BLOCKED}', '{Reason.GONE}', '{Reason.WINDOW}')))
"""
_INSTEAD = "UPDATE outbox SET instead_of = ? WHERE id = ?"
_TELLS = "UPDATE occurrences SET outbox_id = ? WHERE outbox_id = ?"
_RECIPIENT = """
UPDATE broadcast_recipients SET outbox_id = ?, first_channel = ?, channel = ?, address = ?, state = 'queued',
    reason = NULL, settled_at = NULL, message_ref = NULL WHERE outbox_id = ?
"""


@dataclass(frozen=True, slots=True)
class _Lost:
    """A message that will not arrive where it was sent."""

    channel: str
    address: str
    priority: int
    payload: str
    repeatable: int  # and it did not leave with its fate unknown: then this is the repeat
    key: str


def send_instead(tx: Transaction, outbox_id: int, *, now: datetime, due: datetime) -> int | None:
    """Queue a message that failed for good for the other address, once; returns its number.

    None where it is an answer, where there is no other address, or where this is the second try already.
    What nobody asked for leaves at `due`, a decent hour, at the earliest.
    """
    lost = _lost(tx, outbox_id)
    other = _find_other(tx, lost) if lost is not None else None
    if lost is None or other is None:
        return None
    unasked = lost.priority > outbox.REPLY
    number = outbox.insert(
        tx,
        channel=other.channel,
        address=other.address,
        message=_for_another(Message.from_json(lost.payload)),
        now=now,
        terms=outbox.Terms(
            priority=lost.priority,
            dedupe_key=f"instead:{outbox_id}",
            repeatable=bool(lost.repeatable),
            not_before=due if unasked and due > now else None,
        ),
    )
    if number is None:
        return None
    tx.execute(_INSTEAD, (outbox_id, number))
    tx.execute(_TELLS, (number, outbox_id))
    tx.execute(_RECIPIENT, (number, lost.channel, other.channel, other.address, outbox_id))
    return number


def _lost(tx: Transaction, outbox_id: int) -> _Lost | None:
    row: tuple[Any, ...] | None = tx.execute(_LOST, (outbox_id,)).fetchone()
    lost = _Lost(*row) if row else None
    return None if lost is None or lost.key.startswith(_OF_ITS_ADDRESS) else lost


def _find_other(tx: Transaction, lost: _Lost) -> Address | None:
    contact = addresses.contact_at(tx, lost.channel, address=lost.address)
    every = addresses.of_contact(tx, contact) if contact is not None else []
    return next(
        (address for address in every if address.channel != lost.channel and address.is_writable), None
    )


def _for_another(message: Message) -> Message:
    """Take away what belongs to one talk: the message it would change, the tap it answers."""
    return replace(message, edit="", callback_id="", toast="", menu=(), page=0)


_ROW = """
SELECT channel, address, priority, payload, repeatable, coalesce(dedupe_key, '') FROM outbox WHERE id = ?
"""
_TRIED = "SELECT instead_of IS NOT NULL FROM outbox WHERE id = ?"


def may_go_elsewhere(tx: Transaction, outbox_id: int) -> bool:
    """Tell whether a message that cannot leave now has another address to go to."""
    row = tx.execute(_ROW, (outbox_id,)).fetchone()
    lost = _Lost(*row) if row else None
    if lost is None or lost.key.startswith(_OF_ITS_ADDRESS) or tx.execute(_TRIED, (outbox_id,)).fetchone()[0]:
        return False
    return _find_other(tx, lost) is not None


_DROPPED_WITH = """
SELECT id FROM outbox WHERE channel = ? AND address = ? AND state = 'dropped' AND reason = ? AND id > ?
  AND NOT EXISTS (SELECT 1 FROM outbox s WHERE s.instead_of = outbox.id) ORDER BY id
"""


def dropped_with(tx: Transaction, outbox_id: int) -> list[int]:
    """List what waited for an address behind a message, and was dropped as that address was blocked."""
    row = tx.execute("SELECT channel, address, reason FROM outbox WHERE id = ?", (outbox_id,)).fetchone()
    if row is None or row[2] not in (Reason.BLOCKED, Reason.GONE):
        return []
    return [number for (number,) in tx.execute(_DROPPED_WITH, (*row, outbox_id))]


_CALL_OFF = """
UPDATE outbox SET state = 'dropped', not_before = NULL, note = 'arrived after all'
WHERE instead_of = ? AND state = 'waiting' RETURNING id
"""
_BACK = """
UPDATE broadcast_recipients SET outbox_id = ?, channel = first_channel, first_channel = NULL,
    address = (SELECT address FROM outbox WHERE id = ?) WHERE outbox_id = ?
"""


def call_off(tx: Transaction, outbox_id: int) -> None:
    """Take the second try back where the first has arrived after all: a platform may say so late."""
    row = tx.execute(_CALL_OFF, (outbox_id,)).fetchone()
    if row is not None:
        tx.execute(_BACK, (outbox_id, outbox_id, row[0]))
        tx.execute(_TELLS, (outbox_id, row[0]))
