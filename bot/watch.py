"""Looks every half minute how the parts stand, tells the desk, and reports to a heartbeat address."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from time import monotonic

import httpx

from bot.channels import Channel, SendError
from bot.conditions import judge
from bot.direct_word import DirectWord
from bot.health import Facts, Running, gather, try_to_gather
from bot.meters import CLOCK_STEPPED
from bot.store.contract import StoreAway
from domain.condition import Condition, Level
from domain.desk_data import DeskData
from domain.event_log import where
from domain.message import Message
from domain.texts import Say
from handlers.operations import troubles
from storage import troubles as noted
from storage.engine.errors import is_full

LOOK_SECONDS = 30.0
STORE = "store"  # among what is asked, beside the channels
PROBE_SECONDS = 60.0  # between two questions to the store, or to a platform that is not polled
PROBE_TIMEOUT = 20.0
WAITING_SECONDS = 60.0  # after which somebody whose message lies there counts as waiting
HEARTBEAT_TIMEOUT = 10.0  # seconds
CLOCK_SET_SECONDS = 60.0  # by which the clock and the seconds since the last look differ when it was set


class Watch:
    """Follows the conditions of a running bot."""

    def __init__(
        self,
        running: Running,
        desk_data: DeskData,
        *,
        wake: Callable[[], None],
        wall: Callable[[], float] = time.time,
    ) -> None:
        """`wake` tells the senders that the desk is told something; `wall` is the machine's clock."""
        self._running = running
        self._desk_data = desk_data
        self._wake = wake
        self._wall = wall
        self._clock_ahead = wall() - monotonic()
        self._probed: dict[str, float] = {}  # monotonic, by channel, and of the store of files
        self._direct = DirectWord(running.channels, running.log)
        self._told_directly = False  # that the database takes nothing

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
        self._look_at_clock()
        channels = self._running.channels.values()
        await asyncio.gather(self._probe_store(), *(self._probe(channel) for channel in channels))
        facts = await self._gather()
        conditions = judge(self._running, facts)
        if facts is None or facts.commits.failing:
            await self._tell_directly()
        else:
            await self._tell(conditions, facts)
        if not any(condition.level is Level.RED for condition in conditions):
            await self._beat()

    async def tell_of_end(self) -> None:
        """Tell the desk, past the database, that it is gone or damaged and the bot stops."""
        await self._direct.tell(lambda language: troubles.last_word(self._say(language)))

    def _look_at_clock(self) -> None:
        """Notice that the machine's clock was set since the last look."""
        ahead = self._wall() - monotonic()
        jump, self._clock_ahead = ahead - self._clock_ahead, ahead
        if abs(jump) > CLOCK_SET_SECONDS:
            self._running.log.error(CLOCK_STEPPED, seconds=round(jump))

    async def _probe(self, channel: Channel) -> None:
        """Ask a platform that pushes how we stand; one that is polled tells it by every poll."""
        meters = self._running.meters
        if channel.polls or not self._begin_probe(channel.name):
            return
        try:
            async with asyncio.timeout(PROBE_TIMEOUT):
                hindered = await channel.probe(now=self._running.clock())
        except (SendError, TimeoutError) as error:
            meters.not_polled(channel.name)
            self._running.log.warning("probe_failed", channel=channel.name, kind=type(error).__name__)
            return
        meters.probed(channel.name)
        meters.pushes_failing.pop(channel.name, None)
        if hindered:
            meters.pushes_failing[channel.name] = hindered
            self._running.log.error("pushes_failing", channel=channel.name, told=hindered[:200])

    def _begin_probe(self, name: str) -> bool:
        """Note a question to a channel or the store; False where one was put a moment ago."""
        now = monotonic()
        due = now - self._probed.get(name, -PROBE_SECONDS) >= PROBE_SECONDS
        if due:
            self._probed[name] = now
        return due

    async def _probe_store(self) -> None:
        """Ask the store of files whether it can be used."""
        meters = self._running.meters
        if not self._begin_probe(STORE):
            return
        try:
            async with asyncio.timeout(PROBE_TIMEOUT):
                await self._running.store.probe()
        except (StoreAway, TimeoutError) as error:
            meters.store_not_answered()
            self._running.log.warning("store_away", told=str(error)[:300])
        else:
            meters.store_answered()

    async def _gather(self) -> Facts | None:
        """Read the facts and who is at the desk; after a commit that failed, try whether one succeeds now."""
        facts = await try_to_gather(self._running)
        if facts is None:
            return None
        await self._running.database.read(self._direct.remember)
        if not facts.commits.failing:
            return facts
        try:
            await self._running.database.run(noted.try_for_room)
        except Exception as error:
            self._running.log.error("disk_full" if is_full(error) else "watch_failed", **where(error))
            return facts
        return await gather(self._running)

    async def _tell(self, conditions: list[Condition], facts: Facts) -> None:
        if self._told_directly:
            self._told_directly = False
            await self._say_directly(Condition("database", "", Level.GREEN))
        if not await self._running.database.read(lambda tx: troubles.differ(tx, conditions)):
            return
        now, waiting = self._running.clock(), facts.queues["inbox"].oldest_seconds > WAITING_SECONDS
        queued = await self._running.database.run(
            lambda tx: troubles.follow(tx, self._desk_data, conditions=conditions, waiting=waiting, now=now)
        )
        if queued:
            self._running.log.warning("trouble_told", messages=queued)
            self._wake()

    async def _tell_directly(self) -> None:
        """Tell once that nothing can be written: that cannot be written down, and people wait."""
        if not self._told_directly:
            self._told_directly = True
            await self._say_directly(Condition("database", "", Level.RED))

    async def _say_directly(self, condition: Condition) -> None:
        await self._direct.tell(lambda language: Message(troubles.sentence(self._say(language), condition)))

    def _say(self, language: str) -> Say:
        return self._desk_data.words.in_(language)

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
