"""Fetches evidence once: checked before it is opened, named by chance, found by its hash."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.channels import Channel, NotSent, Refused, SendError
from bot.inspection import inspect
from domain.message import FileRefusal, StoredFile, WantsFile
from storage import files
from storage.database import Database

CHANNEL_BYTES = 20_000_000  # what a bot may fetch, core.telegram.org/bots/api#getfile
INCOMING = ".incoming"


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
        log: Any,
    ) -> None:
        """`folder` is outside any web root; `new_name` gives random names."""
        self._database, self._channels, self._folder = database, channels, folder
        self._clock, self._new_name, self._log = clock, new_name, log

    async def prepare(self) -> int:
        """Make the folders and sweep what a kill left between download and commit; returns how many."""
        (self._folder / INCOMING).mkdir(parents=True, exist_ok=True, mode=0o700)
        known = await self._database.read(files.paths)
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
        ref = wants.ref
        announced = ref.size or 0
        if announced > min(wants.max_bytes, CHANNEL_BYTES):
            return FileRefusal("too_big", ref.name, size=announced)
        if ref.size == 0:
            return FileRefusal("empty", ref.name)
        incoming = self._folder / INCOMING / self._new_name()
        try:
            return await self._bring(channel, wants, incoming)
        finally:
            incoming.unlink(missing_ok=True)

    async def _bring(self, channel: str, wants: WantsFile, incoming: Path) -> StoredFile | FileRefusal:
        ref = wants.ref
        try:
            await self._channels[channel].fetch(ref, incoming)
        except Refused:
            return FileRefusal("too_big" if "big" in _told(ref.size) else "gone", ref.name, size=ref.size or 0)
        except NotSent:
            raise
        except SendError as error:
            self._log.warning("file_not_fetched", kind=type(error).__name__)
            return FileRefusal("gone", ref.name)
        os.chmod(incoming, 0o600)
        size = incoming.stat().st_size
        if size > wants.max_bytes:
            return FileRefusal("too_big", ref.name, size=size)
        found = inspect(incoming, name=ref.name, mime=ref.mime, accepts=wants.accepts)
        if found.refusal:
            return FileRefusal(found.refusal, ref.name, kind=found.kind, size=size)
        return await self._store(incoming, StoredFile(_sha256(incoming), found.kind, ref.name, size))

    async def _store(self, incoming: Path, stored: StoredFile) -> StoredFile:
        name = self._new_name()
        path = f"{name[:2]}/{name}"
        target = self._folder / path
        target.parent.mkdir(exist_ok=True, mode=0o700)
        now = self._clock()
        held = await self._database.read(lambda tx: files.path_of(tx, stored.sha256))
        if held is not None and (self._folder / held).exists():
            return stored
        os.replace(incoming, target)
        kept = await self._database.run(lambda tx: files.insert(tx, stored, path=path, now=now))
        if kept != path:
            target.unlink(missing_ok=True)
        return stored


def _told(size: int | None) -> str:
    return "big" if size is None or size > CHANNEL_BYTES else ""


def _sha256(path: Path) -> str:
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
