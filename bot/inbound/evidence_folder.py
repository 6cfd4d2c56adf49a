"""The evidence folder on disk: nothing in it is deleted because the database does not name it.

evidence/.incoming/NAME      being fetched, or committed and not yet in its place
evidence/NA/NAME             a file that a row names
unknown/2026-11-28/NA/NAME   set aside: no row named it on that day
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from pathlib import Path

INCOMING = ".incoming"
INCOMING_KEPT = timedelta(days=1)  # a download takes a minute; what is older was left by a kill


class EvidenceUnknown(RuntimeError):
    """the evidence folder holds files, and the database knows none of them"""

    def __init__(self, folder: Path, database: Path | str, *, count: int) -> None:
        """Say which settings to check, and how the files are set aside on purpose."""
        super().__init__(
            f"{folder} holds {count} files and {database} knows none of them;"
            " check DESK_DATABASE_URL and DESK_DATA_DIR"
            " or put the database back; to begin anew on purpose: desk-inovasi files set-aside"
        )


def lying_in(folder: Path) -> list[str]:
    """List the files that lie in their place, as paths under the folder; what is being fetched is left
    out.
    """
    paths = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return sorted(str(path) for path in paths if path.parts[0] != INCOMING)


def refuse_new_database(database: Path, folder: Path) -> None:
    """Raise EvidenceUnknown where a database would be made beside a folder that holds evidence."""
    if (not database.exists() or database.stat().st_size == 0) and (lying := lying_in(folder)):
        raise EvidenceUnknown(folder, database, count=len(lying))


def move_into_place(folder: Path, path: str) -> bool:
    """Give a committed file its place; False when it does not lie among the incoming ones.

    It is there for good afterwards, also when the power fails.
    """
    incoming, target = folder / INCOMING / Path(path).name, folder / path
    if not incoming.is_file():
        return False
    place(incoming, target)
    return True


def place(source: Path, target: Path) -> None:
    """Move a file to its place under the evidence folder, for good."""
    target.parent.mkdir(exist_ok=True, mode=0o700)
    os.replace(source, target)
    for folder in (target.parent, target.parent.parent):
        sync(folder)


def bring_back(folder: Path, unknown: Path, *, path: str) -> bool:
    """Fetch a file that a row names out of those set aside; False when it is not among them."""
    for day in sorted(unknown.glob("*"), reverse=True):
        if (day / path).is_file():
            (folder / path).parent.mkdir(exist_ok=True, mode=0o700)
            shutil.move(day / path, folder / path)
            return True
    return False


def set_aside(folder: Path, unknown: Path, *, paths: Iterable[str], day: date) -> int:
    """Move files out of the evidence folder into the day's folder of unknown ones; returns how many."""
    moved = 0
    for path in paths:
        target = _find_free_place(unknown / day.isoformat() / path)
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        shutil.move(folder / path, target)
        moved += 1
    return moved


def _find_free_place(target: Path) -> Path:
    number, free = 1, target
    while free.exists():
        number += 1
        free = target.with_name(f"{target.name}.{number}")
    return free


def sweep_incoming(folder: Path, *, named: Collection[str], before: datetime) -> int:
    """Delete what a kill left half fetched before a moment; what a row names is never among it."""
    swept = 0
    for path in (folder / INCOMING).iterdir():
        if path.name not in named and path.is_file() and path.stat().st_mtime < before.timestamp():
            path.unlink()
            swept += 1
    return swept


def sync(folder: Path) -> None:
    """Bring a folder's list of names to the disk."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
