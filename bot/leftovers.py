"""Removes files of our own making that have had their time: what was made or copied to be sent, old copies.

Both may hold names of people who have asked to be erased since.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path

from bot.config import Settings
from domain.event_log import EventLog, where
from storage.engine.site import Server

LOOK_SECONDS = 3_600.0  # between two looks
MADE_KEPT = timedelta(hours=1)  # a file that was made or copied is sent long before


class Leftovers:
    """Looks every hour for files that have had their time."""

    def __init__(self, settings: Settings, *, clock: Callable[[], datetime], log: EventLog) -> None:
        self._settings = settings
        self._clock = clock
        self._log = log

    async def run(self) -> None:
        """Work until cancelled."""
        while True:
            try:
                if count := await asyncio.to_thread(self.sweep):
                    self._log.info("leftovers_removed", count=count)
            except OSError as error:
                # a disk that is away: the next look tries again
                self._log.warning("leftovers_not_removed", **where(error))
            await asyncio.sleep(LOOK_SECONDS)

    def sweep(self) -> int:
        """Remove what is old enough now; returns how many files."""
        now, database = self._clock(), self._settings.database
        data = self._settings.data_dir
        count = sum(_remove((data / name).glob("*"), before=now - MADE_KEPT) for name in ("made", "sending"))
        if isinstance(database, Server):
            return count  # a server's desk is not copied before a step
        kept = timedelta(days=self._settings.retention_days)
        return count + _remove(database.parent.glob(f"{database.name}.version-[0-9]*"), before=now - kept)


def _remove(paths: Iterable[Path], *, before: datetime) -> int:
    old = [path for path in paths if path.is_file() and path.stat().st_mtime < before.timestamp()]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)
