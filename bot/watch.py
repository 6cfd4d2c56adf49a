"""Looks every half minute how the parts stand, tells the desk, and reports to a heartbeat address."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import httpx

from bot.conditions import judge
from bot.health import Facts, Running, gather
from bot.inbound.turns import where
from domain.condition import Condition, Level
from domain.desk_data import DeskData
from handlers.operations import troubles

LOOK_SECONDS = 30.0
WAITING_SECONDS = 60.0  # after which somebody whose message lies there counts as waiting
HEARTBEAT_TIMEOUT = 10.0  # seconds


class Watch:
    """Follows the conditions of a running bot."""

    def __init__(self, running: Running, desk_data: DeskData, *, wake: Callable[[], None]) -> None:
        """`wake` tells the senders that the desk is told something."""
        self._running = running
        self._desk_data = desk_data
        self._wake = wake

    async def run(self) -> None:
        """Look until cancelled; a database that takes nothing is in the log and in `/health` all the same."""
        while True:
            try:
                await self.look()
            except Exception as error:
                self._running.log.error("watch_failed", **where(error))
            await asyncio.sleep(LOOK_SECONDS)

    async def look(self) -> None:
        """Look once."""
        facts = await gather(self._running)
        conditions = judge(self._running, facts)
        await self._tell(conditions, facts)
        if not any(condition.level is Level.RED for condition in conditions):
            await self._beat()

    async def _tell(self, conditions: list[Condition], facts: Facts) -> None:
        if not await self._running.database.read(lambda tx: troubles.differ(tx, conditions)):
            return
        now, waiting = self._running.clock(), facts.queues["inbox"].oldest_seconds > WAITING_SECONDS
        queued = await self._running.database.run(
            lambda tx: troubles.follow(tx, self._desk_data, conditions=conditions, waiting=waiting, now=now)
        )
        if queued:
            self._running.log.warning("trouble_told", messages=queued)
            self._wake()

    async def _beat(self) -> None:
        """Tell an address of the officer's own that all is well; when it hears nothing, it
        raises the alarm.
        """
        if not (url := self._running.settings.heartbeat_url):
            return
        try:
            async with httpx.AsyncClient(timeout=HEARTBEAT_TIMEOUT) as client:
                (await client.get(url)).raise_for_status()
        except httpx.HTTPError as error:
            self._running.log.warning("heartbeat_failed", kind=type(error).__name__)
