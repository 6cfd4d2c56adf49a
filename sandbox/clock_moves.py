"""Moves the sandbox's clock: stop by stop, and the bot lives each of them before the next."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from sandbox.clock import LIVE, SETTLE, WorldClock
from sandbox.clock_stops import Stops

Ask = Callable[[str], Awaitable[Mapping[str, Any] | None]]

SHORTEST = timedelta(minutes=1)  # between two stops: what is tried again after seconds makes none
PLAY_SECONDS = 1.0  # between two leaps of a clock that plays


class Moves:
    """Moves one clock; one move at a time."""

    def __init__(self, clock: WorldClock, stops: Stops, *, ask: Ask) -> None:
        """`ask` tells the bot to settle, or to live the moment the clock shows."""
        self.clock, self.stops = clock, stops
        self._ask = ask
        self.until: datetime | None = None  # where a move that is under way leads
        self.speed = 0.0  # seconds of the clock in a second, while it plays
        self._playing: asyncio.Task[None] | None = None
        self._moving = asyncio.Lock()
        self._halted = False

    async def go(self, until: datetime) -> None:
        """Move to a moment: each stop on the way is lived, and so is each message that was put off.

        Where there is no bot to live them, such as one that starts while the network is down, time passes all
        the same: the bot has slept then, as it would have.
        """
        async with self._moving:
            self.until, self._halted = until, False
            try:
                answer = await self._ask_twice(SETTLE)
                while (now := self.clock.now()) < until and not self._halted:
                    self.clock.move_to(until if answer is None else min(until, self._find_stop(now, answer)))
                    answer = await self._ask_twice(LIVE)
            finally:
                self.until = None

    async def _ask_twice(self, what: str) -> Mapping[str, Any] | None:
        """Ask, and where the bot died over it ask the next one; None when none comes up."""
        answer = await self._ask(what)
        return answer if answer is not None else await self._ask(what)

    def _find_stop(self, now: datetime, answer: Mapping[str, Any]) -> datetime:
        stop = self.stops.next(now)
        with suppress(KeyError, TypeError):
            due = datetime.fromisoformat(answer["next"])
            stop = min(stop, max(due, now + SHORTEST))
        return max(stop, now + SHORTEST)

    def play(self, speed: float) -> None:
        """Let the clock run `speed` times as fast from now on; 0 stops it, and ends a move at its stop."""
        self.speed = speed
        self._halted = True
        if self._playing is not None:
            self._playing.cancel()
            self._playing = None
        if speed > 0:
            self._playing = asyncio.create_task(self._play())

    async def _play(self) -> None:
        while self.speed > 0:
            await asyncio.sleep(PLAY_SECONDS)
            # the move is not cut in its middle when playing ends: the bot would live what nobody waits for
            await asyncio.shield(self.go(self.clock.now() + timedelta(seconds=self.speed * PLAY_SECONDS)))

    async def close(self) -> None:
        """Stop playing."""
        self.play(0)
        async with self._moving:
            return
