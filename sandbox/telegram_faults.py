"""Faults on request: what the network and the platform do on a bad day."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field


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
            fits = fault.method == method or (not fault.method and method != "getUpdates")
            if fits and fault.chat_id in (None, chat_id):
                fault.times -= 1
                if fault.times <= 0:
                    self.waiting.remove(fault)
                return fault
        return None


@dataclass(slots=True)
class Limits:
    """The platform's pace, enforced: at most `overall` in any rolling second, a bucket for each chat."""

    overall: int = 30
    chat_rate: float = 1.0
    chat_burst: float = 4.0
    _sent: deque[float] = field(default_factory=deque)
    _chats: dict[int, tuple[float, float]] = field(default_factory=dict)

    def wait(self, chat_id: int, now: float) -> float:
        """Seconds until this send is allowed; 0 counts it."""
        while self._sent and self._sent[0] <= now - 1.0:
            self._sent.popleft()
        if len(self._sent) >= self.overall:
            return self._sent[0] + 1.0 - now
        tokens, at = self._chats.get(chat_id, (self.chat_burst, now))
        tokens = min(self.chat_burst, tokens + (now - at) * self.chat_rate)
        if tokens < 1.0:
            return (1.0 - tokens) / self.chat_rate
        self._chats[chat_id] = (tokens - 1.0, now)
        self._sent.append(now)
        return 0.0
