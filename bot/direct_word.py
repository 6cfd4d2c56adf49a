"""Tells the desk what cannot go through the outbox because the database takes nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence

from bot.channels import Channel
from bot.channels.fitting import fitted
from domain.event_log import EventLog, where
from domain.message import Message
from domain.people import Role
from storage import contacts, troubles
from storage.engine.transaction import Transaction

SECONDS = 10.0  # for all of the desk together; who is not reached by then is not waited for

Recipients = Sequence[tuple[str, str, str]]  # channel, address, language


class DirectWord:
    """Knows who is at the desk since the database was last read, and writes to them past it."""

    def __init__(self, channels: Mapping[str, Channel], log: EventLog) -> None:
        self._channels = channels
        self._log = log
        self._desk: Recipients = ()

    def remember(self, tx: Transaction) -> None:
        """Read who is at the desk."""
        self._desk = contacts.reachable(tx, Role.ADMIN, avoiding=troubles.channels_out_of_reach(tx))

    async def tell(self, write: Callable[[str], Message]) -> None:
        """Send everybody a message, `write` in their language; raises nothing."""
        sends = [
            asyncio.create_task(self._send(channel, address, write(language)))
            for channel, address, language in self._desk
            if channel in self._channels
        ]
        if sends:
            _, late = await asyncio.wait(sends, timeout=SECONDS)
            for task in late:
                task.cancel()

    async def _send(self, name: str, address: str, message: Message) -> None:
        channel = self._channels[name]
        try:
            await channel.send(address, fitted(message, channel.can))
        except Exception as error:
            # one who is not reached must not cost the others the news
            self._log.warning("direct_word_not_sent", channel=name, **where(error))
