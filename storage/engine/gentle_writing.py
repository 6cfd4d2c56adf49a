"""Reads and writes large files beside a running bot: it wants the same disk and the same processor."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator
from time import sleep
from typing import Any, BinaryIO

PORTION_BYTES = 100_000  # that are let go to the disk at a time: a commit waits for at most as many
PORTION_PAUSE_SECONDS = 0.004  # behind each of them, longer behind one that came as a larger piece
PAUSE_SECONDS = 0.008  # at most, and behind each piece that is read

Pause = Callable[[float], object]  # for so many seconds


class GentleWriting:
    """Lets what somebody writes to a file go to the disk in portions, with a pause behind each.

    What lies in memory until the end goes out at once, and a commit behind it takes half as long again
    (`python -m bench.beside`).
    """

    def __init__(self, handle: int, *, pause: Pause = sleep) -> None:
        """`handle` is of the file, which somebody else may write to by another one."""
        self._handle, self._pause = handle, pause
        self._let_go = 0  # bytes

    def look(self) -> None:
        """Let go what was written since the last portion; called often while the file grows."""
        size = os.fstat(self._handle).st_size
        portion = size - self._let_go
        if portion < PORTION_BYTES:
            return
        if hasattr(os, "posix_fadvise"):
            # begins to write without waiting; what is on the disk already leaves the memory
            os.posix_fadvise(self._handle, self._let_go, 0, os.POSIX_FADV_DONTNEED)
        self._let_go = size
        self._pause(min(PAUSE_SECONDS, PORTION_PAUSE_SECONDS * portion / PORTION_BYTES))


class GentleSink(io.RawIOBase):
    """Writes to a file that is open, in portions."""

    def __init__(self, file: BinaryIO, *, pause: Pause = sleep) -> None:
        self._file = file
        self._writing = GentleWriting(file.fileno(), pause=pause)

    def write(self, piece: Any, /) -> int:
        written = self._file.write(piece)
        self._writing.look()
        return written


def copy_gently(source: BinaryIO, target: BinaryIO, *, chunk: int, pause: Pause = sleep) -> None:
    """Copy the rest of one file to another that is open, in pieces of so many bytes."""
    sink = GentleSink(target, pause=pause)
    while piece := source.read(chunk):
        sink.write(piece)


def read_gently(source: BinaryIO, *, chunk: int, pause: Pause = sleep) -> Iterator[bytes]:
    """Yield the rest of a file that is open in pieces of so many bytes, with a pause behind each."""
    while piece := source.read(chunk):
        yield piece
        pause(PAUSE_SECONDS)
