"""Kills the bot as a power cut would, and counts before and after that nothing is lost."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from time import monotonic

from sandbox.clock import SETTLE
from sandbox.looks import KINDS, count_rows
from sandbox.world import World


@dataclass(frozen=True, slots=True)
class Kill:
    """One kill: what was there before, what is there since the bot is back."""

    number: int
    before: Mapping[str, int]
    after: Mapping[str, int] | None = None  # None while it is not back
    seconds: float = 0.0  # until it was back and had caught up

    @property
    def kept(self) -> bool:
        """Whether nothing became less."""
        return self.after is not None and all(self.after[kind] >= self.before[kind] for kind in KINDS)


class Kills:
    """Kills one bot, as often as somebody wants to see it come back."""

    def __init__(self, world: World, *, tell: Callable[[Kill], None]) -> None:
        """`tell` hears of a kill twice: when it is done, and when the bot is back."""
        self._world, self._tell = world, tell
        self.last: Kill | None = None
        self.count = 0

    async def kill(self) -> Kill:
        """Kill the bot and wait until it is back, however long that takes."""
        world = self._world
        self.count += 1
        before = await world.look(count_rows)
        began = monotonic()
        world.bot.kill()
        self.last = Kill(self.count, before)
        self._tell(self.last)
        await world.bot.gone()
        while await world.bot.ask(SETTLE) is None:
            continue  # it may wait for a network that is down
        after = await world.look(count_rows)
        self.last = Kill(self.last.number, before, after, monotonic() - began)
        self._tell(self.last)
        return self.last
