"""Files are inspected, lists opened, pictures drawn and exports made in this process: what a person is sent
is the same, and nothing waits for an interpreter to start.

Tests of the processes themselves use `bot.parts.APART`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from bot.attachments.drawing import load_drawer
from bot.exporting.process import make
from bot.exporting.queue import BrokeOff, Show
from bot.inbound.inspection import Inspection, inspect
from bot.inbound.pdf_text import read_letter
from bot.inbound.picture_copy import shrink
from bot.lists.list_file import sheets
from bot.parts import Helpers
from domain.message import LetterRead
from domain.reading.letter_text import read_letter_text
from storage.engine.database import read_beside
from storage.engine.site import site_from
from tests.kit.files import BEHIND


async def export(task: Mapping[str, Any], show: Show) -> Mapping[str, Any]:
    """Make an export; what fails has broken off, as its process would have."""

    def made() -> Mapping[str, Any]:
        with read_beside(site_from(task["database"])) as tx:
            return asdict(make(task, tx, progress=lambda at, of: None))

    try:
        return await asyncio.to_thread(made)
    except Exception as error:
        raise BrokeOff(repr(error)) from error


class InspectsHere:
    """Inspects in this process: the files of tests are their own."""

    async def inspect(self, path: Path, *, name: str, accepts: frozenset[str]) -> Inspection:
        return inspect(path, name=name, accepts=accepts)

    async def read_letter(self, path: Path, *, kind: str) -> LetterRead | None:
        """Read a PDF's own text; pixels are never read here, whatever is installed."""
        return read_letter(path) if kind == "pdf" else None

    async def shrink(self, path: Path, *, most_bytes: int) -> bytes | None:
        return shrink(path, most_bytes=most_bytes)

    async def close(self) -> None:
        """Have nothing to end."""


class InspectsScansHere(InspectsHere):
    """Reads off a picture the text that `scanned_photo` put behind it: no transcript waits for tesseract."""

    async def read_letter(self, path: Path, *, kind: str) -> LetterRead | None:
        """Read a PDF's own text, else what stands behind the picture."""
        letter = await super().read_letter(path, kind=kind)
        text = path.read_bytes().partition(BEHIND)[2].decode()
        scanned = read_letter_text(text) if text else None
        return letter or (replace(scanned, is_scanned=True) if scanned else None)


class DrawsHere:
    """Draws in this process."""

    async def draw(self, what: str, args: Mapping[str, Any], *, path: Path) -> None:
        """Draw into a file; raises what the drawer raises."""
        load_drawer(what)(args, path)

    async def close(self) -> None:
        """Have nothing to end."""


IN_PROCESS = Helpers(inspector=InspectsScansHere, drawing=DrawsHere, export=export, read_list=sheets)
