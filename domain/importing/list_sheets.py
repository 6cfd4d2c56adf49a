"""What was read of a file: its sheets, and the lines that hold anything."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a sheet."""

    number: int  # as the spreadsheet shows it
    cells: tuple[str, ...]
    fault: str = ""  # "quote" where text could not be cut into cells, which is then one cell
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a workbook, or a whole file of text."""

    name: str
    lines: tuple[Line, ...]
    hidden: bool = False


class ListRefused(ValueError):
    """the file holds no list that can be read"""

    def __init__(self, reason: str, **params: str | int) -> None:
        """`reason` is the ending of a text key, with its parameters."""
        super().__init__(f"{reason} {params}" if params else reason)
        self.reason, self.params = reason, params


def sheets_json(sheets: Sequence[Sheet]) -> str:
    """Write sheets down, to be read by `sheets_from`."""
    written = [
        (sheet.name, sheet.hidden, [(n.number, n.cells, n.fault, n.hidden) for n in sheet.lines])
        for sheet in sheets
    ]
    return json.dumps(written, ensure_ascii=False, separators=(",", ":"))


def sheets_from(written: str) -> tuple[Sheet, ...]:
    """Read what `sheets_json` wrote."""
    return tuple(
        Sheet(name, tuple(Line(number, tuple(cells), *rest) for number, cells, *rest in lines), hidden)
        for name, hidden, lines in json.loads(written)
    )
