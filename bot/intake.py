"""Takes updates in: raw, committed before they are confirmed."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Callable, Sequence
from time import monotonic
from typing import Any

from bot.channels import ChannelDown, SendError
from bot.channels.telegram import TelegramChannel
from storage import inbox
from storage.database import Database, is_full
from storage.inbox import Arrival

FIRST_WAIT, LONGEST_WAIT = 0.5, 30.0  # seconds between tries when the platform or the disk fails


def arrival(raw: Any, address_of: Callable[[Any], str]) -> Arrival:
    """Make the row of one raw update; what has no update_id is kept under its hash."""
    text = json.dumps(raw, ensure_ascii=False, separators=(",", ":"))
    if isinstance(raw, dict) and isinstance(raw.get("update_id"), int):
        return Arrival(str(raw["update_id"]), address_of(raw), text)
    return unreadable(text)


def unreadable(text: str) -> Arrival:
    """Make the row of something that is no update."""
    return Arrival("#" + hashlib.sha256(text.encode()).hexdigest(), "", text, unreadable="no update_id")


class Poller:
    """Long polling for one Telegram bot."""

    def __init__(
        self,
        database: Database,
        channel: TelegramChannel,
        *,
        take_in: Callable[[str, Sequence[Arrival]], Awaitable[int]],
        log: Any,
    ) -> None:
        """`take_in` keeps updates, and returns only after their commit."""
        self._database, self._channel = database, channel
        self._take_in, self._log = take_in, log
        self.last_poll = monotonic()

    async def run(self) -> None:
        """Poll until cancelled; the offset moves only behind what is committed."""
        wait = FIRST_WAIT
        offset = await self._database.read(self._offset)
        ready = False
        while True:
            try:
                if not ready:
                    await self._channel.delete_webhook()
                    ready = True
                updates = await self._channel.poll(offset)
                if updates:
                    offset = await self.keep(updates)
                self.last_poll = monotonic()
                wait = FIRST_WAIT
            except SendError as error:
                down = isinstance(error, ChannelDown)
                (self._log.error if down else self._log.warning)("poll_failed", kind=type(error).__name__, wait=wait)
                wait = await self._later(max(wait, error.retry_after))
            except Exception as error:
                # nothing is confirmed: the platform keeps what we could not store
                self._log.error("disk_full" if is_full(error) else "intake_failed", error=repr(error), wait=wait)
                wait = await self._later(wait)

    async def keep(self, updates: Sequence[Any]) -> int | None:
        """Commit updates and return the offset that confirms them."""
        rows = [arrival(raw, self._channel.address_of) for raw in updates]
        await self._take_in(self._channel.name, rows)
        ids = [int(row.external_id) for row in rows if not row.unreadable]
        return max(ids) + 1 if ids else await self._database.read(self._offset)

    def _offset(self, tx: Any) -> int | None:
        last = inbox.last_readable_id(tx, self._channel.name)
        return None if last is None else int(last) + 1

    async def _later(self, wait: float) -> float:
        await asyncio.sleep(wait)
        return min(wait * 2, LONGEST_WAIT)
