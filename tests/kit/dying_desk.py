"""A desk that is killed while it takes a file in, run in a process of its own."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

from bot.store.opening import open_store
from tests.kit import files
from tests.kit.direct import Direct


def die_over_a_file(folder: Path, point: str, store: str = "") -> int:
    """Hand in as far as a file and die at a point of its taking in; `store` is where evidence lies, if not in
    the folder.
    """
    asyncio.run(_die(folder, point, store))
    return 0


async def _die(folder: Path, point: str, store: str) -> None:
    direct = await Direct.open(folder, store=open_store(store) if store else None)
    for said in ("/ajukan", "SIPANDU", "daftar", "16"):
        await direct.says(said)
    direct.crash_at = point
    direct.dies = lambda: os.kill(os.getpid(), signal.SIGKILL)  # type: ignore[method-assign]
    await direct.sends("perda.pdf", files.pdf("perda"))
