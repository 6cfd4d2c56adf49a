"""The database file while it is open: notices when it is deleted, exchanged or written over."""

from __future__ import annotations

import os
from pathlib import Path

# the user version, a number SQLite keeps for whoever wants one (https://www.sqlite.org/fileformat.html, 1.3)
_MARK_AT, _MARK_BYTES = 60, 4
_LOGS = ("-wal", "-shm")


class DatabaseRefused(RuntimeError):
    """the database cannot be used"""


class OlderDatabase(DatabaseRefused):
    """the tables are of an older version, and only who has the desk alone may change that"""


class DatabaseGone(DatabaseRefused):
    """the database file was deleted, exchanged or written over while it was open"""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path} was deleted, exchanged or written over while it was open;"
            " put it back or check what did that, then start again"
        )


class DatabaseDamaged(DatabaseRefused):
    """a page of the database is damaged"""

    def __init__(self, path: Path, fault: str) -> None:
        super().__init__(
            f"{path} is damaged ({fault.splitlines()[0]}); stop the bot and bring the newest backup back:"
            " desk-inovasi restore BACKUP --force"
        )


class OpenFile:
    """The file that was opened, and the log beside it.

    Whoever deletes or exchanges it leaves us writing to a file that has no name.
    Whoever copies another database over it leaves name and inode as they were: that is seen by the mark,
    a number in the head of the file that only its last writer knows.
    """

    def __init__(self, path: Path) -> None:
        """Remember the file and the log that lie there now."""
        self._path, self._log = path, path.with_name(f"{path.name}-wal")
        # Closing a handle ends the locks that SQLite holds on the file for this process, so this one stays
        # open until the connections are closed (https://www.sqlite.org/howtocorrupt.html, 2.2).
        self._handle = path.open("rb", buffering=0)
        self._identity, self._log_identity = _identify(path), _identify(self._log)
        self._marks: frozenset[bytes] = frozenset()  # none before the first: then a mark is not looked at

    def check(self) -> None:
        """Raise DatabaseGone unless the same file still lies there; takes a few microseconds."""
        log = self._log_identity
        same = _identify(self._path) == self._identity and (log is None or _identify(self._log) == log)
        if not same or (self._marks and self._mark() not in self._marks):
            raise DatabaseGone(self._path)

    def _mark(self) -> bytes:
        return os.pread(self._handle.fileno(), _MARK_BYTES, _MARK_AT)

    def expect(self, mark: int) -> None:
        """Take this mark for ours beside the one that stands in the file until the log is folded into it."""
        self._marks |= {self._mark(), mark.to_bytes(_MARK_BYTES, "big")}

    def forget_older_marks(self, mark: int) -> None:
        """Take only this mark for ours, once it stands in the file."""
        newest = mark.to_bytes(_MARK_BYTES, "big")
        if self._mark() == newest:
            self._marks = frozenset({newest})

    def leave_alone(self) -> None:
        """Keep what lies there now from what we wrote: called before the connections are closed.

        SQLite would fold our log into a file that it does not belong to, now or at the next start, and
        ruin it. So the log is set aside, and what was copied over the file gets an inode of its own:
        a file that has moved is not written to when it is closed.
        """
        for ending in _LOGS:
            log = self._path.with_name(self._path.name + ending)
            if log.exists():
                log.rename(_free(log.with_name(f"{log.name}.left")))
        if _identify(self._path) == self._identity:
            part = self._path.with_name(f"{self._path.name}.part")
            part.write_bytes(self._path.read_bytes())
            part.chmod(0o600)
            part.replace(self._path)

    @property
    def closed(self) -> bool:
        """Tell whether we have let go of the file."""
        return self._handle.closed

    def close(self) -> None:
        """Let go of the file; the connections to it are closed."""
        self._handle.close()


def _identify(path: Path) -> tuple[int, int] | None:
    try:
        status = os.stat(path)
    except FileNotFoundError:
        return None
    return status.st_dev, status.st_ino


def _free(path: Path) -> Path:
    number, free = 1, path
    while free.exists():
        number += 1
        free = path.with_name(f"{path.name}.{number}")
    return free
