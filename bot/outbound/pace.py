"""How fast messages may leave: overall, and to one chat.

The platform publishes about 30 a second over all chats and one a second to a chat, not how it counts them.
Thirty permits, each given back a second after its own arrival, hold any rolling second; even departures
hold a small bucket as well.
When somebody is chatting one permit is kept free for the next reply: a person does not wait behind an
announcement.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

from bot.channels.errors import Holds

# a permit is given back this long after its acknowledgement, less what is known of the way
PERMIT_SECONDS = 1.002
KNOWN_WAY = 0.75  # of the shortest round trip of late, at most
FORGETS = 0.003  # how fast the shortest and the longest round trip are forgotten, per acknowledgement
TRIPS = 30  # before anything is known of the way
EVEN_SHARE = 0.97  # of a second divided by the rate: the distance of two departures
CATCH_UP_SECONDS = 0.02  # a departure may be late this much without delaying the next: timers are not exact
# a reply may be early this much; the small bucket has room for it, and for the jitter of the way
RUSH_SECONDS = 0.02
CHATTING_SECONDS = 60.0  # after a reply that left beside others the next one is expected
BESIDE_SECONDS = 2.0  # how lately something else must have left for that
RESERVE_FROM = 10  # a slower rate than this keeps no permit free
LONGEST_GROWN = 64.0  # seconds of a pause that grows: somebody waits
FORGET_CHATS = 2_000  # chats remembered before the quiet ones are dropped


@dataclass(slots=True)
class _Chat:
    """One chat's small bucket: `tokens` at time `at`."""

    tokens: float
    at: float
    until: float = 0.0  # paused by the platform
    grown: int = 0  # times in a row that a pause grew


@dataclass(slots=True)
class Pace:
    """Knows when the next message may leave; times are monotonic seconds, given by the caller."""

    rate: float  # messages a second over all chats
    chat_rate: float = 1.0  # messages a second to one chat
    chat_burst: float = 3.0  # messages to one chat at once
    _away: int = 0
    _permits: deque[float] = field(default_factory=deque)
    _next: float = -1e9  # when the next message would leave if all left evenly
    _trips: int = 0
    _shortest: float = float("inf")  # round trip of late, seconds
    _longest: float = 0.0
    _replied: float = -1e9  # when a reply last left while something else was leaving
    _other: float = -1e9  # when something that is no reply last left
    _paused: float = 0.0
    _chats: dict[str, _Chat] = field(default_factory=dict)

    def remember(self, recent: Iterable[tuple[str, float]]) -> None:
        """Count what another process let go shortly before, as (chat, when).

        It let them go evenly: the next one here is an interval behind the last of them, however many.
        """
        for chat, at in sorted(recent, key=lambda gone: gone[1]):
            self._permits.append(at + PERMIT_SECONDS)
            self._next = max(self._next, at + EVEN_SHARE / self.rate)
            self._take(chat, at)

    def wait_overall(self, now: float, *, reply: bool = True) -> float:
        """Seconds until any message may leave; infinity when only an acknowledgement can free a permit."""
        permits = self._permits
        while permits and permits[0] <= now:
            permits.popleft()
        early = CATCH_UP_SECONDS + RUSH_SECONDS if reply else CATCH_UP_SECONDS
        wait = max(self._paused - now, self._next - early - now, 0.0)
        kept = 0 if reply else self._count_kept(now)
        missing = int(self._away + len(permits) + kept + 1 - max(self.rate, 1.0))
        if missing <= 0:
            return wait
        if missing > len(permits):
            return float("inf")
        return max(wait, permits[missing - 1] - now)

    def _count_kept(self, now: float) -> int:
        return int(now - self._replied < CHATTING_SECONDS and self.rate >= RESERVE_FROM)

    def wait_chat(self, chat: str, now: float) -> float:
        """Seconds until a message to this chat may leave."""
        bucket = self._chats.get(chat)
        if bucket is None:
            return 0.0
        tokens = min(self.chat_burst, bucket.tokens + (now - bucket.at) * self.chat_rate)
        return max(bucket.until - now, (1.0 - tokens) / self.chat_rate, 0.0)

    def leaves(self, chat: str, now: float, *, reply: bool = True) -> None:
        self._away += 1
        self._next = max(self._next, now) + EVEN_SHARE / self.rate
        if not reply:
            self._other = now
        elif now - self._other < BESIDE_SECONDS:
            self._replied = now
        self._take(chat, now)

    def acknowledged(self, now: float, *, left: float) -> None:
        """Give the place of what left then back, a little over a second after it arrived."""
        trip = now - left
        self._shortest = min(self._shortest * (1 + FORGETS), trip)
        self._longest = max(self._longest * (1 - FORGETS), trip)
        self._trips += 1
        self._away -= 1
        self._permits.append(now + PERMIT_SECONDS - self._measure_gap())

    def _measure_gap(self) -> float:
        """Seconds that surely lie between one's arrival and the next one's: the way back and the way there.

        Where round trips differ much from each other, the shortest one seen says little about the next.
        """
        if self._trips < TRIPS:
            return 0.0
        doubt = (self._longest - self._shortest) / 2
        return max(0.0, min(self._shortest * KNOWN_WAY, self._shortest - doubt))

    def throttled(
        self, chat: str, seconds: float, *, now: float, holds: Holds = "unsaid", grows: float = 1.0
    ) -> float:
        """Honour a pause, which `grows` with every such refusal in a row; returns its seconds.

        Where it is not said what it holds it is this chat, and everything when another chat was paused as
        well.
        """
        others = any(bucket.until > now for name, bucket in self._chats.items() if name != chat)
        bucket = self._find_bucket(chat, now)
        pause = max(seconds, min(seconds * grows**bucket.grown, LONGEST_GROWN))
        bucket.grown += grows > 1 and pause < LONGEST_GROWN
        bucket.until = now + pause
        if holds == "all" or (holds == "unsaid" and others):
            self._paused = max(self._paused, now + pause)
        return pause

    def taken(self, chat: str) -> None:
        """Note that the platform took a message to this chat: no refusal is in a row with those before."""
        if (bucket := self._chats.get(chat)) is not None:
            bucket.grown = 0

    def _take(self, chat: str, now: float) -> None:
        bucket = self._find_bucket(chat, now)
        bucket.tokens = min(self.chat_burst, bucket.tokens + max(0.0, now - bucket.at) * self.chat_rate) - 1.0
        bucket.at = max(now, bucket.at)

    def _find_bucket(self, chat: str, now: float) -> _Chat:
        bucket = self._chats.get(chat)
        if bucket is None:
            if len(self._chats) >= FORGET_CHATS:
                self._forget(now)
            bucket = self._chats[chat] = _Chat(self.chat_burst, now)
        return bucket

    def _forget(self, now: float) -> None:
        """Drop chats whose bucket is full again."""
        full_after = self.chat_burst / self.chat_rate
        self._chats = {c: h for c, h in self._chats.items() if now - h.at < full_after or h.until > now}
