"""The engine of a desk in one file: two connections of SQLite, and watch over the file they are open on."""

from __future__ import annotations

import asyncio
import os
import secrets
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path

from storage.engine.migrate import (
    BehindDatabase,
    ForeignDatabase,
    Migration,
    NewerDatabase,
    migrate,
    refuse_other_version,
)
from storage.engine.open_file import DatabaseDamaged, DatabaseGone, DatabaseRefused, OlderDatabase, OpenFile
from storage.engine.sqlite import (
    Connection,
    SqliteTransaction,
    connect,
    connect_to_read,
    fold_log,
    write_mark,
)

MARK_BITS = 31  # SQLite keeps a signed number of 32


class SqliteFile:
    """Two connections to one file, which is looked at around every commit."""

    def __init__(self, path: Path, *, writer: Connection, reader: Connection) -> None:
        """Take over two open connections to the file at `path`."""
        self.writer, self.reader = writer, reader
        self._path, self._log = path, path.with_name(f"{path.name}-wal")
        self._file = OpenFile(path)

    def check(self) -> None:
        """Raise DatabaseGone when the file was deleted, exchanged or written over since it was opened."""
        self._file.check()

    def ready(self, runner: SqliteTransaction) -> None:
        """Raise DatabaseGone as `check` does: the connection itself cannot be lost."""
        self._file.check()

    async def check_pages(self) -> None:
        """Read every page in a thread and by a connection of its own; raises DatabaseDamaged."""
        if (said := await asyncio.to_thread(self._find_damage)) != "ok":
            raise DatabaseDamaged(self._path, said)

    def _find_damage(self) -> str:
        try:
            with closing(connect_to_read(self._path)) as tx:
                return str(tx.execute("PRAGMA quick_check(1)").fetchone()[0])
        except sqlite3.OperationalError:
            raise  # a lock, a disk that is away: nothing is said of the pages
        except sqlite3.DatabaseError as error:
            return str(error)

    def backend(self) -> int:
        """There is no server: 0."""
        return 0

    async def mark(self) -> None:
        """Write a new mark into the head of the file, and fold the log, so that it stands there."""
        mark = secrets.randbits(MARK_BITS)

        def unit(tx: SqliteTransaction) -> None:
            self._file.check()
            self._file.expect(mark)
            write_mark(tx, mark)
            fold_log(tx)
            self._file.forget_older_marks(mark)

        await self.writer.unit(unit)

    async def fold_log(self) -> None:
        """Empty the log beside the database, so that what was deleted is gone from the disk too."""

        def unit(tx: SqliteTransaction) -> None:
            self._file.check()
            fold_log(tx)

        await self.writer.unit(unit)

    async def size(self) -> int:
        """Return how many bytes the file and the log beside it have."""
        return sum(_size_of(path) for path in (self._path, self._log))

    async def close(self) -> None:
        """Finish what waits and close both connections; a file that is not ours any more is not touched."""
        if self._file.closed:
            return
        try:
            self._file.check()
        except DatabaseGone:
            self._file.leave_alone()
        try:
            await self.reader.close()
        finally:
            await self.writer.close()  # last: it folds the log into the database
            self._file.close()


async def open_engine(
    path: Path,
    *,
    known: Sequence[Migration] | None,
    tell: Callable[[str], object],
    migrating: bool = True,
) -> SqliteFile:
    """Open the file, a new one where there is none, and migrate it; raises DatabaseRefused.

    Without `migrating` a file of another version is refused.
    """
    bring: Callable[[SqliteTransaction], object] = partial(refuse_other_version, known=known)
    if migrating:
        bring = partial(migrate, path=path, known=known, tell=tell)
    _make_file(path)
    writer: Connection | None = None
    try:
        writer = await connect(path)
        await writer.unit(bring)
        return SqliteFile(path, writer=writer, reader=await connect(path, read_only=True))
    except BaseException as error:
        if writer is not None:
            await writer.close()
        refusal = _name_refusal(error, path)
        if refusal is not None:
            raise refusal from error
        raise


def _name_refusal(error: BaseException, path: Path) -> DatabaseRefused | None:
    """Say why a file cannot be opened; None for what is no fault of the file."""
    if isinstance(error, BehindDatabase):
        return OlderDatabase(f"{path}: {error}")
    if isinstance(error, NewerDatabase | ForeignDatabase):
        return DatabaseRefused(f"{path}: {error}")
    if isinstance(error, sqlite3.Error | OSError):
        return DatabaseRefused(f"{path} cannot be opened as a database: {error}")
    return None


def _size_of(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _make_file(path: Path) -> None:
    """Make folder and file for our eyes only; SQLite gives its log the rights of the file."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
        path.chmod(0o600)
    except OSError as error:
        raise DatabaseRefused(f"{path} cannot be written: {error.strerror}; set DESK_DATA_DIR") from error
