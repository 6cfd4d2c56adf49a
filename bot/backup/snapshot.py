"""What goes into a backup: one state of the database, the files it names, the settings without secrets."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from bot import __version__
from bot.backup.manifest import Held, Manifest
from bot.store.contract import CHUNK, FileStore
from bot.store.old_files import remove_old
from bot.store.opening import hash_of
from storage import files
from storage.engine.consistent_copy import copy_into
from storage.engine.database import read_beside
from storage.engine.gentle_writing import read_gently
from storage.engine.site import Site

SCRATCH_KEPT = timedelta(days=1)  # a copy takes minutes; what is older was left by a kill
Progress = Callable[[str, int, int], None]  # what is done, how many of it, of how many


@dataclass(frozen=True, slots=True)
class Source:
    """Where a desk's data lies."""

    database: Site
    store: FileStore
    settings: str  # the settings without secrets, as a `.env` file


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One state of a desk: a copy of its database, and where each file it names should lie."""

    database: Path
    version: int
    files: tuple[tuple[str, str], ...]  # path in the evidence of the store, hash


@contextmanager
def snapshot(source: Source, folder: Path, *, progress: Progress) -> Iterator[Snapshot]:
    """Copy the database into a folder that is gone afterwards, and read from the copy which files it names.

    The copy comes first: evidence is never changed in its place, and what has to go stays a day longer, so
    the files of that state lie there still.
    """
    with tempfile.TemporaryDirectory(prefix=".copy-", dir=folder) as scratch:
        copy = Path(scratch) / "desk.db"
        version = copy_into(source.database, copy)
        progress("database", 1, 1)
        with read_beside(copy) as tx:
            named = files.hashes(tx)
        yield Snapshot(copy, version, tuple(sorted(named.items())))


def sweep_scratch(folder: Path, *, now: datetime) -> int:
    """Delete what a kill left of copies and restores that were under way a day ago; returns how many."""
    left = (*folder.glob(".copy-*"), *folder.glob(".restoring-*"))
    return remove_old(filter(Path.is_dir, left), before=now - SCRATCH_KEPT).count


def manifest_of(
    state: Snapshot, *, files: tuple[Held, ...], missing: tuple[str, ...], now: datetime
) -> Manifest:
    """Describe a backup of this state."""
    return Manifest(
        program=__version__,
        version=state.version,
        made_at=now,
        database_size=state.database.stat().st_size,
        database_sha256=hash_gently(state.database),
        files=files,
        missing=missing,
    )


def hash_gently(path: Path) -> str:
    """Return the sha256 of a file, read with pauses: the bot wants the processor meanwhile."""
    with path.open("rb") as source:
        return hash_of(read_gently(source, chunk=CHUNK))
