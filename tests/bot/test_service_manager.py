"""systemd hears that the bot is ready and alive, and nothing while a part stands still."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path

from bot.service_manager import ServiceManager


async def heard(folder: Path, *, well: bool) -> list[bytes]:
    """What a socket hears of a start and a moment of life."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(str(folder / "notify"))
        listener.setblocking(False)
        manager = ServiceManager({"NOTIFY_SOCKET": str(folder / "notify"), "WATCHDOG_USEC": "60000000"})
        manager.tell("READY=1")
        life = asyncio.create_task(manager.keep_alive(lambda: well))
        await asyncio.sleep(0)
        life.cancel()
        words = []
        while True:
            try:
                words.append(listener.recv(100))
            except BlockingIOError:
                return words


async def test_it_says_ready_and_gives_signs_of_life(tmp_path: Path) -> None:
    assert await heard(tmp_path, well=True) == [b"READY=1", b"WATCHDOG=1"]


async def test_a_part_that_stands_still_keeps_it_silent(tmp_path: Path) -> None:
    assert await heard(tmp_path, well=False) == [b"READY=1"]


def test_without_systemd_nothing_happens(tmp_path: Path) -> None:
    ServiceManager({}).tell("READY=1")
    ServiceManager({"NOTIFY_SOCKET": str(tmp_path / "nobody")}).tell("READY=1")
