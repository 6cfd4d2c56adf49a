"""Polls a channel; raw updates are committed before they are confirmed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from time import monotonic

from bot.channels import Channel, ChannelDown, Contested, SendError
from bot.meters import Meters
from bot.waits import WAITS, Waits
from domain.event_log import EventLog, where
from storage import inbox
from storage.engine.database import Database
from storage.engine.errors import is_full
from storage.engine.transaction import Transaction
from storage.inbox import Arrival


class Poller:
    """Long polling of one channel."""

    def __init__(
        self,
        database: Database,
        channel: Channel,
        *,
        take_in: Callable[[str, Sequence[Arrival]], Awaitable[int]],
        log: EventLog,
        meters: Meters | None = None,
        waits: Waits = WAITS,
    ) -> None:
        """`take_in` keeps updates, and returns only after their commit."""
        self._waits = waits
        self._database, self._channel = database, channel
        self._take_in = take_in
        self._log = log
        self._meters = meters or Meters()
        self.last_round = monotonic()  # it asked, whether it was answered or not
        self._ready = False  # updates are kept for polling
        self._keeping = self._ending = False
        self._stuck = waits.first  # seconds until what cannot be confirmed is asked for again

    async def run(self) -> None:
        """Poll until stopped; the position moves only behind what is committed."""
        wait = self._waits.first
        after: str | None = None
        known = False
        while not self._ending:
            try:
                if not known:
                    after, known = await self._database.read(self._read_newest), True
                after = await self._poll(after)
                self._meters.polled(self._channel.name)
                self.last_round = monotonic()
                wait = self._waits.first
            except SendError as error:
                # a platform that is away is the channel's trouble: to start this process anew mends nothing
                self.last_round = monotonic()
                self._poll_failed(error, wait)
                wait = await self._choose_delay(max(wait, error.retry_after))
            except Exception as error:
                # nothing is confirmed: the platform keeps what we could not store
                self._log.error("disk_full" if is_full(error) else "intake_failed", wait=wait, **where(error))
                wait = await self._choose_delay(wait)

    async def stop(self, task: asyncio.Task[None]) -> None:
        """End `run`, which is `task`; updates that came are kept and have their turn first."""
        self._ending = True
        if not self._keeping:
            task.cancel()
        await asyncio.wait({task})

    async def _poll(self, after: str | None) -> str | None:
        """Ask once, keep what came, and return the position behind it."""
        if not self._ready:
            await self._channel.subscribe()
            self._ready = True
        polled = await self._channel.poll(after)
        if not polled.arrivals:
            return after
        self._keeping = True
        try:
            await self._take_in(self._channel.name, polled.arrivals)
        finally:
            self._keeping = False
        if polled.after is None:
            # nothing can be confirmed: the same would come at once
            self._stuck = await self._choose_delay(self._stuck)
            return after
        self._stuck = self._waits.first
        return polled.after

    def _poll_failed(self, error: SendError, wait: float) -> None:
        contested = isinstance(error, Contested)
        self._meters.not_polled(self._channel.name)
        self._ready = self._ready and not contested  # it may be a webhook that somebody set
        log = self._log.error if contested or isinstance(error, ChannelDown) else self._log.warning
        event = "poll_conflict" if contested else "poll_failed"
        log(event, channel=self._channel.name, kind=type(error).__name__, told=str(error), wait=wait)

    def _read_newest(self, tx: Transaction) -> str | None:
        return inbox.last_readable_id(tx, self._channel.name)

    async def _choose_delay(self, wait: float) -> float:
        if self._ending:
            return wait
        await asyncio.sleep(wait)
        return min(wait * 2, self._waits.longest)
