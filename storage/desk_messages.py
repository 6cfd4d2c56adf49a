"""What everybody at the desk is told: one message each, in their own language, once for its key."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from domain.message import Message
from domain.people import Role
from storage import contacts, outbox, troubles
from storage.engine.transaction import Transaction


def queue(
    tx: Transaction,
    key: str,
    *,
    write: Callable[[str], Message],
    now: datetime,
    not_before: datetime | None = None,
    priority: int = outbox.REPLY,
) -> int:
    """Queue a message for everybody at the desk who can be written to; returns how many.

    `write` is told a language. Whoever was told this `key` before hears nothing.
    Whoever has another address is not written to on a channel that is out of reach.
    """
    queued, down = 0, troubles.channels_out_of_reach(tx)
    for channel, address, language in contacts.reachable(tx, Role.ADMIN, avoiding=down):
        row = outbox.insert(
            tx,
            channel=channel,
            address=address,
            message=write(language),
            now=now,
            terms=outbox.Terms(
                priority=priority, dedupe_key=f"{key}:{channel}:{address}", not_before=not_before
            ),
        )
        queued += row is not None
    return queued
