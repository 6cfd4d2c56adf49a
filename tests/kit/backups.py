"""Backs up a desk while it works, and brings every backup back."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

from bot.backup import tar_archive
from bot.backup.restore import reader_of, unpacked
from bot.backup.snapshot import Source
from bot.store.folder import FolderStore


def unsaid(what: str, done: int, count: int) -> None:
    """Say nothing of the progress."""


async def back_up(data: Path, kept: Path, *, times: int, pause: float) -> None:
    """Write so many archives with pauses (seconds) between them, each in a thread beside the talk."""
    source = Source(data / "desk.db", FolderStore(data), "")
    for number in range(times):
        await asyncio.sleep(pause)
        out = kept / f"{number:02}.tar"
        await asyncio.to_thread(tar_archive.write, source, out, now=datetime.now(UTC), progress=unsaid)


def restored_whole(kept: Path, beside: Path) -> int:
    """Unpack and compare every archive, its database included; returns how many there are."""
    archives = sorted(kept.glob("*.tar"))
    for archive in archives:
        with unpacked(reader_of(str(archive)), beside, progress=unsaid) as (_, manifest):
            assert not manifest.missing, archive
    return len(archives)
