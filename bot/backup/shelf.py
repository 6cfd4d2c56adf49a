"""The site of nightly backups: a folder or S3-compatible storage; a file is kept once for all backups.

copies/20261128T193000Z/desk.db         one state of the database
copies/20261128T193000Z/settings.env    the settings without secrets
copies/20261128T193000Z/manifest.json   written last: without it a backup is not whole
files/AB/ABCDEF…                        evidence, by its hash
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

from bot.backup.manifest import DATABASE, NAME, SETTINGS, BackupRefused, Held, Manifest, read
from bot.backup.snapshot import Progress, Snapshot, Source, hash_gently, manifest_of, snapshot
from bot.store.contract import Damaged, FileStore
from bot.store.evidence import key_of
from bot.store.opening import fetch, open_store

_STAMP = "%Y%m%dT%H%M%SZ"
_COPY = re.compile(r"\d{8}T\d{6}Z")


class Shelf:
    """Backups of one desk, oldest first, each named by its moment (UTC)."""

    def __init__(self, site: str | Path) -> None:
        """Name a folder, or an address such as s3://bucket/prefix; raises StoreAway for an unknown kind."""
        self.store: FileStore = open_store(site)

    def names(self) -> list[str]:
        """List every whole backup."""
        lying = self.store.sizes("copies")
        return sorted(name for name in self._list_begun() if f"copies/{name}/{NAME}" in lying)

    def holds_one_since(self, moment: datetime, *, now: datetime) -> bool:
        """Tell whether a whole backup is as young as that; one of the future was made by a clock that ran
        ahead, and is none of this night.
        """
        return any(_name(moment) <= name <= _name(now) for name in self.names())

    def keep(
        self, source: Source, *, copies: int, now: datetime, scratch: Path, progress: Progress
    ) -> Manifest:
        """Add a backup, then keep the newest `copies`; the new one is whole before an old one goes."""
        manifest = self.add(source, now=now, scratch=scratch, progress=progress)
        self.thin(copies, now=now)
        return manifest

    def add(self, source: Source, *, now: datetime, scratch: Path, progress: Progress) -> Manifest:
        """Keep one more backup; files that are there by their hash are not copied again.

        The copy of the database lies in `scratch` meanwhile. Raises StoreAway when the site fails.
        """
        name = _name(now)
        with snapshot(source, scratch, progress=progress) as state:
            files, missing = self._add_files(state, source.store, scratch=scratch, progress=progress)
            manifest = manifest_of(state, files=files, missing=missing, now=now)
            self.store.give(f"copies/{name}/{DATABASE}", state.database)
            self.store.put_bytes(f"copies/{name}/{SETTINGS}", source.settings.encode())
            self.store.put_bytes(f"copies/{name}/{NAME}", manifest.to_json())
        return manifest

    def _add_files(
        self, state: Snapshot, source: FileStore, *, scratch: Path, progress: Progress
    ) -> tuple[tuple[Held, ...], tuple[str, ...]]:
        """Copy in what is not there yet; returns what is held now, and the paths where no file lies."""
        files, missing = [], []
        kept = self.store.sizes("files")
        for number, (path, sha256) in enumerate(state.files, 1):
            size = source.size(key_of(path))
            if size is None:
                missing.append(path)
            elif kept.get(_key_of(sha256)) == size:
                files.append(Held(path=path, size=size, sha256=sha256))
            else:
                files.append(self._keep_file(source, path, scratch=scratch))
            progress("files", number, len(state.files))
        return tuple(files), tuple(missing)

    def _keep_file(self, source: FileStore, path: str, *, scratch: Path) -> Held:
        """Keep a file as it is: one that has changed where it lies is kept by its real hash."""
        with source.as_file(key_of(path), scratch) as file:
            sha256 = hash_gently(file)
            self.store.put(_key_of(sha256), file, replace=True)
            return Held(path=path, size=file.stat().st_size, sha256=sha256)

    def thin(self, keep: int, *, now: datetime) -> list[str]:
        """Remove all but the newest `keep` backups, and the files that only they held; returns their names.

        What a backup that stays holds is read first: when one cannot be read, nothing is removed.
        The manifest goes last, so that what a kill interrupts is removed the next time. What a kill left of a
        backup older than the newest whole one goes too: it never had a manifest.
        """
        names = self.names()
        for name in sorted(self._list_begun() - set(names)):
            if names and name < names[-1]:
                self._delete(f"copies/{name}/{DATABASE}", f"copies/{name}/{SETTINGS}")
        # what is named by the future was made before all others, by a clock that was set back since
        by_age = sorted(names, key=lambda name: (name <= _name(now), name))
        gone = by_age[:-keep]
        if not gone:
            return []
        stays = {file.sha256 for name in by_age[-keep:] for file in self.manifest(name).files}
        for name in gone:
            of_it = {file.sha256 for file in self.manifest(name).files}
            self._delete(*(_key_of(sha256) for sha256 in sorted(of_it - stays)))
            self._delete(*(f"copies/{name}/{part}" for part in (DATABASE, SETTINGS, NAME)))
        return gone

    def manifest(self, name: str) -> Manifest:
        """Read what a backup holds; raises BackupRefused when it is not whole."""
        key = f"copies/{name}/{NAME}"
        try:
            return read(b"".join(self.store.chunks(key)))
        except FileNotFoundError:
            raise BackupRefused(f"{self.store.site} has no {key}") from None

    def _list_begun(self) -> set[str]:
        return {name for name in self.store.folders("copies") if _COPY.fullmatch(name)}

    def _delete(self, *keys: str) -> None:
        for key in keys:
            self.store.delete(key)


class ShelfReader:
    """Reads one backup of a shelf."""

    def __init__(self, shelf: Shelf, name: str) -> None:
        """Name the backup; nothing is read yet."""
        self._shelf, self._name = shelf, name

    def manifest(self) -> Manifest:
        """Read what it holds."""
        return self._shelf.manifest(self._name)

    def unpack(self, folder: Path, *, manifest: Manifest, progress: Progress) -> None:
        """Write database and files into a folder; raises BackupRefused where one is not what it should be."""
        database = f"copies/{self._name}/{DATABASE}"
        wanted = [(database, DATABASE, manifest.database_sha256)]
        wanted += [(_key_of(file.sha256), f"evidence/{file.path}", file.sha256) for file in manifest.files]
        for number, (key, path, sha256) in enumerate(wanted):
            try:
                fetch(self._shelf.store, key, target=folder / path, sha256=sha256)
            except FileNotFoundError:
                raise BackupRefused(f"{self._shelf.store.site} lacks {path}") from None
            except Damaged as error:
                raise BackupRefused(f"{error}; the backup is damaged") from None
            progress("files", number, len(manifest.files))


def _name(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime(_STAMP)


def _key_of(sha256: str) -> str:
    return f"files/{sha256[:2]}/{sha256}"
