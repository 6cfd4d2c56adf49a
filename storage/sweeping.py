"""What one portion of a sweep did: old rows go in portions, so that no turn waits long for any of them."""

from __future__ import annotations

from dataclasses import dataclass

PORTION = 500  # rows one transaction looks at, or deletes


@dataclass(frozen=True, slots=True)
class Swept:
    """How many rows a portion deleted, and behind which row the next one begins."""

    count: int
    next: int | None = None  # None: nothing more is old enough


def swept_by_condition(count: int, *, portion: int = PORTION) -> Swept:
    """Say what a portion did whose statement finds the next rows by itself: a full one has more behind it."""
    return Swept(count, 0 if count >= portion else None)
