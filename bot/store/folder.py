"""A store of files that is a folder: written beside, synced and renamed, for our eyes only."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from bot.store.contract import CHUNK, StoreAway
from bot.store.old_files import remove_old
from storage.engine.gentle_writing import copy_gently

PARTS = ".parts"  # the folder of what is being written
PART_KEPT = timedelta(days=1)  # a file takes seconds; what is older was left by a kill


class FolderStore:
    """Keeps each key as a file below a folder that is made when something is put there."""

    def __init__(self, root: Path, *, links: bool = False) -> None:
        """Name the folder; nothing is made yet.

        With `links` a file that is put there shares its bytes with the one it comes from, which is quick and
        takes no space; a backup must not.
        """
        self.root, self._links = root, links

    @property
    def address(self) -> str:
        return str(self.root.absolute())

    @property
    def site(self) -> str:
        return str(self.root)

    async def probe(self) -> None:
        """Ask nothing: it lies on a disk of this machine, which is judged as such."""

    def put(self, key: str, source: Path, *, replace: bool = False) -> None:
        if replace or self.size(key) != source.stat().st_size:
            self._write_whole(key, lambda part: _fill(part, source, links=self._links))

    def give(self, key: str, source: Path) -> None:
        self._write_whole(key, lambda part: _fill(part, source, links=True))

    def put_bytes(self, key: str, content: bytes) -> None:
        self._write_whole(key, lambda part: _write(part, lambda out: out.write(content)))

    def chunks(self, key: str) -> Iterator[bytes]:
        return _read(self._open(key))

    @contextmanager
    def as_file(self, key: str, scratch: Path) -> Iterator[Path]:
        """Lend the file itself."""
        with self._open(key):
            yield self.root / key

    def size(self, key: str) -> int | None:
        with self._in_one_sentence(), suppress(FileNotFoundError, NotADirectoryError):
            return (self.root / key).stat().st_size
        return None

    def sizes(self, area: str) -> Mapping[str, int]:
        """List the files; what is hidden is left out."""
        with self._in_one_sentence():
            return dict(sorted(_list(self.root / area, area)))

    def folders(self, area: str) -> list[str]:
        with self._in_one_sentence():
            lying = (self.root / area).iterdir() if (self.root / area).is_dir() else ()
            return sorted(path.name for path in lying if path.is_dir())

    def move(self, key: str, target: str) -> None:
        path = self.root / target
        with self._in_one_sentence():
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            shutil.move(self.root / key, path)
            sync(path.parent)

    def delete(self, key: str) -> None:
        with self._in_one_sentence():
            (self.root / key).unlink(missing_ok=True)

    def _open(self, key: str) -> BinaryIO:
        with self._in_one_sentence():
            try:
                return (self.root / key).open("rb")
            except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
                raise FileNotFoundError(key) from None

    def _write_whole(self, key: str, write: Callable[[Path], object]) -> None:
        target, part = self.root / key, self.root / PARTS / secrets.token_hex(8)
        try:
            for folder in (target.parent, part.parent):
                folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            remove_old(part.parent.iterdir(), before=datetime.now(UTC) - PART_KEPT)
            write(part)
            part.replace(target)
        except OSError as error:
            with suppress(OSError):
                part.unlink(missing_ok=True)
            raise self._away(error) from error
        for folder in (target.parent, target.parent.parent):
            sync(folder)

    @contextmanager
    def _in_one_sentence(self) -> Iterator[None]:
        """Raise StoreAway where the folder cannot be used, FileNotFoundError where nothing lies there."""
        try:
            yield
        except FileNotFoundError:
            raise
        except OSError as error:
            raise self._away(error) from error

    def _away(self, error: OSError) -> StoreAway:
        return StoreAway(f"{self.root}: {error.strerror or type(error).__name__}")


def _list(folder: Path | str, key: str) -> Iterator[tuple[str, int]]:
    """Walk a folder; ten years of evidence are 60,000 files, for which paths as objects take seconds."""
    try:
        entries = os.scandir(folder)
    except (FileNotFoundError, NotADirectoryError):
        return
    with entries:
        for entry in entries:
            if entry.name.startswith("."):
                continue
            if entry.is_dir():
                yield from _list(entry.path, f"{key}/{entry.name}")
            elif entry.is_file():
                with suppress(FileNotFoundError):
                    yield f"{key}/{entry.name}", entry.stat().st_size


def _write(part: Path, fill: Callable[[BinaryIO], object]) -> None:
    with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600), "wb") as out:
        fill(out)
        out.flush()
        os.fsync(out.fileno())


def _fill(part: Path, source: Path, *, links: bool) -> None:
    if not links or not _link(source, part):
        _write(part, lambda out: _copy(source, out))


def _link(source: Path, part: Path) -> bool:
    """Give a file a second name, its bytes being on the disk; False on another disk, or one without links."""
    try:
        os.link(source, part)
    except OSError:
        return False
    with part.open("rb") as opened:
        os.fsync(opened.fileno())
    return True


def _copy(source: Path, out: BinaryIO) -> None:
    with source.open("rb") as opened:
        copy_gently(opened, out, chunk=CHUNK)


def _read(opened: BinaryIO) -> Iterator[bytes]:
    with opened:
        while chunk := opened.read(CHUNK):
            yield chunk


def sync(folder: Path) -> None:
    """Bring a folder's list of names to the disk."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
