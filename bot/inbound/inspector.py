"""Has files inspected by processes of their own: several at once, each with limits of time and memory."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from bot.inbound.inspection import Inspection
from bot.inbound.inspection_process import READY
from bot.inbound.picture_copy import COPY_BYTES
from bot.inbound.scan_text import is_installed
from bot.module_process import start_module
from domain.message import LetterRead

AT_ONCE = 2  # processes; each has about 40 MB when it is warm
FILE_SECONDS = 30.0  # for one file, its process being ready
TEXT_SECONDS = 10.0  # for the text of one file; past them it is taken without
SCAN_SECONDS = 60.0  # for the pixels of one file: up to three pages, each read twice
ANSWER_BYTES = 2 * COPY_BYTES  # of one line a process answers with: a copy of a picture in base64
START_SECONDS = 60.0  # it takes half a second, on a busy machine several
CPU_SECONDS = 15  # for one file; a PDF of 20 MB takes about one
MEMORY_BYTES = 1_000_000_000  # of address space of a process; libraries and a PDF of 20 MB take about a third
IDLE_SECONDS = 60.0  # then a process ends; the next file starts another


class _Died(Exception):
    """the process did not survive a file"""


class Inspects(Protocol):
    """Who tells what a file is."""

    async def inspect(self, path: Path, *, name: str, accepts: frozenset[str]) -> Inspection:
        """Tell its kind by content, its refusal and its findings."""

    async def read_letter(self, path: Path, *, kind: str) -> LetterRead | None:
        """Read what a PDF or picture that was inspected says of itself as a letter; None where it cannot be
        read.
        """

    async def shrink(self, path: Path, *, most_bytes: int) -> bytes | None:
        """Make a copy of a picture that was inspected, of at most so many bytes; None where none is made."""

    async def close(self) -> None:
        """End what was started."""


class Inspector:
    """Keeps processes warm while files come; one that a file kills is started anew for the next."""

    def __init__(
        self,
        *,
        at_once: int = AT_ONCE,
        seconds: float = FILE_SECONDS,
        idle: float = IDLE_SECONDS,
        cpu_seconds: int = CPU_SECONDS,
        memory_bytes: int = MEMORY_BYTES,
    ) -> None:
        """`seconds` bound one file, `cpu_seconds` its work, `memory_bytes` its process; a process that had
        nothing to do for `idle` seconds ends.
        """
        self._permits = asyncio.Semaphore(at_once)
        self._scanning = asyncio.Semaphore(1)
        self._seconds = seconds
        self._idle = idle
        self._limits = (str(cpu_seconds), str(memory_bytes))
        self._warm: list[asyncio.subprocess.Process] = []
        self._busy: set[asyncio.subprocess.Process] = set()
        self._timer: asyncio.TimerHandle | None = None

    async def inspect(self, path: Path, *, name: str, accepts: frozenset[str]) -> Inspection:
        """Tell what a file is; one that its process does not survive is a bomb. Raises OSError when none
        starts.
        """
        try:
            answer = await self._ask({"path": str(path.absolute()), "name": name, "accepts": sorted(accepts)})
            return Inspection(answer["kind"], answer["refusal"], tuple(answer["findings"]))
        except _Died:
            return Inspection("", "bomb")

    async def read_letter(self, path: Path, *, kind: str) -> LetterRead | None:
        """Read a letter's own text, else its pixels where tesseract is installed; what takes its process too
        much is left unread.

        Pixels are read one file at a time, so that they never keep both processes from the files of others.
        """
        order = {"path": str(path.absolute())}
        if kind == "pdf" and (letter := await self._read(order, seconds=TEXT_SECONDS)):
            return letter
        if not await asyncio.to_thread(is_installed):
            return None
        async with self._scanning:
            return await self._read({**order, "scan": kind}, seconds=SCAN_SECONDS)

    async def shrink(self, path: Path, *, most_bytes: int) -> bytes | None:
        """Make a smaller copy of a picture; one that takes its process too much has none."""
        try:
            answer = await self._ask({"path": str(path.absolute()), "most_bytes": most_bytes})
            return base64.b64decode(answer["copy"]) if answer else None
        except (_Died, OSError, KeyError):  # without a copy the person is told the limit
            return None

    async def _read(self, order: Mapping[str, Any], *, seconds: float) -> LetterRead | None:
        try:
            answer = await self._ask(order, seconds=seconds)
            return LetterRead(**answer) if answer else None
        except (_Died, OSError, TypeError):  # without a proposal the person types it
            return None

    async def _ask(self, order: Mapping[str, Any], *, seconds: float | None = None) -> Any:
        """Have a process answer one order; raises _Died when it does not survive it, OSError when none
        starts.
        """
        async with self._permits:
            process = self._take() or await _start(self._limits)
            self._busy.add(process)
            try:
                answer = await asyncio.wait_for(_exchange(process, order), seconds or self._seconds)
            except (TimeoutError, BrokenPipeError, ConnectionResetError, ValueError) as error:
                raise _Died from error
            else:
                self._keep(process)
                return answer
            finally:
                self._busy.discard(process)
                if process not in self._warm:
                    await _end(process)

    def _take(self) -> asyncio.subprocess.Process | None:
        """Take a warm process; one that died in the meantime is let go."""
        while self._warm:
            process = self._warm.pop()
            if process.returncode is None:
                return process
        return None

    def _keep(self, process: asyncio.subprocess.Process) -> None:
        self._warm.append(process)
        if self._timer is not None:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(self._idle, self._let_go)

    def _let_go(self) -> None:
        """Close the input of idle processes; they end by themselves."""
        for process in self._warm:
            if process.stdin is not None:
                process.stdin.close()
        self._warm.clear()

    async def close(self) -> None:
        """End every process."""
        if self._timer is not None:
            self._timer.cancel()
        for process in [*self._warm, *self._busy]:
            await _end(process)
        self._warm.clear()


async def _start(limits: tuple[str, str]) -> asyncio.subprocess.Process:
    """Start a process, ready for its first file; raises OSError where it cannot: no file is to blame."""
    process = await start_module(
        "bot.inbound.inspection_process", *limits,
        errors=asyncio.subprocess.DEVNULL, own_session=True, line_bytes=ANSWER_BYTES,
    )  # fmt: skip
    try:
        async with asyncio.timeout(START_SECONDS):
            said = await process.stdout.readline() if process.stdout is not None else b""
    except BaseException:
        await _end(process)
        raise
    if said.strip() != READY.encode():
        await _end(process)
        raise OSError("the process that inspects files did not start")
    return process


async def _exchange(process: asyncio.subprocess.Process, order: Mapping[str, Any]) -> Any:
    if process.stdin is None or process.stdout is None:
        raise BrokenPipeError("the process has no pipes")
    process.stdin.write(json.dumps(order).encode() + b"\n")
    await process.stdin.drain()
    return json.loads(await process.stdout.readline())  # nothing when it ended: ValueError


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.kill()
    await process.communicate()  # to the end of its pipes, or they outlive the loop
