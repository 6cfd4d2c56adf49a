"""A process that draws pictures, so that neither the event loop nor the database waits; it ends when idle.

    python -m bot.attachments.drawing

It reads one JSON line for each drawing (what, args, path) and answers with one line; it ends with its input.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

from bot.child_process import end_with_parent
from bot.module_process import start_module

# what can be drawn, and by whom; imported when first asked for
DRAWERS = {"chart": "bot.attachments.chart:draw"}
IDLE_SECONDS = 60.0  # then the process ends; the next drawing starts another
DRAW_SECONDS = 30.0  # a drawing takes about a second, with the start of the process three


class CannotDraw(RuntimeError):
    """the drawing could not be made"""


class Draws(Protocol):
    """Who draws pictures."""

    async def draw(self, what: str, args: Mapping[str, Any], *, path: Path) -> None:
        """Draw into a file; raises CannotDraw."""

    async def close(self) -> None:
        """End what was started."""


class Drawing:
    """Starts the process when something is to be drawn, hands it one drawing at a time, and lets it go
    when idle.
    """

    def __init__(self, *, idle_seconds: float = IDLE_SECONDS, draw_seconds: float = DRAW_SECONDS) -> None:
        """Wait `idle_seconds` before the process ends, and `draw_seconds` for a drawing."""
        self._idle, self._patience = idle_seconds, draw_seconds
        self._lock = asyncio.Lock()
        self._process: asyncio.subprocess.Process | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._leaving: asyncio.Task[object] | None = None

    @property
    def running(self) -> bool:
        """Whether the process is there."""
        return self._process is not None and self._process.returncode is None

    @property
    def process_id(self) -> int | None:
        """The process that draws, while there is one."""
        return self._process.pid if self._process is not None else None

    async def draw(self, what: str, args: Mapping[str, Any], *, path: Path) -> None:
        """Draw into a file; raises CannotDraw."""
        async with self._lock:
            self._stay()
            try:
                answer = await asyncio.wait_for(
                    self._ask({"what": what, "args": args, "path": str(path)}), self._patience
                )
            except (OSError, TimeoutError, asyncio.CancelledError) as error:
                await self._end()  # what it says from now on would belong to another drawing
                if isinstance(error, asyncio.CancelledError):
                    raise
                raise CannotDraw(f"{what}: {type(error).__name__}") from error
            self._timer = asyncio.get_running_loop().call_later(self._idle, self._let_go)
        if answer != "ok":
            raise CannotDraw(f"{what}: {answer}")

    async def _ask(self, order: Mapping[str, Any]) -> str:
        if not self.running:
            self._process = await start_module("bot.attachments.drawing", own_session=True)
        process = self._process
        assert process is not None
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps(order).encode() + b"\n")
        await process.stdin.drain()
        answer = await process.stdout.readline()
        if not answer:
            raise BrokenPipeError("the process ended")
        return answer.decode().strip()

    def _stay(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _let_go(self) -> None:
        """Close the input of the idle process; it ends by itself."""
        process, self._process = self._process, None
        if process is not None and process.stdin is not None:
            process.stdin.close()
            self._leaving = asyncio.create_task(process.communicate())

    async def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            if process.returncode is None:
                process.kill()
            await process.communicate()  # to the end of its pipes, or they outlive the loop
        if self._leaving is not None:
            await self._leaving
            self._leaving = None

    async def close(self) -> None:
        """End the process."""
        self._stay()
        await self._end()


def load_drawer(what: str) -> Callable[[Mapping[str, Any], Path], None]:
    """Import what draws a picture, by its name."""
    module, _, name = DRAWERS[what].partition(":")
    draw: Callable[[Mapping[str, Any], Path], None] = getattr(import_module(module), name)
    return draw


def main() -> None:
    """Draw what is asked for until the input ends."""
    end_with_parent()
    for line in sys.stdin:
        order = json.loads(line)
        try:
            load_drawer(order["what"])(order["args"], Path(order["path"]))
            answer = "ok"
        except Exception as error:
            # the next drawing may be drawable; who asked is told
            answer = f"{type(error).__name__}: {error}".replace("\n", " ")[:300]
        print(answer, flush=True)


if __name__ == "__main__":
    main()
