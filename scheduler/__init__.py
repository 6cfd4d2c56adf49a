"""What happens because time passed; APScheduler is the clock and nothing more, never the store."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from scheduler.housekeeping import sweep
from storage.database import Database

HOUSEKEEPING_MINUTES = 10


class Scheduler:
    """Starts the ticks; each reads the tables and decides from them alone."""

    def __init__(self, database: Database, *, clock: Callable[[], datetime], log: Any) -> None:
        """Bind everything; `start` begins."""
        self._database, self._clock, self._log = database, clock, log
        self._ticks = AsyncIOScheduler(
            timezone="UTC", job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )

    def start(self) -> None:
        """Begin to tick."""
        self._ticks.add_job(self._housekeeping, "interval", minutes=HOUSEKEEPING_MINUTES)
        self._ticks.start()

    def stop(self) -> None:
        """Stop ticking."""
        self._ticks.shutdown(wait=False)

    async def _housekeeping(self) -> None:
        now = self._clock()
        try:
            swept = await self._database.run(lambda tx: sweep(tx, now=now))
        except Exception as error:
            # the next tick tries again; nobody waits for this
            self._log.error("housekeeping_failed", error=repr(error))
            return
        self._log.info("housekeeping", **swept)
