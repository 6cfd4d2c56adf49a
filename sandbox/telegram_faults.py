"""Faults on request: what the network and the platform do on a bad day."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

FORGET_CHATS = 100_000  # chats whose buckets are kept


class Dropped(Exception):
    """the connection is closed without an answer"""


@dataclass(slots=True)
class Fault:
    """One kind of failure for the next calls that fit."""

    method: str = ""  # "" fits every method but getUpdates
    chat_id: int | None = None
    status: int = 0
    retry_after: int = 0
    times: int = 1
    drop: str = ""  # "before" the call is carried out, or "after"


@dataclass(slots=True)
class Faults:
    """The faults waiting to happen."""

    waiting: list[Fault] = field(default_factory=list)
    standing: list[Fault] = field(default_factory=list)  # until they are taken away

    def add(
        self,
        method: str = "",
        *,
        chat_id: int | None = None,
        status: int = 0,
        retry_after: int = 0,
        times: int = 1,
        drop: str = "",
    ) -> None:
        """Have the next `times` fitting calls fail."""
        self.waiting.append(Fault(method, chat_id, status, retry_after, times, drop))

    def take(self, method: str, chat_id: int | None) -> Fault | None:
        """Take the fault of this call, if there is one."""
        for fault in self.waiting:
            if _fits(fault, method, chat_id):
                fault.times -= 1
                if fault.times <= 0:
                    self.waiting.remove(fault)
                return fault
        return next((fault for fault in self.standing if _fits(fault, method, chat_id)), None)


def _fits(fault: Fault, method: str, chat_id: int | None) -> bool:
    fits = fault.method == method or (not fault.method and method != "getUpdates")
    return fits and fault.chat_id in (None, chat_id)


class Overall(Protocol):
    """How sends over all chats may be counted; the platform says only "about 30 a second"."""

    def wait(self, now: float) -> float:
        """Seconds until a send is allowed; 0 when it is now."""

    def count(self, now: float) -> None:
        """Count a send that was allowed."""


@dataclass(slots=True)
class RollingSecond:
    """At most `rate` in any rolling second."""

    rate: int
    _sent: deque[float] = field(default_factory=deque)

    def wait(self, now: float) -> float:
        """Seconds until the oldest of a full second is a second old."""
        while self._sent and self._sent[0] <= now - 1.0:
            self._sent.popleft()
        return self._sent[0] + 1.0 - now if len(self._sent) >= self.rate else 0.0

    def count(self, now: float) -> None:
        """Count a send that was allowed."""
        self._sent.append(now)


@dataclass(slots=True)
class Bucket:
    """A bucket of `size` that is filled with `rate` a second."""

    rate: float
    size: float
    _tokens: float | None = None  # not used yet: full
    _at: float = 0.0

    def wait(self, now: float) -> float:
        """Seconds until the bucket holds one."""
        return max(0.0, (1.0 - self._count_tokens(now)) / self.rate)

    def count(self, now: float) -> None:
        self._tokens, self._at = self._count_tokens(now) - 1.0, now

    def _count_tokens(self, now: float) -> float:
        return (
            self.size if self._tokens is None else min(self.size, self._tokens + (now - self._at) * self.rate)
        )


SMALL = 5 / 30  # of a second's sends: the size of the small bucket
MODELS: Mapping[str, Callable[[int], Overall]] = {
    "rolling": RollingSecond,
    "bucket": lambda rate: Bucket(rate, rate),
    "small": lambda rate: Bucket(rate, rate * SMALL),
}


@dataclass(slots=True)
class Limits:
    """The platform's pace, enforced: over all chats by one of the models, and a bucket for each chat."""

    overall: Overall = field(default_factory=lambda: RollingSecond(30))
    chat_rate: float = 1.0
    chat_burst: float = 4.0
    _chats: dict[int, Bucket] = field(default_factory=dict)

    def wait(self, chat_id: int, now: float) -> float:
        """Seconds until this send is allowed; 0 counts it."""
        chat = self._chats.get(chat_id)
        if chat is None:
            if len(self._chats) >= FORGET_CHATS:
                self._chats.clear()
            chat = self._chats[chat_id] = Bucket(self.chat_rate, self.chat_burst)
        wait = max(self.overall.wait(now), chat.wait(now))
        if wait <= 0:
            self.overall.count(now)
            chat.count(now)
        return wait
