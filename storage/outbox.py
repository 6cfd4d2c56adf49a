"""Queues outgoing messages; nothing is sent but these rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from domain.message import Message
from storage.engine.json_text import encodable
from storage.engine.transaction import Transaction
from storage.engine.utc import utc_text

# Priorities: who asked is answered first.
REPLY = 0
REMINDER = 1
BROADCAST = 2
# written as the index outbox_said has it, else it would not be taken
HAS_LEFT = "(state IN ('sent', 'leased') OR state = 'unknown')"
ANSWER = "reply:"  # begins the key of what a turn answers; nothing told unasked has it


@dataclass(frozen=True, slots=True)
class Terms:
    """When a message leaves, and whether it may leave twice."""

    priority: int = REPLY
    dedupe_key: str | None = None  # a second message of the same key is not queued
    repeatable: bool = True  # it is sent again when nobody knows whether it arrived
    not_before: datetime | None = None


AT_ONCE = Terms()
_QUEUE = """
INSERT INTO outbox (channel, address, priority, payload, repeatable, dedupe_key, created_at, not_before)
VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (dedupe_key) DO NOTHING
"""
_INSERT = f"{_QUEUE} RETURNING id"


def answer(
    tx: Transaction, inbox_id: int, *, channel: str, address: str, messages: Iterable[Message], now: datetime
) -> None:
    """Queue what a turn answers to a row of the inbox; a turn that runs again queues nothing twice."""
    at = utc_text(now)
    values = [
        (
            channel,
            address,
            REPLY,
            encodable(message.to_json()),
            True,
            f"{ANSWER}{inbox_id}:{number}",
            at,
            None,
        )
        for number, message in enumerate(messages)
    ]
    tx.executemany(_QUEUE, values)


def insert(
    tx: Transaction,
    *,
    channel: str,
    address: str,
    message: Message,
    now: datetime,
    terms: Terms = AT_ONCE,
) -> int | None:
    """Queue a message; None when its key is there already."""
    due = utc_text(terms.not_before) if terms.not_before else None
    payload = encodable(message.to_json())
    leaves = (terms.repeatable, terms.dedupe_key, utc_text(now), due)
    values = (channel, address, terms.priority, payload, *leaves)
    row = tx.execute(_INSERT, values).fetchone()
    return row[0] if row else None


# SQLite takes a partial index only where the query repeats its condition word for word: the pair of states
# leads to `outbox_open`, the single state behind it says what is meant.
_LAST_REPLY = f"""
SELECT id, payload FROM outbox
WHERE channel = ? AND address = ? AND state IN ('waiting', 'leased') AND state = 'waiting'
  AND priority = {REPLY} AND attempts = 0 AND not_before IS NULL AND reason IS NULL AND unsure = 0
  AND NOT EXISTS (
      SELECT 1 FROM outbox n WHERE n.channel = outbox.channel AND n.address = outbox.address
        AND n.id > outbox.id AND n.state IN ('waiting', 'leased') AND n.priority = {REPLY})
ORDER BY id DESC LIMIT 1
"""
_REWRITE = "UPDATE outbox SET payload = ? WHERE id = ? AND state = 'waiting' AND attempts = 0"


def last_reply(tx: Transaction, channel: str, *, address: str) -> tuple[int, Message] | None:
    """Find the reply behind which the next one to this address would wait; None when none waits."""
    row = tx.execute(_LAST_REPLY, (channel, address)).fetchone()
    return (row[0], Message.from_json(row[1])) if row else None


def rewrite(tx: Transaction, row_id: int, *, message: Message) -> None:
    """Have a message that never left say this instead."""
    tx.execute(_REWRITE, (encodable(message.to_json()), row_id))


_WITHDRAW = """
UPDATE outbox SET state = 'dropped', note = 'holds no more'
WHERE state = 'waiting' AND dedupe_key >= ? AND dedupe_key < ? RETURNING dedupe_key
"""


def withdraw(tx: Transaction, prefix: str) -> list[str]:
    """Take back what has not left of the messages whose key begins like this; returns their keys."""
    return [row[0] for row in tx.execute(_WITHDRAW, (prefix, f"{prefix}~")).fetchall()]
