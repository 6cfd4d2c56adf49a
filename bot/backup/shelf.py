"""The place of nightly backups: a folder or S3-compatible storage; a file is kept once for all backups.

copies/20261128T193000Z/desk.db         one state of the database
copies/20261128T193000Z/settings.env    the settings without secrets
copies/20261128T193000Z/manifest.json   written last: without it a backup is not whole
files/AB/ABCDEF…                        evidence, by its hash
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, ObjectStore, from_url

from bot.backup.manifest import DATABASE, NAME, SETTINGS, BackupRefused, Held, Manifest, read
from bot.backup.snapshot import Progress, Snapshot, Source, manifest_of, sha256_of, snapshot

T = TypeVar("T")
_STAMP = "%Y%m%dT%H%M%SZ"
_COPY = re.compile(r"copies/(\d{8}T\d{6}Z)")
READ_BYTES = 1 << 20  # at once from the storage


class Shelf:
    """Backups of one desk, oldest first, each named by its moment (UTC)."""

    def __init__(self, place: str | Path) -> None:
        """Name a folder, or an address such as s3://bucket/prefix; raises BackupRefused for an unknown kind.

        Keys of the storage come from the environment (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION,
        AWS_ENDPOINT), https://developmentseed.org/obstore/latest/api/store/aws/.
        """
        self.place = str(place)
        self._store = _asked(self.place, lambda: _store_of(place))

    def names(self) -> list[str]:
        """List every whole backup."""
        lying = self._list_sizes("copies")
        return sorted(name for name in self._begun() if f"copies/{name}/{NAME}" in lying)

    def keep(
        self, source: Source, *, copies: int, now: datetime, scratch: Path, progress: Progress
    ) -> Manifest:
        """Add a backup, then keep the newest `copies`; the new one is whole before an old one goes."""
        manifest = self.add(source, now=now, scratch=scratch, progress=progress)
        self.thin(copies)
        return manifest

    def add(self, source: Source, *, now: datetime, scratch: Path, progress: Progress) -> Manifest:
        """Keep one more backup; files that are there by their hash are not copied again.

        The copy of the database lies in `scratch` meanwhile. Raises BackupRefused when the place fails.
        """
        name = now.astimezone(UTC).strftime(_STAMP)
        with snapshot(source, scratch, progress=progress) as state:
            files, missing = self._add_files(state, evidence=source.evidence, progress=progress)
            manifest = manifest_of(state, files=files, missing=missing, now=now)
            self._put(f"copies/{name}/{DATABASE}", state.database)
            self._put(f"copies/{name}/{SETTINGS}", source.settings.encode())
            self._put(f"copies/{name}/{NAME}", manifest.to_json())
        return manifest

    def _add_files(
        self, state: Snapshot, *, evidence: Path, progress: Progress
    ) -> tuple[tuple[Held, ...], tuple[str, ...]]:
        """Copy in what is not there yet; returns what is held now, and the places where no file lies."""
        files, missing = [], []
        kept = self._list_sizes("files")
        for number, (path, sha256) in enumerate(state.files, 1):
            try:
                files.append(self._keep_file(evidence / path, path=path, sha256=sha256, kept=kept))
            except FileNotFoundError:
                missing.append(path)
            progress("files", number, len(state.files))
        return tuple(files), tuple(missing)

    def _keep_file(self, source: Path, *, path: str, sha256: str, kept: Mapping[str, int]) -> Held:
        """Keep a file by its hash, once; one that has changed on the disk is kept as it is, by
        its real hash.
        """
        size = source.stat().st_size
        if kept.get(_place_of(sha256)) != size:
            sha256 = sha256_of(source)
            self._put(_place_of(sha256), source)
        return Held(path=path, size=size, sha256=sha256)

    def thin(self, keep: int) -> list[str]:
        """Remove all but the newest `keep` backups, and the files that only they held; returns their names.

        What a backup that stays holds is read first: when one cannot be read, nothing is removed.
        The manifest goes last, so that what a kill interrupts is removed the next time. What a kill left of a
        backup older than the newest whole one goes too: it never had a manifest.
        """
        names = self.names()
        for name in sorted(self._begun() - set(names)):
            if names and name < names[-1]:
                self._delete((f"copies/{name}/{DATABASE}", f"copies/{name}/{SETTINGS}"))
        gone = names[:-keep]
        if not gone:
            return []
        stays = {file.sha256 for name in names[-keep:] for file in self.manifest(name).files}
        for name in gone:
            of_it = {file.sha256 for file in self.manifest(name).files}
            self._delete(_place_of(sha256) for sha256 in sorted(of_it - stays))
            self._delete(f"copies/{name}/{part}" for part in (DATABASE, SETTINGS, NAME))
        return gone

    def manifest(self, name: str) -> Manifest:
        """Read what a backup holds; raises BackupRefused when it is not whole."""
        return read(self._bytes(f"copies/{name}/{NAME}"))

    def fetch(self, key: str, target: Path) -> None:
        """Write one object to a new file."""

        def work() -> None:
            with target.open("xb") as out:
                for chunk in obstore.get(self._store, key).stream(min_chunk_size=READ_BYTES):
                    out.write(chunk)

        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _asked(self.place, work)

    def _begun(self) -> set[str]:
        listed = _asked(self.place, lambda: obstore.list_with_delimiter(self._store, "copies"))
        return {match[1] for prefix in listed["common_prefixes"] if (match := _COPY.fullmatch(prefix))}

    def _list_sizes(self, prefix: str) -> Mapping[str, int]:
        """List everything below a prefix with its size (bytes), a thousand at a time."""

        def work() -> Mapping[str, int]:
            return {
                entry["path"]: entry["size"] for part in obstore.list(self._store, prefix) for entry in part
            }

        return _asked(self.place, work)

    def _bytes(self, key: str) -> bytes:
        try:
            return bytes(_asked(self.place, lambda: obstore.get(self._store, key).bytes()))
        except FileNotFoundError:
            raise BackupRefused(f"{self.place} has no {key}") from None

    def _put(self, key: str, content: bytes | Path) -> None:
        try:
            _asked(self.place, lambda: obstore.put(self._store, key, content))
        except FileNotFoundError:
            raise BackupRefused(f"{_without_secret(self.place)} is not there; make it first") from None

    def _delete(self, keys: Iterable[str]) -> None:
        for key in keys:
            self._delete_one(key)

    def _delete_one(self, key: str) -> None:
        with suppress(FileNotFoundError):  # removed by an earlier try that was cut off
            _asked(self.place, lambda: obstore.delete(self._store, key))


class ShelfReader:
    """Reads one backup of a shelf."""

    def __init__(self, shelf: Shelf, name: str) -> None:
        """Name the backup; nothing is read yet."""
        self._shelf, self._name = shelf, name

    def manifest(self) -> Manifest:
        """Read what it holds."""
        return self._shelf.manifest(self._name)

    def unpack(self, folder: Path, *, manifest: Manifest, progress: Progress) -> None:
        """Write database and files into a folder."""
        self._shelf.fetch(f"copies/{self._name}/{DATABASE}", folder / DATABASE)
        for number, file in enumerate(manifest.files, 1):
            try:
                self._shelf.fetch(_place_of(file.sha256), folder / "evidence" / file.path)
            except FileNotFoundError:
                raise BackupRefused(f"{self._shelf.place} lacks {file.path}") from None
            progress("files", number, len(manifest.files))


def _place_of(sha256: str) -> str:
    return f"files/{sha256[:2]}/{sha256}"


def _store_of(place: str | Path) -> ObjectStore:
    if "://" in str(place):
        return from_url(str(place))
    return LocalStore(Path(place), mkdir=True)


def _asked(place: str, work: Callable[[], T]) -> T:
    """Ask the storage; raises BackupRefused with one sentence, FileNotFoundError where there is no object."""
    try:
        return work()
    except FileNotFoundError:
        raise
    except (BaseError, ValueError, OSError) as error:
        said = str(error).strip().splitlines()
        raise BackupRefused(
            f"{_without_secret(place)}: {said[0] if said else type(error).__name__}"
        ) from None


def _without_secret(place: str) -> str:
    return re.sub(r"//[^/@]*@", "//…@", place)
