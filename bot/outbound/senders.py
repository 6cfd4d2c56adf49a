"""One sender for each channel, as one: a channel that stands still holds up nobody on another."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.outbound.sender import Leased, Sender
from storage.engine.transaction import Transaction
from storage.outbox_leases import Outgoing


class LeasedByChannel(list[Outgoing]):
    """Rows of every channel, and whose they are."""

    def __init__(self, parts: Sequence[tuple[Sender, Leased]]) -> None:
        super().__init__(row for _, rows in parts for row in rows)
        self.parts = parts


class Senders:
    """Leases and sends for every channel."""

    def __init__(self, by_channel: Mapping[str, Sender]) -> None:
        self.by_channel = by_channel

    def claim(self, tx: Transaction, now: datetime) -> list[Outgoing]:
        """Lease the replies there is room for, in the turn's own transaction."""
        return LeasedByChannel([(sender, sender.claim(tx, now)) for sender in self.by_channel.values()])

    def take(self, rows: Sequence[Outgoing]) -> None:
        """Send these: they are leased and committed."""
        if isinstance(rows, LeasedByChannel):
            for sender, own_rows in rows.parts:
                sender.take(own_rows)

    def wake(self) -> None:
        """Say that there may be rows to lease."""
        for sender in self.by_channel.values():
            sender.wake()

    async def prepare(self) -> None:
        """After a start: take back every lease."""
        for sender in self.by_channel.values():
            await sender.prepare()

    @property
    def last_round(self) -> float:
        """When the sender that lags most last came round (monotonic)."""
        return min(sender.last_round for sender in self.by_channel.values())

    async def idle(self) -> None:
        """Return when nothing is held, under way or unwritten on any channel."""
        await asyncio.gather(*(sender.idle() for sender in self.by_channel.values()))
