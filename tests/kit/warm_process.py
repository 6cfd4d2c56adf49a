"""Processes to be killed, divided off one that has imported the program: their start imports nothing.

How a process starts from nothing is tested in `tests/bot/test_main.py`, and measured by the benchmarks.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from functools import cache
from multiprocessing import get_context
from multiprocessing.context import ForkServerContext, ForkServerProcess

from bot.__main__ import main

# what a bot has loaded once it is up, and what tests let a desk do beside it
IMPORTED = [
    "bot.__main__",
    "bot.lifetime",
    "bot.running",
    "bot.channels.telegram.channel",
    "bot.channels.whatsapp.channel",
    "storage.engine.lease",
    "tests.kit.dying_desk",
]


class WarmProcess:
    """A process that runs one function, with what is asked of `subprocess.Popen` elsewhere."""

    def __init__(
        self, function: Callable[..., int], *arguments: object, environment: Mapping[str, str]
    ) -> None:
        """Start it; what `function` returns is its exit code. The function is one of a module's own."""
        whole = (function, arguments, dict(environment))
        self._process: ForkServerProcess = _context().Process(target=_run, args=whole, daemon=True)
        self._process.start()
        assert self._process.pid is not None
        self.pid = self._process.pid

    @property
    def returncode(self) -> int | None:
        """The exit code, a killed one's below 0; None while it runs."""
        return self._process.exitcode

    def poll(self) -> int | None:
        """Return the exit code; None while it runs."""
        return self._process.exitcode

    def wait(self) -> int | None:
        """Wait until it has ended; returns the exit code."""
        self._process.join()
        return self._process.exitcode

    def send_signal(self, number: signal.Signals) -> None:
        """Send a signal to it; nothing happens where it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it as a power cut would."""
        self.send_signal(signal.SIGKILL)


Process = subprocess.Popen[bytes] | WarmProcess


def start_run(environment: Mapping[str, str], *, is_cold: bool = False) -> Process:
    """Start `bot run`; cold from nothing, as whoever measures a start needs it."""
    if is_cold:
        return subprocess.Popen([sys.executable, "-m", "bot", "run"], env=environment)
    return WarmProcess(main, ["run"], environment=environment)


@cache
def _context() -> ForkServerContext:
    context = get_context("forkserver")
    context.set_forkserver_preload(IMPORTED)
    return context


def _run(function: Callable[..., int], arguments: tuple[object, ...], environment: dict[str, str]) -> None:
    os.environ.clear()
    os.environ.update(environment)
    sys.exit(function(*arguments))
