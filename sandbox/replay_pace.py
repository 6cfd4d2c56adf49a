"""The bot's own pace under the clock of a replay."""

from __future__ import annotations

from collections.abc import Iterable

from bot.channels.errors import Holds
from bot.outbound.pace import Pace


class ReplayPace(Pace):
    """The bot's own pace by the replay's clock: what left days ago holds up nothing.

    The sender tells monotonic seconds; `shift` makes them seconds of the replay.
    """

    shift = 0.0

    def remember(self, recent: Iterable[tuple[str, float]]) -> None:
        """Count what left before, as (chat, monotonic seconds)."""
        super().remember((chat, at + self.shift) for chat, at in recent)

    def wait_overall(self, now: float, *, reply: bool = True) -> float:
        """Seconds until any message may leave."""
        return super().wait_overall(now + self.shift, reply=reply)

    def wait_chat(self, chat: str, now: float) -> float:
        """Seconds until a message to this chat may leave."""
        return super().wait_chat(chat, now + self.shift)

    def leaves(self, chat: str, now: float, *, reply: bool = True) -> None:
        """Count a departure."""
        super().leaves(chat, now + self.shift, reply=reply)

    def acknowledged(self, now: float, *, left: float) -> None:
        """Count an arrival."""
        super().acknowledged(now + self.shift, left=left + self.shift)

    def throttled(
        self, chat: str, seconds: float, *, now: float, holds: Holds = "unsaid", grows: float = 1.0
    ) -> float:
        """Honour a pause."""
        return super().throttled(chat, seconds, now=now + self.shift, holds=holds, grows=grows)
