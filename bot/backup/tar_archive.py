"""A backup as one tar archive: database, settings, evidence, and the manifest at its end."""

from __future__ import annotations

import hashlib
import io
import os
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, BinaryIO

from bot.backup.manifest import DATABASE, NAME, SETTINGS, BackupRefused, Held, Manifest, read
from bot.backup.snapshot import Progress, Snapshot, Source, manifest_of, snapshot
from bot.store.contract import CHUNK, FileStore
from bot.store.evidence import key_of
from storage.engine.gentle_writing import GentleSink

EVIDENCE = "evidence/"  # before the path of each file


def write(source: Source, out: Path, *, now: datetime, progress: Progress) -> Manifest:
    """Write an archive beside `out` and rename it when it is whole; returns what is in it.

    Raises BackupRefused where the disk is full or cannot be written; then nothing is left of it.
    """
    part = out.with_name(f"{out.name}.part")
    try:
        out.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as stream:
            manifest = write_to(GentleSink(stream), source, now=now, scratch=out.parent, progress=progress)
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(out)
    except OSError as error:
        raise BackupRefused(
            f"{out}: {error.strerror or type(error).__name__}; nothing is left of it"
        ) from error
    finally:
        part.unlink(missing_ok=True)
    return manifest


def write_to(
    stream: BinaryIO | GentleSink, source: Source, *, now: datetime, scratch: Path, progress: Progress
) -> Manifest:
    """Stream an archive; the copy of the database lies in `scratch` meanwhile."""
    with (
        snapshot(source, scratch, progress=progress) as state,
        tarfile.open(fileobj=stream, mode="w|", format=tarfile.PAX_FORMAT) as archive,
    ):
        with state.database.open("rb") as copy:
            archive.addfile(_describe(DATABASE, size=state.database.stat().st_size, now=now), copy)
        _add_bytes(archive, SETTINGS, content=source.settings.encode(), now=now)
        files, missing = _add_evidence(archive, state, store=source.store, now=now, progress=progress)
        manifest = manifest_of(state, files=files, missing=missing, now=now)
        _add_bytes(archive, NAME, content=manifest.to_json(), now=now)
    return manifest


def _add_evidence(
    archive: tarfile.TarFile, state: Snapshot, *, store: FileStore, now: datetime, progress: Progress
) -> tuple[tuple[Held, ...], tuple[str, ...]]:
    """Add every file that lies in its place; returns these, and the paths where none does."""
    files, missing = [], []
    for number, (path, _) in enumerate(state.files, 1):
        size = store.size(key_of(path))
        if size is None:
            missing.append(path)
            continue
        entry = _describe(EVIDENCE + path, size=size, now=now)
        reader = _Hashing(store.chunks(key_of(path)))
        archive.addfile(entry, reader)
        files.append(Held(path=path, size=entry.size, sha256=reader.digest.hexdigest()))
        progress("files", number, len(state.files))
    return tuple(files), tuple(missing)


class _Hashing(io.RawIOBase):
    """Hashes what is read through it."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks, self._left = chunks, b""
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        """Read so many bytes, fewer only at the end: a tar takes less for a file that was cut off."""
        while len(self._left) < size and (chunk := next(self._chunks, b"")):
            self._left += chunk
        read, self._left = self._left[:size], self._left[size:]
        self.digest.update(read)
        return read


def _describe(name: str, *, size: int, now: datetime) -> tarfile.TarInfo:
    """Describe a file without who owns it on this machine."""
    entry = tarfile.TarInfo(name)
    entry.size, entry.mtime = size, int(now.timestamp())
    entry.mode = 0o600
    return entry


def _add_bytes(archive: tarfile.TarFile, name: str, *, content: bytes, now: datetime) -> None:
    archive.addfile(_describe(name, size=len(content), now=now), io.BytesIO(content))


@contextmanager
def _opened(path: Path) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(path, "r:") as archive:
            yield archive
    except FileNotFoundError:
        raise BackupRefused(f"there is no {path}") from None
    except (tarfile.TarError, EOFError) as error:
        raise BackupRefused(f"{path} is no whole archive: {error}") from error


class ArchiveReader:
    """Reads a backup out of an archive."""

    def __init__(self, path: Path) -> None:
        """Name the archive; nothing is read yet."""
        self._path = path

    def manifest(self) -> Manifest:
        """Read what the archive says it holds; raises BackupRefused when it has no end."""
        with _opened(self._path) as archive:
            try:
                entry = archive.extractfile(NAME)
            except KeyError:
                entry = None
            if entry is None:
                raise BackupRefused(f"{self._path} has no {NAME} at its end: it was cut off")
            return read(entry.read())

    def unpack(self, folder: Path, *, manifest: Manifest, progress: Progress) -> None:
        """Write database and files into a folder; names the manifest does not know are left in
        the archive.
        """
        wanted = {DATABASE: folder / DATABASE}
        wanted |= {EVIDENCE + file.path: folder / EVIDENCE / file.path for file in manifest.files}
        with _opened(self._path) as archive:
            done = 0
            for entry in archive:
                target = wanted.pop(entry.name, None)
                if target is None or not entry.isfile():
                    continue
                source = archive.extractfile(entry)
                if source is not None:
                    write_file(target, source)
                done += 1
                progress("files", done, len(manifest.files) + 1)
            self._refuse_more(archive)
        if wanted:
            raise BackupRefused(f"{self._path} lacks {min(wanted)}")

    def _refuse_more(self, archive: tarfile.TarFile) -> None:
        """Refuse bytes behind the last member, which a reader of archives passes over: there are zeros."""
        with self._path.open("rb") as rest:
            rest.seek(archive.offset)
            while chunk := rest.read(CHUNK):
                if any(chunk):
                    raise BackupRefused(f"{self._path} has bytes behind its end; it is damaged")


def write_file(target: Path, source: IO[bytes]) -> None:
    """Write a new file for our eyes only."""
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with open(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        while chunk := source.read(CHUNK):
            out.write(chunk)
        out.flush()
        os.fsync(out.fileno())
