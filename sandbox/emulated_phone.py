"""What a phone of either channel has: a chat that changes, a bot that may be blocked, one that may be
typing.
"""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(slots=True, kw_only=True)
class Phone(ABC):
    """Somebody's phone, as far as both channels are alike."""

    blocked: bool = False  # the bot's messages do not come through
    typing_until: float = 0.0  # seconds since 1970: until then the bot shows that it writes
    seq: int = 0  # grows with each change
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    on_change: Callable[[], None] | None = None

    @property
    @abstractmethod
    def unread(self) -> int:
        """How many messages have come to the phone and were not seen yet."""

    def touch(self) -> None:
        """Say that the phone shows something new."""
        self.seq += 1
        self.changed.set()
        if self.on_change is not None:
            self.on_change()

    async def until(self, seq: int) -> int:
        """Wait until the phone has changed since `seq`; returns the present number."""
        while self.seq <= seq:
            self.changed.clear()
            await self.changed.wait()
        return self.seq
