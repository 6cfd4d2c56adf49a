"""Pushed updates that come while a commit is under way share the next one, as those of a poll do."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from storage.inbox import Arrival

AT_ONCE = 64  # requests in one commit: as many as a round takes turns
PATIENCE_SECONDS = 0.02  # that what nobody waits for is kept back for others of its kind


@dataclass(frozen=True, slots=True)
class _Pushed:
    """One request that waits for its commit."""

    arrivals: Sequence[Arrival]
    kept: asyncio.Future[None]
    somebody_waits: bool  # for an answer in the chat


class Gathering:
    """Keeps what many requests bring in few commits: one each cost a quarter of a turn's CPU
    (`bench/turns.py`).
    """

    def __init__(self, take_in: Callable[[str, Sequence[Arrival]], Awaitable[int]]) -> None:
        """`take_in` keeps updates, and returns only after their commit."""
        self._take_in = take_in
        self._waiting: dict[str, list[_Pushed]] = {}
        self._keeping: dict[str, asyncio.Task[None]] = {}
        self._hurried: dict[str, asyncio.Event] = {}

    async def take_in(
        self, channel: str, arrivals: Sequence[Arrival], *, somebody_waits: bool = True
    ) -> None:
        """Keep updates; returns after their commit. Raises what the database raises: then nothing was
        kept.

        Where nobody waits for an answer in the chat, others may still come along.
        """
        pushed = _Pushed(arrivals, asyncio.get_running_loop().create_future(), somebody_waits)
        self._waiting.setdefault(channel, []).append(pushed)
        if somebody_waits and channel in self._hurried:
            self._hurried[channel].set()
        if channel not in self._keeping:
            self._keeping[channel] = asyncio.create_task(self._keep(channel))
        await pushed.kept

    async def _keep(self, channel: str) -> None:
        """Keep until nobody waits; what comes meanwhile is the next batch."""
        try:
            while waiting := self._waiting[channel]:
                if not any(pushed.somebody_waits for pushed in waiting):
                    await self._let_others_come(channel)
                batch = waiting[:AT_ONCE]
                del waiting[:AT_ONCE]
                await self._keep_together(channel, batch)
        finally:
            del self._keeping[channel]

    async def _let_others_come(self, channel: str) -> None:
        hurried = self._hurried[channel] = asyncio.Event()
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await hurried.wait()
        except TimeoutError:
            return
        finally:
            del self._hurried[channel]

    async def _keep_together(self, channel: str, batch: Sequence[_Pushed]) -> None:
        try:
            await self._take_in(channel, [row for pushed in batch for row in pushed.arrivals])
        except Exception:
            # one may have cost the others theirs: each on its own now
            for pushed in batch:
                await self._keep_alone(channel, pushed)
            return
        for pushed in batch:
            _settle(pushed)

    async def _keep_alone(self, channel: str, pushed: _Pushed) -> None:
        try:
            await self._take_in(channel, pushed.arrivals)
        except Exception as error:
            _settle(pushed, error)
        else:
            _settle(pushed)


def _settle(pushed: _Pushed, error: Exception | None = None) -> None:
    """Tell a request what became of it; one whose sender is gone is told nothing."""
    if pushed.kept.done():
        return
    if error is None:
        pushed.kept.set_result(None)
    else:
        pushed.kept.set_exception(error)
