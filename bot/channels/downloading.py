"""Bounds a download: it must keep a least speed, and end in time, or it holds up the others."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.channels.errors import NotSent

BEGIN_SECONDS = 15.0  # before the speed counts
LEAST_BYTES = 16_000  # a second
LONGEST_SECONDS = 300.0  # of one file, however large


class Download:
    """What has come of one file; every piece buys the time of the next."""

    def __init__(self, bound: asyncio.Timeout, *, began: float, begin: float, least: float) -> None:
        self.size = 0  # bytes so far
        self._bound = bound
        self._began = began
        self._begin = begin
        self._least = least

    def came(self, count: int) -> None:
        """Count a piece of so many bytes."""
        self.size += count
        allowed = min(self._begin + self.size / self._least, LONGEST_SECONDS)
        self._bound.reschedule(self._began + allowed)


@asynccontextmanager
async def in_time(*, begin: float = BEGIN_SECONDS, least: float = LEAST_BYTES) -> AsyncIterator[Download]:
    """Download inside the block; raises NotSent where fewer than `least` bytes a second come.

    The speed counts from `begin` seconds on.
    """
    began = asyncio.get_running_loop().time()
    try:
        async with asyncio.timeout_at(began + begin) as bound:
            yield Download(bound, began=began, begin=begin, least=least)
    except TimeoutError as error:
        raise NotSent("the file comes too slowly") from error
