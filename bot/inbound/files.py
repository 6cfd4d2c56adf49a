"""Fetches evidence once: checked before it is opened, named by chance, found by its hash."""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from bot.channels import Channel, NotSent, Refused, SendError
from bot.inbound.inspection import inspect
from domain.event_log import EventLog
from domain.message import FileRef, FileRefusal, StoredFile, WantsFile
from storage import files
from storage.engine.database import Database

INCOMING = ".incoming"
NAME_CHARS = 120  # of a sender's name that are kept
ENDING_CHARS = 6


def _nothing(point: str) -> None:
    return


class Fetcher:
    """Brings files into the evidence folder; what is refused leaves nothing behind."""

    def __init__(
        self,
        database: Database,
        channels: Mapping[str, Channel],
        *,
        folder: Path,
        clock: Callable[[], datetime],
        new_name: Callable[[], str],
        log: EventLog,
        about_to: Callable[[str], None] = _nothing,
    ) -> None:
        """`folder` is outside any web root; `new_name` gives random names.

        `about_to` is told before a file gets its name and before its row is committed: where a test kills.
        """
        self._database, self._channels, self._folder = database, channels, folder
        self._clock, self._new_name, self._log, self._about_to = clock, new_name, log, about_to

    async def prepare(self) -> int:
        """Make the folders and sweep what a kill left between download and commit; returns how many.

        A row whose file is gone is only reported: the bytes may still come back from a backup.
        """
        (self._folder / INCOMING).mkdir(parents=True, exist_ok=True, mode=0o700)
        known = await self._database.read(files.paths)
        missing = sum(not (self._folder / path).is_file() for path in known)
        if missing:
            self._log.error("files_missing", count=missing)
        swept = 0
        for found in self._folder.rglob("*"):
            if found.is_file() and str(found.relative_to(self._folder)) not in known:
                found.unlink()
                swept += 1
        if swept:
            self._log.info("orphans_swept", count=swept)
        return swept

    async def fetch(self, channel: str, wants: WantsFile) -> StoredFile | FileRefusal:
        """Bring the file a turn wants; raises SendError when the channel cannot now.

        1. Its announced size is checked before anything is fetched.
        2. Its content is checked before anything opens it.
        3. Its row and its name in the folder come last; the same bytes again are the same row.
        """
        ref = replace(wants.ref, name=shown_name(wants.ref.name))
        announced = ref.size or 0
        if announced > min(wants.max_bytes, self._channels[channel].limits.fetch_bytes):
            return FileRefusal("too_big", ref.name, size=announced)
        if ref.size == 0:
            return FileRefusal("empty", ref.name)
        incoming = self._folder / INCOMING / self._new_name()
        os.close(os.open(incoming, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600))
        try:
            return await self._bring(channel, ref, wants, incoming)
        finally:
            incoming.unlink(missing_ok=True)

    async def _bring(self, channel: str, ref: FileRef, wants: WantsFile, incoming: Path) -> StoredFile | FileRefusal:
        try:
            await self._channels[channel].fetch(ref, incoming)
        except Refused:
            may_be_big = ref.size is None or ref.size > self._channels[channel].limits.fetch_bytes
            return FileRefusal("too_big" if may_be_big else "gone", ref.name, size=ref.size or 0)
        except NotSent:
            raise
        except SendError as error:
            self._log.warning("file_not_fetched", kind=type(error).__name__)
            return FileRefusal("gone", ref.name)
        size = incoming.stat().st_size
        if size > wants.max_bytes:
            return FileRefusal("too_big", ref.name, size=size)
        # in a thread: reading 20 MB would hold up everybody else's turn
        found = await asyncio.to_thread(inspect, incoming, name=ref.name, mime=ref.mime, accepts=wants.accepts)
        if found.refusal:
            return FileRefusal(found.refusal, ref.name, kind=found.kind, size=size)
        sha256 = await asyncio.to_thread(_kept, incoming)
        return await self._store(incoming, StoredFile(sha256, found.kind, ref.name, size))

    async def _store(self, incoming: Path, stored: StoredFile) -> StoredFile:
        """Give the file its name, then its row: a kill between the two leaves a file that the next start sweeps."""
        name, now = self._new_name(), self._clock()
        held = await self._database.read(lambda tx: files.path_of(tx, stored.sha256))
        if held is not None and (self._folder / held).is_file():
            return stored
        path = held or f"{name[:2]}/{name}"  # a row whose file was lost gets it back
        self._move(incoming, self._folder / path)
        kept = await self._database.run(lambda tx: files.insert(tx, stored, path=path, now=now))
        if kept != path:
            (self._folder / path).unlink(missing_ok=True)  # somebody sent the same bytes at the same moment
        return stored

    def _move(self, incoming: Path, target: Path) -> None:
        """Move in place for good: what a committed row names must still be there after the power fails."""
        target.parent.mkdir(exist_ok=True, mode=0o700)
        self._about_to("name")
        os.replace(incoming, target)
        for folder in (target.parent, self._folder):
            _sync(folder)
        self._about_to("commit")


def shown_name(name: str) -> str:
    """Make the sender's name safe to show: one line, no control or direction characters, no path, not endless."""
    line = "".join(c if c.isprintable() else " " for c in name.replace("\\", "/").rsplit("/", 1)[-1])
    line = " ".join(line.split())
    if len(line) <= NAME_CHARS:
        return line or "berkas"
    head, dot, ending = line.rpartition(".")
    tail = f"{dot}{ending}" if head and len(ending) <= ENDING_CHARS else ""
    return f"{line[: NAME_CHARS - len(tail) - 1]}…{tail}"


def _kept(path: Path) -> str:
    """Bring the bytes to the disk and hash them."""
    with path.open("rb") as opened:
        os.fsync(opened.fileno())
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
