"""How long an answer of a platform is waited for: longer while it answers slowly, or every reply would be
taken for lost and sent again.
"""

from __future__ import annotations

LONGEST_SECONDS = 50.0  # a lease is longer (bot/outbound/sender.py)
ROOM = 1.5  # beyond the longest answer of late
FORGETS = 0.98  # of what was learned, with every answer


class AnswerTime:
    """Learns from answers, and from those that did not come in time."""

    def __init__(self, least: float) -> None:
        """Never wait less than `least` seconds."""
        self._least = least
        self.seconds = least

    def answered(self, took: float) -> None:
        """Learn from an answer after `took` seconds."""
        if self.seconds > self._least or took * ROOM > self._least:
            self._wait(max(self._least, took * ROOM, self.seconds * FORGETS))

    def missed(self) -> None:
        """Wait twice as long from now on: the answer did not come in time."""
        self._wait(self.seconds * 2)

    def _wait(self, seconds: float) -> None:
        self.seconds = min(seconds, max(LONGEST_SECONDS, self._least))
