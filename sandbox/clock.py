"""The sandbox's one clock: the machine's, moved forward. Bot and emulated platforms all go by it."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path

SETTLE, LIVE = "settle", "live"  # asked of the bot: let what is under way arrive; live the clock's moment
FILE = "clock"  # in the data folder: how far the clock was moved, in seconds


class WorldClock:
    """Goes as the machine's clock does, ahead of it by what was kept in a file."""

    def __init__(self, data: Path) -> None:
        """Go on from where the clock of this data folder was left."""
        self._file = data / FILE
        self._ahead = 0.0
        self.read()

    def read(self) -> None:
        """Learn how far the clock was moved, by this process or another."""
        try:
            self._ahead = max(0.0, float(self._file.read_text(encoding="ascii")))
        except (OSError, ValueError):
            self._ahead = 0.0

    @property
    def ahead(self) -> float:
        """Seconds it was moved ahead of the machine's clock."""
        return self._ahead

    def seconds(self) -> float:
        """Seconds since 1970."""
        return time.time() + self._ahead

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.seconds(), UTC)

    def move_to(self, moment: datetime) -> None:
        """Move forward to a moment and keep that; an earlier one changes nothing, time never goes back."""
        ahead = moment.timestamp() - time.time()
        if ahead <= self._ahead:
            return
        fresh = self._file.with_suffix(".new")
        fresh.write_text(repr(ahead), encoding="ascii")
        fresh.replace(self._file)
        self._ahead = ahead
