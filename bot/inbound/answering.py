"""Queues what a turn says, in as few messages as the person would otherwise wait for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.channels import Channel, fewer_messages
from bot.channels.fitting import parts
from domain.message import Message
from storage import outbox
from storage.engine.transaction import Transaction
from storage.inbox import InboxRow


def queue_answer(
    tx: Transaction,
    row: InboxRow,
    channel: Channel,
    *,
    address: str,
    messages: Sequence[Message],
    now: datetime,
) -> None:
    """Queue what a turn answers to a row of the inbox, cut and joined as its channel wants it."""
    limits = channel.limits
    written = [part for message in messages for part in parts(message, limits=limits, can=channel.can)]
    if fewer_messages.is_wanted(channel.rates):
        written = list(fewer_messages.joined(written, limits=limits))
        written = _join_to_waiting(tx, channel, address=address, written=written)
    outbox.answer(tx, row.id, channel=row.channel, address=address, messages=written, now=now)


def _join_to_waiting(
    tx: Transaction, channel: Channel, *, address: str, written: list[Message]
) -> list[Message]:
    """Join the first of these to a reply that still waits for its turn to leave; returns what remains."""
    waiting = outbox.last_reply(tx, channel.name, address=address) if written else None
    if waiting is None:
        return written
    row_id, before = waiting
    whole = fewer_messages.both(before, written[0], limits=channel.limits)
    if whole is None:
        return written
    outbox.rewrite(tx, row_id, message=whole)
    return written[1:]
