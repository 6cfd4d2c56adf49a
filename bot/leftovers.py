"""Removes files of our own making that have had their time: what was made or copied to be sent, old copies.

Both may hold names of people who have asked to be erased since.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from bot.config import Settings
from bot.store.old_files import Removed, remove_old
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
                removed = await asyncio.to_thread(self.sweep)
                if removed.count:
                    self._log.info("leftovers_removed", count=removed.count)
                if removed.stuck:
                    self._log.error("leftovers_do_not_go", count=removed.stuck)
            except OSError as error:
                # a disk that is away: the next look tries again
                self._log.warning("leftovers_not_removed", **where(error))
            await asyncio.sleep(LOOK_SECONDS)

    def sweep(self) -> Removed:
        """Remove what is old enough now."""
        now, database = self._clock(), self._settings.database
        data = self._settings.data_dir
        made = (path for name in ("made", "sending") for path in (data / name).glob("*") if path.is_file())
        removed = remove_old(made, before=now - MADE_KEPT)
        if isinstance(database, Server):
            return removed  # a server's desk is not copied before a migration
        copies = database.parent.glob(f"{database.name}.version-[0-9]*")
        kept = timedelta(days=self._settings.retention_days)
        return removed + remove_old(filter(Path.is_file, copies), before=now - kept)
