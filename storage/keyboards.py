"""The choices that stand before a person: those of the newest message of ours to their address that had some."""

from __future__ import annotations

import json

from domain.message import Choice, Message
from storage.engine.transaction import Transaction

LOOKED_AT = 12  # messages back; what was said since is more than a screen
_ARRIVED = """
SELECT payload, message_ref FROM outbox
WHERE channel = ? AND address = ? AND state IN ('sent', 'leased', 'unknown') ORDER BY id DESC LIMIT ?
"""


def newest(tx: Transaction, channel: str, address: str) -> tuple[Choice, ...]:
    """List the choices of the newest message that has some and has not lost them since; empty when none has."""
    taken_away: set[str] = set()
    for payload, reference in tx.execute(_ARRIVED, (channel, address, LOOKED_AT)):
        message = Message.from_json(payload)
        choices = tuple(choice for row in message.rows for choice in row if choice.data)
        if choices and reference not in taken_away:
            return choices
        if message.edit:
            taken_away.add(message.edit)
    return ()


_COMING = """
SELECT id, payload FROM outbox
WHERE channel = ? AND address = ? AND state IN ('waiting', 'leased') ORDER BY id DESC LIMIT 1
"""
_SAID = """
SELECT id, payload FROM outbox
WHERE channel = ? AND address = ? AND state IN ('sent', 'leased', 'unknown') ORDER BY id DESC LIMIT 1
"""


def is_last(tx: Transaction, channel: str, address: str, data: str) -> bool:
    """Whether the very last message to this address, sent or not, offers a choice with this data."""
    found = [row for query in (_COMING, _SAID) for row in tx.execute(query, (channel, address))]
    rows = json.loads(max(found)[1]).get("rows", ()) if found else ()
    return any(choice[1] == data for one in rows for choice in one)
