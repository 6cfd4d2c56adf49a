"""The bot as a process of its own, started again whenever it dies, and asked to live moments of the clock."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import TypedDict

from bot.child_process import die_with_parent, environment_without_settings

# before a bot that died is started again; it grows when it dies at once
RESTART_SECONDS, LONGEST_WAIT = 0.5, 10.0
LOOPBACK = "127.0.0.1"
ANSWER_SECONDS = 20.0  # for a bot that is being started, and for the longest moment it lives


class BotAnswer(TypedDict, total=False):
    """One line of a bot's standard output, `sandbox/moved_bot.py`."""

    up: bool  # said once, unasked
    number: int  # of the question
    settled: bool  # whether nothing is left that may be done now
    next: str | None  # when the bot has something to do by itself, ISO 8601


class BotProcess:
    """Keeps one bot running."""

    def __init__(self, data: Path, *, settings: Mapping[str, str], listens: Callable[[str], None]) -> None:
        """Keep its data in `data`; `listens` is told the root of its web server, anew at each start.

        `settings` hold from the next start on.
        """
        self._data = data
        self.settings = settings
        self._listens = listens
        self._process: asyncio.subprocess.Process | None = None
        self._asking = asyncio.Lock()
        self._asked = 0
        self.up = asyncio.Event()
        self.starts = 0

    async def keep(self) -> None:
        """Keep the bot running until cancelled, then end it in order."""
        wait = RESTART_SECONDS
        try:
            while True:
                began, port = monotonic(), _free_port()
                self._process = await asyncio.create_subprocess_exec(
                    sys.executable,
                    "-m",
                    "sandbox.moved_bot",
                    env=self._make_environment(port),
                    cwd=self._data,
                    stdin=asyncio.subprocess.PIPE,
                    stdout=asyncio.subprocess.PIPE,
                    preexec_fn=_die_with_parent,
                )
                self.starts += 1
                self._listens(f"http://{LOOPBACK}:{port}")
                await self._watch(self._process)
                wait = RESTART_SECONDS if monotonic() - began > LONGEST_WAIT else min(wait * 2, LONGEST_WAIT)
                await asyncio.sleep(wait)
        finally:
            await self._end()

    async def _watch(self, process: asyncio.subprocess.Process) -> None:
        """Note when it is up, and return when it has ended."""
        if process.stdout is not None and await process.stdout.readline():
            self.up.set()
        await process.wait()
        self.up.clear()

    async def ask(self, what: str, *, seconds: float = ANSWER_SECONDS) -> BotAnswer | None:
        """Ask the bot, waiting for one that is just being started; None when there is no answer in time.

        A bot that dies meanwhile has answered nothing: whoever asks asks the next one.
        """
        try:
            async with self._asking, asyncio.timeout(seconds):
                await self.up.wait()
                return await self._exchange(what)
        except TimeoutError:
            return None
        except (ConnectionError, ValueError):
            self.up.clear()  # it has died, and the next one is not up yet
            return None

    async def _exchange(self, what: str) -> BotAnswer:
        """Ask once; raises ConnectionError where the bot dies over it. A late answer to an earlier question
        is passed over.
        """
        process = self._process
        if process is None or process.stdin is None or process.stdout is None:
            raise ConnectionError("there is no bot")
        self._asked += 1
        process.stdin.write(json.dumps({"ask": what, "number": self._asked}).encode() + b"\n")
        await process.stdin.drain()
        while line := await process.stdout.readline():
            answer: BotAnswer = json.loads(line)
            if answer.get("number") == self._asked:
                return answer
        raise ConnectionError("the bot has died")

    def kill(self) -> None:
        """Kill the bot at once, as a power cut would."""
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            self.up.clear()  # whoever asks from now on waits for the next one

    async def gone(self) -> None:
        """Wait until a bot that was killed is known to have ended."""
        if self._process is not None:
            await self._process.wait()
            self.up.clear()

    async def _end(self) -> None:
        if self._process is not None and self._process.returncode is None:
            with suppress(ProcessLookupError):
                self._process.terminate()
            await self._process.wait()

    def _make_environment(self, port: int) -> dict[str, str]:
        """The child sees nothing of the user's own settings."""
        kept = environment_without_settings()
        project = str(Path(__file__).resolve().parent.parent)
        return {
            **kept,
            "PYTHONPATH": os.pathsep.join(filter(None, [project, kept.get("PYTHONPATH", "")])),
            "DESK_DATA_DIR": str(self._data),
            "DESK_WEB_PORT": str(port),
            "DESK_METRICS_PORT": "0",
            **self.settings,
        }


def _free_port() -> int:
    """Find a port nobody listens at; if somebody takes it first, the bot ends and the next one is tried."""
    with socket.socket() as free:
        free.bind((LOOPBACK, 0))
        return int(free.getsockname()[1])


def _die_with_parent() -> None:
    """On Linux the bot ends when the sandbox is killed; elsewhere it ends with the connection."""
    die_with_parent()
