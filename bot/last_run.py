"""Knows whether the run before this one ended in order; one that did not is told to the desk."""

from __future__ import annotations

import asyncio
from datetime import datetime
from types import TracebackType

from domain.event_log import EventLog, where
from storage import occurrences
from storage.engine.database import Database
from storage.engine.transaction import Transaction
from storage.occurrences import RUNNING


async def begin(database: Database, *, now: datetime) -> bool:
    """Note that a run begins; tells whether the one before was killed, or one of its parts died."""

    def unit(tx: Transaction) -> bool:
        broken = occurrences.clear_tick(tx, RUNNING)
        occurrences.set_tick(tx, RUNNING, now=now)
        return broken

    return await database.run(unit)


class Ending:
    """Notes the end of a run as it leaves the stack."""

    def __init__(self, database: Database, log: EventLog) -> None:
        self._database = database
        self._log = log

    async def __call__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Note an end that was asked for; any other is told at the next start."""
        if kind is not None and not issubclass(kind, asyncio.CancelledError):
            return
        try:
            await self._database.run(lambda tx: occurrences.clear_tick(tx, RUNNING))
        except Exception as failure:
            # a full disk at the stop: the next start tells the desk of a restart, no more
            self._log.warning("end_not_noted", **where(failure))
