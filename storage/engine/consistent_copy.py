"""Copies a database while others write to it."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from storage.engine.carrying import into_file
from storage.engine.gentle_writing import GentleWriting
from storage.engine.migrate import APPLIED
from storage.engine.site import Server, Site

BUSY_SECONDS = 30.0  # to wait for a lock; a copy is in no hurry
LOOK_OPS = 2_000  # instructions of SQLite's machine between two looks how much was written


class NotWhole(RuntimeError):
    """the copy of the database is damaged"""


def copy_into(site: Site, target: Path) -> int:
    """Write one state of a database to a new file for our eyes only; returns its version.

    VACUUM INTO reads beside the writer and leaves out free pages, so that what was erased is in no copy.
    Of a server every row is written into tables of SQLite, so that a backup can be read anywhere.
    Raises FileExistsError when there is a file at `target`, sqlite3.Error or StorageError when it cannot be
    read or written.
    """
    if isinstance(site, Server):
        into_file(site, target, progress=lambda done, count: None)
    else:
        _copy_file(site, target)
    return version_of(target)


def _copy_file(path: Path, target: Path) -> None:
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    address = f"{path.absolute().as_uri()}?mode=ro"
    with (
        target.open("rb") as copy,
        closing(sqlite3.connect(address, uri=True, timeout=BUSY_SECONDS, isolation_level=None)) as source,
    ):
        source.set_progress_handler(GentleWriting(copy.fileno()).look, LOOK_OPS)
        source.execute("VACUUM INTO ?", (str(target),))
        os.fsync(copy.fileno())


def version_of(path: Path) -> int:
    """Read which version of the tables a database file has; it is not changed."""
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?immutable=1", uri=True)) as copy:
        return int(copy.execute(APPLIED).fetchone()[0])


def check_whole(path: Path) -> None:
    """Read every page of a database file that nobody writes to; raises NotWhole with what is damaged."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?immutable=1", uri=True)) as copy:
            faults = [str(line) for (line,) in copy.execute("PRAGMA integrity_check(3)") if line != "ok"]
            faults += [f"{row[0]} refers to nothing" for row in copy.execute("PRAGMA foreign_key_check")]
    except sqlite3.DatabaseError as error:
        raise NotWhole(f"the database in it cannot be read: {error}") from error
    if faults:
        raise NotWhole(f"the database in it is damaged: {faults[0]}")
