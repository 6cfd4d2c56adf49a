"""Takes updates in: raw, committed before they are confirmed."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Callable, Sequence
from time import monotonic
from typing import Any

from bot.channels import ChannelDown, SendError
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.parse import has_id
from bot.inbound.turns import where
from storage import inbox
from storage.engine.database import Database
from storage.engine.errors import is_full
from storage.inbox import Arrival

FIRST_WAIT, LONGEST_WAIT = 0.5, 30.0  # seconds between tries when the platform or the disk fails


def arrival(raw: Any, address_of: Callable[[Any], str]) -> Arrival:
    """Make the row of one raw update; what has no update_id is kept under its hash."""
    text = json.dumps(raw, ensure_ascii=False, separators=(",", ":"))
    if has_id(raw):
        return Arrival(str(raw["update_id"]), address_of(raw), text)
    return unreadable(text)


def unreadable(text: str) -> Arrival:
    """Make the row of something that is no update."""
    return Arrival(
        "#" + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(), "", text, unreadable="no update_id"
    )


class Poller:
    """Long polling for one Telegram bot."""

    def __init__(
        self,
        database: Database,
        channel: TelegramChannel,
        *,
        take_in: Callable[[str, Sequence[Arrival]], Awaitable[int]],
        log: Any,
        first_wait: float = FIRST_WAIT,
    ) -> None:
        """`take_in` keeps updates, and returns only after their commit; `first_wait` (seconds) grows with each try."""
        self._first_wait = first_wait
        self._database, self._channel = database, channel
        self._take_in, self._log = take_in, log
        self.last_poll = monotonic()
        self._ready = False  # no webhook stands in the way of polling
        self._keeping = self._ending = False

    async def run(self) -> None:
        """Poll until stopped; the offset moves only behind what is committed."""
        wait = self._first_wait
        offset: int | None = None
        known = False
        while not self._ending:
            try:
                if not known:
                    offset, known = await self._database.read(self._offset), True
                offset = await self._poll(offset)
                self.last_poll = monotonic()
                wait = self._first_wait
            except SendError as error:
                self._poll_failed(error, wait)
                wait = await self._later(max(wait, error.retry_after))
            except Exception as error:
                # nothing is confirmed: the platform keeps what we could not store
                self._log.error("disk_full" if is_full(error) else "intake_failed", wait=wait, **where(error))
                wait = await self._later(wait)

    async def stop(self, task: asyncio.Task[None]) -> None:
        """End `run`, which is `task`; updates that came are kept and have their turn first."""
        self._ending = True
        if not self._keeping:
            task.cancel()
        await asyncio.wait({task})

    async def _poll(self, offset: int | None) -> int | None:
        """Ask once, keep what came, and return the next offset."""
        if not self._ready:
            await self._channel.delete_webhook()
            self._ready = True
        updates = await self._channel.poll(offset)
        if not updates:
            return offset
        self._keeping = True
        try:
            after = await self.keep(updates)
        finally:
            self._keeping = False
        if after == offset:
            await self._later(self._first_wait)  # nothing that came can be confirmed: it will come again at once
        return after

    def _poll_failed(self, error: SendError, wait: float) -> None:
        told = str(error)
        conflict = "conflict" in told.casefold()
        self._ready = self._ready and not conflict  # it may be a webhook that somebody set
        log = self._log.error if conflict or isinstance(error, ChannelDown) else self._log.warning
        log("poll_conflict" if conflict else "poll_failed", kind=type(error).__name__, told=told, wait=wait)

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
        if self._ending:
            return wait
        await asyncio.sleep(wait)
        return min(wait * 2, LONGEST_WAIT)
