"""The SQLite driver: one connection in aiosqlite's own thread, units in one hop, groups in one commit."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import Any, TypeVar

import aiosqlite

from storage.engine.errors import (
    Busy,
    ConstraintBroken,
    DiskFull,
    StorageError,
    TookTooLong,
    TransactionLost,
    is_full,
)
from storage.engine.transaction import Transaction

T = TypeVar("T")
Unit = Callable[[Transaction], Any]
Outcome = tuple[Any, BaseException | None]  # what a unit returned, or what it raised

PROGRESS_OPS = 20_000  # virtual machine steps between two looks at the clock, about a millisecond
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

    def guard(self) -> None:
        """Interrupt queries that run past the deadline."""
        self.set_progress_handler(self._is_late, PROGRESS_OPS)

    def _is_late(self) -> bool:
        return monotonic() > self.deadline

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
    finally:
        tx.execute(f"PRAGMA busy_timeout = {BUSY_MS}")


def write_mark(tx: SqliteTransaction, mark: int) -> None:
    """Write a number into the head of the file that nothing else uses (`PRAGMA user_version`)."""
    tx.execute(f"PRAGMA user_version = {mark}")


@contextmanager
def read_beside(path: Path) -> Iterator[SqliteTransaction]:
    """Open a connection that only reads, for a process of its own, and close it at the end."""
    address = f"{path.absolute().as_uri()}?mode=ro"
    tx: SqliteTransaction = sqlite3.connect(
        address, uri=True, factory=SqliteTransaction, isolation_level=None
    )
    try:
        for pragma in _READER_PRAGMAS:
            tx.execute(pragma)
        yield tx
    finally:
        tx.close()


@contextmanager
def one_state(tx: Transaction) -> Iterator[None]:
    """Read everything inside from one state of the database."""
    tx.execute("BEGIN")
    try:
        yield
    finally:
        tx.execute("ROLLBACK")


def _prepare(tx: SqliteTransaction, read_only: bool) -> None:
    tx.guard()
    for pragma in _READER_PRAGMAS if read_only else _PRAGMAS:
        tx.execute(pragma)


def run_group(tx: SqliteTransaction, units: Sequence[Unit], *, seconds: float) -> list[Outcome]:
    """Run units in one transaction, a savepoint each, and commit them together.

    1. A unit that raises is undone alone.
    2. Where it took the whole transaction with it (an interrupted write), the others run again without it.
    3. Where the disk is full, or the commit fails, every unit has failed.
    """
    outcomes: list[Outcome] = [(None, None)] * len(units)
    try:
        while not _run_and_commit(tx, units, outcomes=outcomes, seconds=seconds):
            pass
    except BaseException as error:
        _undo(tx)
        failure = _rename_error(error)
        return [(None, own or failure) for _, own in outcomes]
    return outcomes


def _run_and_commit(
    tx: SqliteTransaction, units: Sequence[Unit], *, outcomes: list[Outcome], seconds: float
) -> bool:
    """Run the units that have not failed yet; False when one of them cost the transaction."""
    _undo(tx)
    tx.execute("BEGIN IMMEDIATE")
    for index, unit in enumerate(units):
        if outcomes[index][1] is not None:
            continue
        try:
            outcomes[index] = (tx.attempt(unit, seconds=seconds), None)
        except BaseException as error:
            outcomes[index] = (None, error)
            if not tx.in_transaction:
                if is_full(error):
                    raise
                return False
    tx.execute("COMMIT")
    return True


def _undo(tx: SqliteTransaction) -> None:
    if tx.in_transaction:
        tx.execute("ROLLBACK")


def run_reading(tx: SqliteTransaction, unit: Callable[[SqliteTransaction], T], *, seconds: float) -> T:
    """Run a unit that only reads, on one state of the database and with a time of its own."""
    _undo(tx)
    tx.execute("BEGIN")
    tx.deadline = monotonic() + seconds
    try:
        return unit(tx)
    except sqlite3.Error as error:
        failure = _rename_error(error)
        raise failure from failure.__cause__
    finally:
        tx.deadline = math.inf
        _undo(tx)
