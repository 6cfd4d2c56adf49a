"""What a tick queued for people, and whom it passed over because writing to them raised."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Queued:
    """How many are written to, and who is not, each with what was raised."""

    count: int = 0
    passed_over: tuple[tuple[int, Exception], ...] = ()  # numbers of people
