"""Works off the list of files to remove, in portions with pauses; after a kill at any step it goes on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime

from bot.store.contract import FileStore, StoreAway
from domain.event_log import EventLog
from storage import files_to_remove
from storage.engine.database import Database
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
            removed, left = await self._remove_portion()
            count += removed
            if left and not removed:
                break  # what cannot be removed now waits for the next look
            await asyncio.sleep(PAUSE_SECONDS)
        return count

    async def _is_due(self) -> bool:
        """Tell whether a file's time has come; it only reads, so that an idle look writes nothing."""
        now = self._clock()
        return await self._database.read(lambda tx: files_to_remove.due_count(tx, now=now)) > 0

    async def _remove_portion(self) -> tuple[int, int]:
        """Work off one portion: its rows go, then its bytes, then its lines; returns how many files went, and
        how many did not.
        """
        now = self._clock()
        in_hand = await self._database.read(files_to_remove.read_in_hand)
        leaving = await self._database.run(lambda tx: files_to_remove.take(tx, now=now, in_hand=in_hand))
        gone = [left for left in leaving if await self._delete(left)]
        if gone:
            await self._database.run(lambda tx: files_to_remove.removed(tx, gone))
        return len(gone), len(leaving) - len(gone)

    async def _delete(self, left: Leaving) -> bool:
        """Remove the bytes of one file; False where it does not go, which holds up no other.

        Raises StoreAway where none would go: the store itself cannot be used.
        """
        try:
            await asyncio.to_thread(self._store.delete, f"{left.area}/{left.path}")
        except StoreAway as error:
            await self._store.probe()
            self._log.error("file_not_removed", area=left.area, told=str(error)[:300])
            return False
        return True
