"""Removes files of our own that have had their time: one that does not go holds up no other."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Removed:
    """How many went, and how many did not."""

    count: int = 0
    stuck: int = 0

    def __add__(self, other: Removed) -> Removed:
        return Removed(self.count + other.count, self.stuck + other.stuck)


def remove_old(paths: Iterable[Path], *, before: datetime) -> Removed:
    """Remove the files and folders that were last written before a moment; raises nothing for one of them.

    What somebody else removes meanwhile is gone as well.
    """
    old = [path for path in paths if _is_older(path, before)]
    for path in old:
        with suppress(OSError):
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
    stuck = sum(path.is_symlink() or path.exists() for path in old)
    return Removed(len(old) - stuck, stuck)


def _is_older(path: Path, before: datetime) -> bool:
    try:
        return path.lstat().st_mtime < before.timestamp()
    except OSError:
        return False
