"""The database of one desk: one writer whose units share commits, one reader for reports."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any, TypeVar

from storage.engine import sqlite_file
from storage.engine.beside import one_state, read_beside
from storage.engine.engine_contract import Engine, Opening, Outcome, Runner, Unit
from storage.engine.errors import is_away, is_full
from storage.engine.group import run_group, run_reading
from storage.engine.migrate import Migration
from storage.engine.open_file import DatabaseDamaged, DatabaseGone, DatabaseRefused
from storage.engine.site import Server, Site
from storage.engine.transaction import Transaction

__all__ = [
    "Database",
    "DatabaseDamaged",
    "DatabaseGone",
    "DatabaseRefused",
    "is_full",
    "one_state",
    "read_beside",
]

T = TypeVar("T")
GROUP_AT_MOST = 128  # units in one commit
UNIT_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Commits:
    """How many groups of units were committed, in how many seconds, and what the last one failed with."""

    count: int = 0
    seconds: float = 0.0
    failing: str = ""  # the kind of failure; "" when the last commit was kept


class _Slot:
    """One unit that waits for its commit, and its result."""

    __slots__ = ("committed", "dropped", "lasting", "outcome", "unit")

    def __init__(self, unit: Unit, *, lasting: bool) -> None:
        self.unit = unit
        self.lasting = lasting
        self.outcome: Outcome | None = None
        self.dropped = False  # its caller is gone
        self.committed: Callable[[], object] | None = None  # called in the database's thread

    def result(self) -> Any:
        result, error = self.outcome or (None, asyncio.CancelledError())
        if error is not None:
            raise error
        return result


class Database:
    """Runs plain functions inside transactions; their futures resolve only after the commit."""

    def __init__(self, engine: Engine, *, unit_seconds: float, migrated: Sequence[str] = ()) -> None:
        """Take over an open engine; use `open`."""
        self._engine = engine
        self._writer = engine.writer
        self._seconds = unit_seconds
        self._waiting: list[_Slot] = []
        self.commits = Commits()
        self.migrated = tuple(migrated)  # what the migrations of this opening had to say, a sentence each

    @classmethod
    async def open(
        cls,
        site: Site,
        *,
        unit_seconds: float = UNIT_SECONDS,
        migrations: Sequence[Migration] | None = None,
        opening: Opening = (),
        migrating: bool = True,
    ) -> Database:
        """Open and migrate; raises DatabaseRefused with one sentence.

        On a server `opening` are statements that begin every transaction that writes, also that of the
        migrations, such as the fence of a lease. Without `migrating` a database of another version is
        refused, an older one with OlderDatabase.
        A unit that takes longer than `unit_seconds` in a query is interrupted.
        `migrations` are the packaged ones unless given.
        """
        sentences: list[str] = []
        if isinstance(site, Server):
            from storage.engine import postgresql_server  # only who uses it loads its client library

            engine: Engine = await postgresql_server.open_engine(
                site, known=migrations, tell=sentences.append, opening=opening, migrating=migrating
            )
        else:
            engine = await sqlite_file.open_engine(
                site, known=migrations, tell=sentences.append, migrating=migrating
            )
        return cls(engine, unit_seconds=unit_seconds, migrated=sentences)

    async def run(
        self, unit: Callable[[Transaction], T], *, patience: float = 0.0, lasting: bool = True
    ) -> T:
        """Run a unit that writes; it may run twice, so it does nothing but SQL and arithmetic.

        Units that wait while a commit is under way share the next one.
        With `patience` (seconds) a unit waits that long for another to share its commit with.
        What is not `lasting` does not wait for the disk: a loss of power may undo it, and nothing else.
        Raises what the unit raises, and what the commit raises: then nothing was kept.
        A caller that is cancelled leaves nothing open: its unit is dropped if it has not begun, else
        committed.
        """
        slot = _Slot(unit, lasting=lasting)
        self._waiting.append(slot)
        try:
            if patience:
                await self._wait_for_commit(slot, patience)
            if slot.outcome is None:
                await self._writer.unit(lambda tx: self._commit(tx, slot))
        except BaseException:
            slot.dropped = True
            raise
        result: T = slot.result()
        return result

    async def _wait_for_commit(self, slot: _Slot, patience: float) -> None:
        """Wait for a commit that takes this unit along."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[None] = loop.create_future()
        slot.committed = lambda: loop.call_soon_threadsafe(_wake, future)
        timer = loop.call_later(patience, _wake, future)
        try:
            await future
        finally:
            timer.cancel()

    def _commit(self, tx: Runner, slot: _Slot) -> None:
        """Commit everything that waits, in the database's thread, unless this unit was in an earlier group.

        Every unit comes with its own hop, in order: the first of a group does the work, the others find it
        done.
        """
        # A commit waits for the disk, which costs more than the statements of a turn. While one is under way
        # others arrive; the next hop carries them all, so that the disk is waited for once and not once for
        # each.
        while slot.outcome is None:
            taken = self._waiting[:GROUP_AT_MOST]
            del self._waiting[: len(taken)]  # the loop only ever appends
            group = [waiting for waiting in taken if not waiting.dropped]
            started = perf_counter()
            try:
                self._engine.ready(tx)
                lasting = any(waiting.lasting for waiting in group)
                units = [waiting.unit for waiting in group]
                outcomes = run_group(tx, units, seconds=self._seconds, lasting=lasting)
                self._engine.check()  # nothing is acknowledged that was written to a file without a name
            except BaseException as error:
                outcomes = [(None, error)] * len(group)  # nobody may be left waiting
            self._count_commit(outcomes, perf_counter() - started)
            for waiting, outcome in zip(group, outcomes, strict=True):
                waiting.outcome = outcome
                if waiting.committed is not None:
                    waiting.committed()
            if slot.dropped:
                return

    def _count_commit(self, outcomes: Sequence[Outcome], seconds: float) -> None:
        refused = (type(error).__name__ for _, error in outcomes if is_full(error) or is_away(error))
        before = self.commits
        self.commits = Commits(before.count + 1, before.seconds + seconds, next(refused, ""))

    async def read(self, unit: Callable[[Transaction], T], *, seconds: float | None = None) -> T:
        """Run a unit that only reads, beside the writer, on one state of the database."""
        self.check()
        limit = self._seconds if seconds is None else seconds
        return await self._engine.reader.unit(lambda tx: self._read(tx, unit, seconds=limit))

    def _read(self, tx: Runner, unit: Callable[[Transaction], T], *, seconds: float) -> T:
        self._engine.ready(tx)
        return run_reading(tx, unit, seconds=seconds)

    def backend(self) -> int:
        """The server's process that writes for us; 0 where there is none."""
        return self._engine.backend()

    def check(self) -> None:
        """Raise DatabaseGone when the file was deleted, exchanged or written over since it was opened."""
        self._engine.check()

    async def check_pages(self) -> None:
        """Read every page beside the bot; raises DatabaseDamaged."""
        await self._engine.check_pages()

    async def mark(self) -> None:
        """Write a new mark into the file, by which an older copy that is written over it is known.

        Only who has the data folder alone may mark: a second process would not know the mark.
        """
        await self._engine.mark()

    async def size(self) -> int:
        """Return how many bytes the database takes."""
        return await self._engine.size()

    async def fold_log(self) -> None:
        """Empty the log beside the database, so that what was deleted is gone from the disk too."""
        await self._engine.fold_log()

    async def close(self) -> None:
        """Finish what waits and close both connections; a file that is not ours any more is not touched."""
        await self._engine.close()


def _wake(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)
