"""How fast messages may leave: overall, and to one chat.

The platform publishes about 30 a second over all chats and one a second to a chat, not how it counts them.
Thirty places, each given back a little over a second after its own acknowledgement, hold any rolling second;
even departures hold a small bucket as well.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

PLACE_SECONDS = 1.002  # a place is given back this long after its acknowledgement
EVEN_SHARE = 0.97  # of a second divided by the rate: the distance of two departures
FORGET_CHATS = 10_000  # chats remembered before the quiet ones are dropped


@dataclass(slots=True)
class _Chat:
    """One chat's small bucket: `tokens` at time `at`."""

    tokens: float
    at: float
    until: float = 0.0  # paused by the platform


@dataclass(slots=True)
class Pace:
    """Knows when the next message may leave; times are monotonic seconds, given by the caller."""

    rate: float  # messages a second over all chats
    chat_rate: float = 1.0  # messages a second to one chat
    chat_burst: float = 3.0  # messages to one chat at once
    _away: int = 0
    _places: deque[float] = field(default_factory=deque)
    _last: float = -1e9
    _paused: float = 0.0
    _chats: dict[str, _Chat] = field(default_factory=dict)

    def remember(self, recent: Iterable[tuple[str, float]]) -> None:
        """Count what another process let go shortly before, as (chat, when)."""
        for chat, at in recent:
            self._places.append(at + PLACE_SECONDS)
            self._last = max(self._last, at)
            self._take(chat, at)

    def wait_overall(self, now: float) -> float:
        """Seconds until any message may leave; infinity when only an acknowledgement can free a place."""
        while self._places and self._places[0] <= now:
            self._places.popleft()
        wait = max(self._paused - now, self._last + EVEN_SHARE / self.rate - now, 0.0)
        if self._away + len(self._places) < self.rate:
            return wait
        if not self._places:
            return float("inf")
        return max(wait, self._places[0] - now)

    def wait_chat(self, chat: str, now: float) -> float:
        """Seconds until a message to this chat may leave."""
        held = self._chats.get(chat)
        if held is None:
            return 0.0
        tokens = min(self.chat_burst, held.tokens + (now - held.at) * self.chat_rate)
        return max(held.until - now, (1.0 - tokens) / self.chat_rate, 0.0)

    def leaves(self, chat: str, now: float) -> None:
        """Count a departure."""
        self._away += 1
        self._last = now
        self._take(chat, now)

    def acknowledged(self, now: float) -> None:
        """Give the place back, a little over a second from now."""
        self._away -= 1
        self._places.append(now + PLACE_SECONDS)

    def throttled(self, chat: str, seconds: float, now: float) -> None:
        """Honour a pause: of this chat, and of everything when another chat was paused as well."""
        others = any(held.until > now for name, held in self._chats.items() if name != chat)
        self._bucket(chat, now).until = now + seconds
        if others:
            self._paused = max(self._paused, now + seconds)

    def _take(self, chat: str, now: float) -> None:
        held = self._bucket(chat, now)
        held.tokens = min(self.chat_burst, held.tokens + max(0.0, now - held.at) * self.chat_rate) - 1.0
        held.at = max(now, held.at)

    def _bucket(self, chat: str, now: float) -> _Chat:
        held = self._chats.get(chat)
        if held is None:
            if len(self._chats) >= FORGET_CHATS:
                self._forget(now)
            held = self._chats[chat] = _Chat(self.chat_burst, now)
        return held

    def _forget(self, now: float) -> None:
        """Drop chats whose bucket is full again."""
        full_after = self.chat_burst / self.chat_rate
        self._chats = {c: h for c, h in self._chats.items() if now - h.at < full_after or h.until > now}
