"""Runs one bot from its start to its end: until a signal comes or a part of it dies."""

from __future__ import annotations

import asyncio
import gc
import signal
import sys
from collections.abc import Awaitable, Callable
from datetime import datetime

from bot.app import App
from bot.config import Settings
from bot.running import running
from bot.startup import utc_now

GARBAGE_LOOKS = 10_000, 5, 5  # at so many new objects, then at every fifth look also among older ones
SETTLED_SECONDS = 1.0  # after the start: by then everything that comes later is loaded too
_SIGNALS = (signal.SIGINT, signal.SIGTERM)  # that end a run
Beside = Callable[[App], Awaitable[None]]


def run(settings: Settings, *, clock: Callable[[], datetime] = utc_now, beside: Beside | None = None) -> int:
    """Run a bot until it ends; `beside` runs along with it.

    Whoever runs a bot for real leaves the clock alone: it is the machine's.
    """
    gc.disable()  # until the start is over: what is loaded meanwhile stays for good
    return _make_runner().run(_run_until_ended(settings, clock=clock, beside=beside))


def _make_runner() -> asyncio.Runner:
    """Make the loop's runner: uvloop where there is one, a third less CPU a turn (`bench/turns.py`)."""
    if sys.platform == "win32":
        return asyncio.Runner()
    import uvloop

    return asyncio.Runner(loop_factory=uvloop.new_event_loop)


async def _run_until_ended(
    settings: Settings, *, clock: Callable[[], datetime], beside: Beside | None
) -> int:
    """Run until a signal comes or a part dies; a signal also ends a start that waits for the platform."""
    loop = asyncio.get_running_loop()
    working = asyncio.ensure_future(_wait_until_ended(settings, clock=clock, beside=beside))
    stopped = False

    def stop(*_: object) -> None:
        nonlocal stopped
        if not stopped:  # Ctrl-C in the sandbox comes twice; the second must not cut the orderly end short
            stopped = True
            loop.call_soon_threadsafe(working.cancel)

    # not the loop's own way, by which they have their usual meaning again before the process is gone
    for number in _SIGNALS:
        signal.signal(number, stop)
    try:
        await working
    except asyncio.CancelledError:
        if not stopped:
            raise
    finally:
        for number in _SIGNALS:
            signal.signal(number, signal.SIG_IGN)
    return 0


async def _wait_until_ended(
    settings: Settings, *, clock: Callable[[], datetime], beside: Beside | None
) -> None:
    async with running(settings, clock=clock) as app:
        asyncio.get_running_loop().call_later(SETTLED_SECONDS, _collect_from_here)
        if beside is None:
            await app.ended()
            return
        helping = asyncio.ensure_future(beside(app))
        try:
            await app.ended()
        finally:
            helping.cancel()


def _collect_from_here() -> None:
    """Look for garbage again, but never among what the start has loaded: a twentieth less CPU at the
    start; and less often than is usual, as fifty people at once have more under way than is new between two
    looks: a twentieth less CPU a turn.
    """
    gc.freeze()
    gc.set_threshold(*GARBAGE_LOOKS)
    gc.enable()
