"""Reads every page of the database at night: a damaged one ends the bot before more is built on it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, time
from zoneinfo import ZoneInfo

from bot.backup.nightly import is_due
from domain.event_log import EventLog, where
from storage import occurrences
from storage.engine.database import Database, DatabaseRefused

NAME = "pages"  # of the tick
HOUR = time(3, 0)  # local; an hour after the nightly backup
LOOK_SECONDS = 60.0  # between two looks at the clock


class PageCheck:
    """Looks at the clock, and once a night at every page."""

    def __init__(
        self, database: Database, *, zone: ZoneInfo, clock: Callable[[], datetime], log: EventLog
    ) -> None:
        self._database = database
        self._zone = zone
        self._clock = clock
        self._log = log

    async def run(self) -> None:
        """Work until cancelled; raises DatabaseDamaged."""
        while True:
            try:
                await self.look()
            except DatabaseRefused:
                raise
            except Exception as error:
                # a full disk: the next look tries again
                self._log.error("pages_not_checked", **where(error))
            await asyncio.sleep(LOOK_SECONDS)

    async def look(self) -> None:
        """Read every page, once a night; raises DatabaseDamaged.

        The night is noted first: a bot that is started again all the same must not stop every minute.
        """
        now = self._clock()
        last = await self._database.read(lambda tx: occurrences.last_tick(tx, NAME))
        if not is_due(last, now=now, zone=self._zone, hour=HOUR):
            return
        await self._database.run(lambda tx: occurrences.set_tick(tx, NAME, now=now))
        if last is not None:  # a database that has just begun was just written
            await self._database.check_pages()
            self._log.info("pages_checked")
