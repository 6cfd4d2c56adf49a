"""The time and the codes of a test: given in a row, never taken from the machine or from chance."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

MORNING = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # Monday 08.00 WIB

DIGITS = "23456789"  # of codes: none that is taken for a letter


class Clock:
    """A clock that is set, never asked of the machine."""

    def __init__(self, now: datetime = MORNING) -> None:
        self.now = now

    def __call__(self) -> datetime:
        """The time it is in this world; every look is a little later, so that order is visible."""
        self.now += timedelta(microseconds=1)
        return self.now

    def passes(self, **spans: float) -> None:
        """Let time pass."""
        self.now += timedelta(**spans)


class Codes:
    """Codes in a row instead of chance."""

    def __init__(self) -> None:
        self.made = 0

    def __call__(self) -> str:
        """The next code."""
        self.made += 1
        digits = "".join(DIGITS[self.made // 8**place % 8] for place in (3, 2, 1, 0))
        return f"KDE{digits[:2]}-UJA{digits[2:]}"
