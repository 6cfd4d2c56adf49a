"""Folders for what tests and measurements write: each is locked while its process lives; who makes the next
removes what dead processes left.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PREFIX = "desk-scratch-"
FRESH_SECONDS = 60  # in which a folder may have been made and not be locked yet
_LOCKED: dict[Path, int] = {}  # the folders of this process, with what holds their locks


def make() -> Path:
    """Make a folder that stays locked until `remove`, or until this process ends, however it ends."""
    where = Path(tempfile.gettempdir())
    remove_left(where, prefix=PREFIX, older_than=FRESH_SECONDS)
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=where))
    with suppress(OSError, ImportError):  # without locks it is only removed by whoever made it
        _LOCKED[folder] = lock(folder)
    return folder


def remove(folder: Path) -> None:
    """Remove a folder that `make` made."""
    shutil.rmtree(folder, ignore_errors=True)
    if (opened := _LOCKED.pop(folder, None)) is not None:
        os.close(opened)


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """A folder that is there until the block ends."""
    folder = make()
    try:
        yield folder
    finally:
        remove(folder)


def remove_left(where: Path, *, prefix: str, older_than: float = 0) -> None:
    """Remove the folders nobody has locked any more, and which are older than so many seconds."""
    for folder in where.glob(f"{prefix}*"):
        with suppress(OSError, ImportError):
            if folder in _LOCKED or time.time() - folder.stat().st_mtime < older_than:
                continue
            opened = lock(folder)
            shutil.rmtree(folder, ignore_errors=True)
            os.close(opened)


def lock(folder: Path) -> int:
    """Lock a folder until the returned descriptor is closed, or the process ends; raises OSError where it is
    locked already, ImportError on a system without such locks.
    """
    import fcntl

    opened = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(opened)
        raise
    return opened
