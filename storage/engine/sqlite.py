"""The SQLite driver: one connection in aiosqlite's own thread, units in one hop, groups in one commit."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import TypeVar

import aiosqlite

from storage.engine.errors import Busy, ConstraintBroken, DiskFull, StorageError, TookTooLong, TransactionLost
from storage.engine.transaction import Transaction

T = TypeVar("T")

PROGRESS_OPS = 20_000  # instructions of SQLite's machine between two looks at the clock, about a millisecond
STATEMENTS_CACHED = 256
BUSY_MS = 10_000
_PRAGMAS = (
    f"PRAGMA busy_timeout = {BUSY_MS}",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",  # what people asked to be erased must not lie in free pages
    "PRAGMA temp_store = MEMORY",
    "PRAGMA journal_size_limit = 67108864",
)
_READER_PRAGMAS = (f"PRAGMA busy_timeout = {BUSY_MS}", "PRAGMA query_only = ON", "PRAGMA temp_store = MEMORY")
# https://www.sqlite.org/rescode.html: read-only and unopenable say that the disk, not the statement, is at
# fault
_KINDS: dict[int, type[StorageError]] = {
    sqlite3.SQLITE_FULL: DiskFull,
    sqlite3.SQLITE_IOERR: DiskFull,
    sqlite3.SQLITE_READONLY: DiskFull,
    sqlite3.SQLITE_CANTOPEN: DiskFull,
    sqlite3.SQLITE_BUSY: Busy,
    sqlite3.SQLITE_LOCKED: Busy,
    sqlite3.SQLITE_INTERRUPT: TookTooLong,
    sqlite3.SQLITE_CONSTRAINT: ConstraintBroken,
}


def _rename_error(error: BaseException) -> BaseException:
    """Return an error of SQLite by the name that callers know, with its place and cause; others as they
    are.
    """
    kind = _KINDS.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)
    if kind is None:
        return error
    named = kind(str(error)).with_traceback(error.__traceback__)
    named.__cause__ = error
    return named


class SqliteTransaction(sqlite3.Connection):
    """A connection inside a transaction; what runs past `deadline` (monotonic seconds) is interrupted."""

    deadline: float = math.inf
    waits_for_disk: bool = True  # at each commit
    is_log_in_doubt: bool = False  # a sync failed: what the log holds may not be on the disk

    def guard(self) -> None:
        """Interrupt queries that run past the deadline."""
        self.set_progress_handler(self._is_late, PROGRESS_OPS)

    def _is_late(self) -> bool:
        return monotonic() > self.deadline

    def limit(self, seconds: float) -> None:
        """Interrupt queries that run longer than this from now on."""
        self.deadline = monotonic() + seconds

    def begin(self, *, reading: bool = False, lasting: bool = True) -> None:
        """Begin a transaction; the next `lasting` one brings those that were not to the disk as well.

        Raises DiskFull as long as a log in doubt cannot be folded.
        """
        if self.is_log_in_doubt and not reading:
            self._renew_log()
        if not reading and lasting is not self.waits_for_disk:
            self.execute(f"PRAGMA synchronous = {'FULL' if lasting else 'NORMAL'}")
            self.waits_for_disk = lasting
        self.execute("BEGIN" if reading else "BEGIN IMMEDIATE")

    def commit(self) -> None:
        """Commit; raises when nothing was kept."""
        try:
            self.execute("COMMIT")
        except sqlite3.OperationalError as error:
            self.note_fault(error)
            raise

    def note_fault(self, error: sqlite3.OperationalError) -> None:
        """Take the log for in doubt where it was the disk that failed at a commit or a checkpoint."""
        self.is_log_in_doubt |= (error.sqlite_errorcode & 0xFF) == sqlite3.SQLITE_IOERR

    def _renew_log(self) -> None:
        """Bring all that was committed into the database and begin the log anew; raises where it is not.

        After a sync that failed Linux takes what it could not write for written and says so once only: a
        commit that did not wait for the disk may be missing in the log there, and what is behind it would be
        lost with it at a loss of power. It is in memory still, from where the database gets it.
        """
        is_read, *_ = self.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if is_read:
            raise DiskFull("the log has to be folded after a sync that failed, and is being read")
        self.is_log_in_doubt = False

    def undo(self) -> None:
        """Undo everything since the beginning, if anything was begun."""
        if self.in_transaction:
            self.execute("ROLLBACK")

    def rename(self, error: BaseException) -> BaseException:
        """Return an error of SQLite by the name that callers know."""
        return _rename_error(error)

    def attempt(self, work: Callable[[Transaction], T], *, seconds: float) -> T:
        """Run work under a savepoint and with a time of its own; what raises is undone alone, and raised.

        Where `in_transaction` is false afterwards SQLite undid everything since BEGIN: an interrupted write
        and a full disk do that (https://www.sqlite.org/lang_transaction.html), and the caller has to start
        again.
        """
        started, outer = monotonic(), self.deadline
        self.execute("SAVEPOINT attempt")
        self.deadline = started + seconds
        try:
            result = work(self)
            if not self.in_transaction:
                raise TransactionLost("the work went on after its transaction was rolled back")
        except BaseException as error:
            self.deadline = math.inf  # undoing is never interrupted
            if self.in_transaction:
                self.execute("ROLLBACK TO attempt")
                self.execute("RELEASE attempt")
            failure = _rename_error(error)
            raise failure from failure.__cause__
        finally:
            self.deadline = outer + (monotonic() - started)  # this time is not charged to the work around it
        self.execute("RELEASE attempt")
        return result


class Connection(aiosqlite.Connection):
    """An aiosqlite connection that runs a whole function in one hop to its thread."""

    async def unit(self, function: Callable[[SqliteTransaction], T]) -> T:
        """Run a plain function on the raw connection; aiosqlite has no public way to."""
        return await self._execute(function, self._conn)  # type: ignore[no-any-return,no-untyped-call]


async def connect(path: Path, *, read_only: bool = False) -> Connection:
    """Open a connection; the caller closes it on every path, or the process never ends."""

    def connector() -> SqliteTransaction:
        address = f"{path.absolute().as_uri()}?mode={'ro' if read_only else 'rwc'}"
        return sqlite3.connect(
            address,
            uri=True,
            factory=SqliteTransaction,
            isolation_level=None,
            cached_statements=STATEMENTS_CACHED,
        )

    connection = Connection(connector, iter_chunk_size=64)
    await connection
    try:
        # what can fail comes after the opening: aiosqlite does not wait for its thread when that fails
        await connection.unit(lambda tx: _prepare(tx, read_only))
    except BaseException:
        await connection.close()
        raise
    return connection


def fold_log(tx: SqliteTransaction) -> None:
    """Write the log back into the database and empty it, unless somebody reads it just now.

    Until then the log holds what rows were before, also of people who have asked to be erased.
    """
    tx.execute("PRAGMA busy_timeout = 0")  # the turns must not wait for a reader
    try:
        tx.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except sqlite3.OperationalError as error:
        tx.note_fault(error)
        raise
    finally:
        tx.execute(f"PRAGMA busy_timeout = {BUSY_MS}")


def write_mark(tx: SqliteTransaction, mark: int) -> None:
    """Write a number into the head of the file that nothing else uses (`PRAGMA user_version`)."""
    try:
        tx.execute(f"PRAGMA user_version = {mark}")
    except sqlite3.OperationalError as error:
        tx.note_fault(error)
        raise


def connect_to_read(path: Path) -> SqliteTransaction:
    """Open a connection that only reads, outside of any thread; the caller closes it."""
    address = f"{path.absolute().as_uri()}?mode=ro"
    tx: SqliteTransaction = sqlite3.connect(
        address, uri=True, factory=SqliteTransaction, isolation_level=None
    )
    try:
        for pragma in _READER_PRAGMAS:
            tx.execute(pragma)
    except BaseException:
        tx.close()
        raise
    return tx


def _prepare(tx: SqliteTransaction, read_only: bool) -> None:
    tx.guard()
    for pragma in _READER_PRAGMAS if read_only else _PRAGMAS:
        tx.execute(pragma)
