"""Starts the emulated platform, the chat page, the demo data, and the bot as a child process."""

from __future__ import annotations

import argparse
import asyncio
import ctypes
import os
import shutil
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from zoneinfo import ZoneInfo

from sandbox.demo import fill, people
from sandbox.serve import PortTaken, serve
from sandbox.telegram import TelegramEmulator
from sandbox.web import Page
from storage.engine.database import Database, DatabaseRefused

TOKEN = "4200000002:SANDBOX-token-of-nobody-000000000000"
ZONE = ZoneInfo("Asia/Jakarta")
# before a bot that died is started again; it grows when it dies at once
RESTART_SECONDS, LONGEST_WAIT = 0.5, 10.0
JOURNAL_KEPT = 2000


def main(arguments: Sequence[str] | None = None) -> int:
    """Run until interrupted; 1 with one sentence when it cannot start."""
    parser = argparse.ArgumentParser(
        prog="desk-inovasi sandbox", description="Try the bot in a page, with no token and no network."
    )
    parser.add_argument("--host", default="127.0.0.1", help="address of the page (default 127.0.0.1)")
    parser.add_argument("--port", type=int, default=8080, help="port of the page (default 8080)")
    parser.add_argument(
        "--fresh", action="store_true", help="begin anew: forget what was done in the sandbox"
    )
    options = parser.parse_args(arguments)
    try:
        return asyncio.run(_run(options.host, options.port, fresh=options.fresh))
    except (PortTaken, DatabaseRefused, OSError) as error:
        print(f"desk-inovasi: {error}", file=sys.stderr)
        return 1


def folder() -> Path:
    """Where the sandbox keeps its data, apart from the real data."""
    if given := os.environ.get("DESK_SANDBOX_DIR"):
        return Path(given).absolute()
    base = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(base) / "desk-inovasi" / "sandbox"


async def _run(host: str, port: int, *, fresh: bool) -> int:
    data = folder()
    if fresh:
        shutil.rmtree(data, ignore_errors=True)
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    crowd = people()
    emulator = TelegramEmulator(token=TOKEN, journal_limit=JOURNAL_KEPT)
    for person in crowd:
        emulator.add_person(person.id, person.name, phone=person.phone)
        emulator.people[person.id].started = person.role is not None
    bot = Bot(data)
    page = Page(emulator, crowd, kill=bot.kill)
    async with serve(page.app((host, "localhost", "127.0.0.1", "[::1]")), host, port=port) as address:
        await _fill(data)
        async with serve(emulator.app) as api:
            print(f"Desk Inovasi, sandbox: open {address}  (Ctrl-C ends it)", flush=True)
            keeping = asyncio.create_task(bot.keep(api))
            await stop.wait()
            keeping.cancel()
            await asyncio.wait({keeping})
    await emulator.updates.close()
    return 0


async def _fill(data: Path) -> None:
    now = datetime.now(UTC)
    database = await Database.open(data / "desk.db")
    try:
        today = now.astimezone(ZONE).date()
        await database.run(lambda tx: fill(tx, now=now, today=today, crowd=people()))
    finally:
        await database.close()


class Bot:
    """The bot's process, started again whenever it dies."""

    def __init__(self, data: Path) -> None:
        """Keep its data in `data`."""
        self._data = data
        self._process: asyncio.subprocess.Process | None = None

    async def keep(self, api: str) -> None:
        """Keep the bot running until cancelled, then end it in order."""
        wait = RESTART_SECONDS
        try:
            while True:
                began = monotonic()
                self._process = await asyncio.create_subprocess_exec(
                    sys.executable,
                    "-m",
                    "bot",
                    "run",
                    env=self._environment(api),
                    cwd=self._data,
                    preexec_fn=_die_with_parent,
                )
                await self._process.wait()
                wait = RESTART_SECONDS if monotonic() - began > LONGEST_WAIT else min(wait * 2, LONGEST_WAIT)
                await asyncio.sleep(wait)
        finally:
            await self._end()

    def kill(self) -> None:
        """Kill the bot at once, as a power cut would."""
        if self._process is not None and self._process.returncode is None:
            self._process.kill()

    async def _end(self) -> None:
        if self._process is not None and self._process.returncode is None:
            with suppress(ProcessLookupError):
                self._process.terminate()
            await self._process.wait()

    def _environment(self, api: str) -> dict[str, str]:
        """The child sees nothing of the user's own settings."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("DESK_")}
        here = str(Path(__file__).resolve().parent.parent)
        return kept | {
            "PYTHONPATH": os.pathsep.join(filter(None, [here, kept.get("PYTHONPATH", "")])),
            "DESK_DATA_DIR": str(self._data),
            "DESK_TELEGRAM_TOKEN": TOKEN,
            "DESK_TELEGRAM_API_URL": api,
            "DESK_WEB_PORT": "0",
            "DESK_TELEGRAM_CHAT_RATE": "20",  # nobody should wait for a platform that is not there
            "DESK_TELEGRAM_CHAT_BURST": "20",
            "DESK_PERSON_RATE": "100000",
            "DESK_LINK_SECONDS": "0",  # there may be no network
            "DESK_LOG_LEVEL": "warning",
        }


def _die_with_parent() -> None:
    """On Linux the bot ends when the sandbox is killed; elsewhere it ends with the connection."""
    if sys.platform == "linux":
        parent_death_signal = 1  # PR_SET_PDEATHSIG
        ctypes.CDLL(None).prctl(parent_death_signal, signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(main())
