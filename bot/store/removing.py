"""Works off the list of files to remove, in portions with pauses; after a kill at any moment it goes on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from datetime import datetime

from bot.store.contract import FileStore, StoreAway
from domain.event_log import EventLog
from storage import files_to_remove
from storage.engine.database import Database
from storage.engine.transaction import Transaction
from storage.files_to_remove import Leaving

LOOK_SECONDS = 600.0  # between two looks at the list
PAUSE_SECONDS = 0.05  # between two portions: the turns go on


class Remover:
    """Removes the files whose time has come and that no row names."""

    def __init__(
        self, database: Database, store: FileStore, *, clock: Callable[[], datetime], log: EventLog
    ) -> None:
        self._database, self._store = database, store
        self._clock, self._log = clock, log

    async def run(self) -> None:
        """Work until cancelled."""
        while True:
            try:
                if count := await self.work_off():
                    self._log.info("files_removed", count=count)
            except StoreAway as error:
                self._log.error("removing_paused", told=str(error)[:300])  # the list keeps what is to go
            except Exception as error:
                self._log.error("removing_paused", error=type(error).__name__)
            await asyncio.sleep(LOOK_SECONDS)

    async def work_off(self) -> int:
        """Remove everything whose time has come; returns how many files."""
        count = 0
        while await self._is_due():
            count += await self._remove_portion()
            await asyncio.sleep(PAUSE_SECONDS)
        return count

    async def _is_due(self) -> bool:
        """Tell whether a file's time has come; it only reads, so that an idle look writes nothing."""
        now = self._clock()
        return await self._database.read(lambda tx: files_to_remove.due_count(tx, now=now)) > 0

    async def _remove_portion(self) -> int:
        """Work off one portion: its rows go, then its bytes, then its lines; returns how many files went.

        What does not go is tried again in an hour. Raises StoreAway where the store cannot be used.
        """
        now = self._clock()
        in_hand = await self._database.read(files_to_remove.read_in_hand)
        leaving = await self._database.run(lambda tx: files_to_remove.take(tx, now=now, in_hand=in_hand))
        if not leaving:
            return 0
        stuck = {left: why for left in leaving if (why := await self._try_to_delete(left))}
        gone = [left for left in leaving if left not in stuck]
        await self._database.run(lambda tx: _report(tx, gone, stuck=stuck, now=now))
        if stuck:
            self._log.error("files_not_removed", count=len(stuck), told=next(iter(stuck.values()))[:300])
        return len(gone)

    async def _try_to_delete(self, left: Leaving) -> str:
        """Remove the bytes of one file; returns why they did not go, "" where they did.

        Raises StoreAway where the store itself cannot be used.
        """
        try:
            await asyncio.to_thread(self._store.delete, f"{left.area}/{left.path}")
        except StoreAway as error:
            await self._store.probe()
            return str(error)
        return ""


def _report(tx: Transaction, gone: Iterable[Leaving], *, stuck: Iterable[Leaving], now: datetime) -> None:
    files_to_remove.removed(tx, gone)
    files_to_remove.put_off(tx, stuck, now=now)
