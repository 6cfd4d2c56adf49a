"""Writes rows of text as a workbook: what could not be taken, invitations; it lives only until it is sent."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from bot.attachments.csv_guard import harmless

KEPT_SECONDS = 600.0  # for the same message tried again
PREFIX = "text-sheet-"
SHEET = "Perbaiki"  # where the order names none: the rows of a list that could not be taken
WIDTHS = (8, 70)  # of the first columns, in characters, where the order says none
WIDTH = 24  # of the others


class TextSheets:
    """Makes the files; `folder` is shared with other makers, ours begin with PREFIX."""

    def __init__(self, *, folder: Path, new_name: Callable[[], str]) -> None:
        """Take away what an earlier process left."""
        self._folder, self._new_name = folder, new_name
        for left in folder.glob(f"{PREFIX}*"):
            left.unlink(missing_ok=True)

    async def make(self, args: Mapping[str, Any]) -> Path:
        """Write one; `args` are `head`, `rows`, and where they differ `sheet` and `widths` of its columns."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = self._folder / f"{PREFIX}{self._new_name()}.xlsx"
        path.touch(mode=0o600)
        await asyncio.to_thread(_write, path, args)
        asyncio.get_running_loop().call_later(KEPT_SECONDS, partial(path.unlink, missing_ok=True))
        return path


def _write(path: Path, args: Mapping[str, Any]) -> None:
    """Write every cell as text: a phone number keeps its nought, a formula stays what was typed."""
    from xlsxwriter import Workbook  # half as long as the rest of the start together

    head, widths = args["head"], args.get("widths", WIDTHS)
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(str(path), options) as book:
        sheet = book.add_worksheet(args.get("sheet", SHEET))
        text, wrapped = book.add_format({"num_format": "@"}), book.add_format({"text_wrap": True})
        sheet.set_column(0, max(len(head) - 1, 0), WIDTH, text)
        for column, width in enumerate(widths[: len(head)]):
            sheet.set_column(column, column, width, wrapped)
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, head, book.add_format({"bold": True}))
        for number, row in enumerate(args["rows"], 1):
            for column, cell in enumerate(row):
                sheet.write_string(number, column, str(harmless(cell)), text)
