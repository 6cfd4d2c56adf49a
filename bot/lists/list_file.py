"""Reads a file to its sheets, by what it is and not by what its name says."""

from __future__ import annotations

from pathlib import Path

from bot.lists import csv_lines, workbook_lines
from bot.lists.limits import MOST_BYTES
from domain.importing.list_sheets import ListRefused, Sheet

ENDINGS = (".xlsx", ".csv", ".txt", ".tsv")
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


def sheets(path: Path, *, name: str) -> list[Sheet]:
    """Read a file that is called `name`; raises ListRefused."""
    ending = Path(name).suffix.casefold()
    if ending not in ENDINGS:
        raise ListRefused("file_kind", found=ending or "–")
    if path.stat().st_size > MOST_BYTES:
        raise ListRefused("too_big", most=MOST_BYTES // 1_000_000)
    with path.open("rb") as opened:
        head = opened.read(4)
    if head == _OLE:
        raise ListRefused("locked")
    if head != _ZIP and ending == ".xlsx":
        raise ListRefused("damaged")
    if head != _ZIP:
        return _leave_out_empty([csv_lines.read(path.read_bytes(), name=name)])
    try:
        return _leave_out_empty(workbook_lines.read(path))
    except (ListRefused, MemoryError):
        raise
    except Exception as error:  # the libraries raise whatever a broken part of the file makes them raise
        raise ListRefused("damaged") from error


def _leave_out_empty(every: list[Sheet]) -> list[Sheet]:
    """Leave out empty sheets; raises ListRefused where all are."""
    filled = [sheet for sheet in every if sheet.lines]
    if not filled:
        raise ListRefused("no_rows")
    return filled
