"""Writes the rows of a list that could not be taken as a workbook to correct; it lives only until it is
sent.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from bot.attachments.csv_guard import harmless

KEPT_SECONDS = 600.0  # for the same message tried again
PREFIX = "faulty-rows-"
# of the columns, in characters
NUMBER_WIDTH = 8
REASON_WIDTH = 70
WIDTH = 24


class FaultyRows:
    """Makes the files; `folder` is shared with other makers, ours begin with PREFIX."""

    def __init__(self, *, folder: Path, new_name: Callable[[], str]) -> None:
        """Take away what an earlier process left."""
        self._folder, self._new_name = folder, new_name
        for left in folder.glob(f"{PREFIX}*"):
            left.unlink(missing_ok=True)

    async def make(self, args: Mapping[str, Any]) -> Path:
        """Write one; `args` are the headings and the rows, as they came, each with its number and what is
        wrong.
        """
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = self._folder / f"{PREFIX}{self._new_name()}.xlsx"
        path.touch(mode=0o600)
        await asyncio.to_thread(_write, path, args["head"], args["rows"])
        asyncio.get_running_loop().call_later(KEPT_SECONDS, partial(path.unlink, missing_ok=True))
        return path


def _write(path: Path, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Write every cell as text: a phone number keeps its nought, a formula stays what was typed."""
    from xlsxwriter import Workbook  # half as long as the rest of the start together

    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(str(path), options) as book:
        sheet, text = book.add_worksheet("Perbaiki"), book.add_format({"num_format": "@"})
        sheet.set_column(0, 0, NUMBER_WIDTH)
        sheet.set_column(1, 1, REASON_WIDTH, book.add_format({"text_wrap": True}))
        sheet.set_column(2, 1 + len(head), WIDTH, text)
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, head, book.add_format({"bold": True}))
        for number, row in enumerate(rows, 1):
            for place, cell in enumerate(row):
                sheet.write_string(number, place, str(harmless(cell)), text)
