"""Brings a desk back from a backup: checked whole beside its place, then moved in, the database last."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Protocol

from bot.backup.manifest import DATABASE, BackupRefused, Manifest
from bot.backup.shelf import Shelf, ShelfReader
from bot.backup.snapshot import Progress
from bot.backup.tar_archive import EVIDENCE, ArchiveReader
from bot.store.contract import FileStore
from bot.store.evidence import key_of, lying_in
from bot.store.folder import FolderStore
from bot.store.opening import hash_of_file
from storage.engine.carrying import into_server
from storage.engine.consistent_copy import NotWhole, check_whole, version_of
from storage.engine.engine_contract import Opening
from storage.engine.presence import holds_anything
from storage.engine.site import Server, Site

BESIDE = ("", "-wal", "-shm")  # the database and what SQLite keeps beside it


class Reader(Protocol):
    """One backup that can be read."""

    def manifest(self) -> Manifest:
        """Read what it holds; raises BackupRefused when it is not whole."""

    def unpack(self, folder: Path, *, manifest: Manifest, progress: Progress) -> None:
        """Write database and files into a folder; raises BackupRefused when one is not there."""


def reader_of(source: str, *, name: str = "") -> Reader:
    """Find the reader of a source: an archive, or a site of nightly backups (the newest unless named)."""
    if "://" not in source and not Path(source).is_dir():
        return ArchiveReader(Path(source))
    shelf = Shelf(source)
    names = shelf.names()
    if not names:
        raise BackupRefused(f"{shelf.store.site} holds no backup")
    if name and name not in names:
        raise BackupRefused(f'"{name}" is not among the backups there: {", ".join(names[-5:])}')
    return ShelfReader(shelf, name or names[-1])


@contextmanager
def unpacked(reader: Reader, beside: Path, *, progress: Progress) -> Iterator[tuple[Path, Manifest]]:
    """Unpack a backup beside its place and compare every byte; the folder is gone afterwards.

    Raises BackupRefused naming the first thing that is not as the manifest says.
    """
    beside.mkdir(parents=True, exist_ok=True, mode=0o700)
    manifest = reader.manifest()
    with tempfile.TemporaryDirectory(prefix=".restoring-", dir=beside) as scratch:
        folder = Path(scratch)
        reader.unpack(folder, manifest=manifest, progress=progress)
        _compare(folder / DATABASE, size=manifest.database_size, sha256=manifest.database_sha256)
        for file in manifest.files:
            _compare(folder / EVIDENCE / file.path, size=file.size, sha256=file.sha256)
        try:
            check_whole(folder / DATABASE)
        except NotWhole as error:
            raise BackupRefused(str(error)) from None
        if (version := version_of(folder / DATABASE)) != manifest.version:
            raise BackupRefused(f"its database has version {version}, its manifest says {manifest.version}")
        yield folder, manifest


def _compare(path: Path, *, size: int, sha256: str) -> None:
    if not path.is_file() or path.stat().st_size != size or hash_of_file(path) != sha256:
        raise BackupRefused(f"{path.name} is not what the manifest says; the backup is damaged")


def is_empty(database: Site, store: FileStore) -> bool:
    """Whether nothing lies where a desk would be brought back to."""
    return not holds_anything(database) and not lying_in(store)


def move_in(folder: Path, *, database: Site, store: FileStore, replaced: Path, opening: Opening = ()) -> None:
    """Put what was unpacked into its place; what lay in folders moves to `replaced`, and nothing is deleted.

    In S3-compatible storage evidence that the backup does not know stays, and is set aside at the next start.
    A schema on a server has to be empty: its rows are written in one transaction, which `opening` begins, and
    compared.
    The database comes last: until it is there, the desk does not start beside evidence it does not know.
    """
    _set_aside(database, store, replaced=replaced)
    unpacked_files = (path for path in (folder / EVIDENCE).rglob("*") if path.is_file())
    for path in sorted(unpacked_files):
        store.put(key_of(path.relative_to(folder / EVIDENCE).as_posix()), path, replace=True)
    if isinstance(database, Server):
        into_server(folder / DATABASE, database, opening=opening, progress=lambda done, count: None)
    else:
        database.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        shutil.move(folder / DATABASE, database)


def _set_aside(database: Site, store: FileStore, *, replaced: Path) -> None:
    sites = [] if isinstance(database, Server) else [Path(f"{database}{end}") for end in BESIDE]
    if isinstance(store, FolderStore):
        sites.append(store.root / EVIDENCE)
    existing = [path for path in sites if _holds(path)]
    if not existing:
        return
    replaced.mkdir(parents=True, mode=0o700)
    for path in existing:
        shutil.move(path, replaced / path.name)


def _holds(path: Path) -> bool:
    """Tell whether something lies there; an empty database file is one that was made to be locked."""
    return path.exists() and path.stat().st_size > 0


def replaced_folder(data: Path, now: datetime) -> Path:
    """Name the folder for what a backup took the place of."""
    return data / "replaced" / f"{now:%Y%m%dT%H%M%SZ}"
