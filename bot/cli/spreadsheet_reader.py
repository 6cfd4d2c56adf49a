"""Reads the rows of a spreadsheet somebody else made: .xlsx or .csv, behind a gate for size and shape."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

MOST_BYTES = 5_000_000  # of the file
MOST_UNPACKED = 60_000_000  # bytes of what an .xlsx holds
MOST_ROWS, MOST_COLUMNS = 5_000, 40
DELIMITERS = (";", ",", "\t")

Row = tuple[int, list[str]]  # its number as the spreadsheet shows it, its cells as text


class SheetRefused(ValueError):
    """the file cannot be read as a list"""


def rows(path: Path) -> list[Row]:
    """Read every row that holds anything, the heading first; raises SheetRefused with one sentence."""
    kind = path.suffix.casefold()
    if kind not in (".xlsx", ".csv"):
        raise SheetRefused(f'{path.name}: found the kind "{kind or "none"}", expected .xlsx or .csv')
    try:
        size = path.stat().st_size
    except OSError as error:
        raise SheetRefused(f"{path}: {error.strerror}") from error
    if size > MOST_BYTES:
        raise SheetRefused(f"{path.name}: found {size} bytes, expected at most {MOST_BYTES}")
    read = _workbook(path) if kind == ".xlsx" else _csv(path)
    found = []
    for number, cells in read:
        if number > MOST_ROWS or len(cells) > MOST_COLUMNS:
            raise SheetRefused(f"{path.name}: expected at most {MOST_ROWS} rows and {MOST_COLUMNS} columns")
        if any(cell.strip() for cell in cells):
            found.append((number, cells))
    if not found:
        raise SheetRefused(f"{path.name}: found no rows, expected a heading and at least one row")
    return found


def _workbook(path: Path) -> Iterator[Row]:
    """Read the first sheet cell by cell; formulas come as they were typed, they are never computed."""
    _gate(path)
    import openpyxl

    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=False, keep_links=False)
        try:
            sheet = book.worksheets[0]
            sheet.reset_dimensions()  # what the file claims about its size is not believed
            for number, row in enumerate(sheet.iter_rows(), start=1):
                yield number, _trimmed([_text(cell.value) for cell in row])
                if number > MOST_ROWS:
                    return
        finally:
            book.close()
    except SheetRefused:
        raise
    except Exception as error:  # the library raises whatever a broken part of the file makes it raise
        raise SheetRefused(f"{path.name}: cannot be read as a workbook; save it anew as .xlsx or .csv") from error


def _gate(path: Path) -> None:
    """Look into the package before anything unpacks it."""
    try:
        with zipfile.ZipFile(path) as package:
            unpacked = sum(entry.file_size for entry in package.infolist())
    except (zipfile.BadZipFile, OSError) as error:
        raise SheetRefused(f"{path.name}: is no .xlsx workbook, or has a password") from error
    if unpacked > MOST_UNPACKED:
        raise SheetRefused(f"{path.name}: found {unpacked} bytes inside, expected at most {MOST_UNPACKED}")


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))  # a phone number that was typed as a figure
    text = getattr(value, "text", None)  # an array formula comes as an object of its own
    return f"={text.lstrip('=')}" if isinstance(text, str) else str(value)


def _trimmed(cells: list[str]) -> list[str]:
    """Leave out the empty cells behind the last one that holds anything."""
    while cells and not cells[-1].strip():
        cells.pop()
    return cells


def _csv(path: Path) -> Iterator[Row]:
    """Read text in UTF-8, with or without its mark, else in the code page of older spreadsheets."""
    raw = path.read_bytes()
    if b"\0" in raw:
        raise SheetRefused(f"{path.name}: is no text; save it as CSV UTF-8")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", errors="replace")
    first = text.lstrip().partition("\n")[0]
    delimiter = max(DELIMITERS, key=first.count)
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), start=1):
            yield number, _trimmed(cells)
    except csv.Error as error:
        raise SheetRefused(f"{path.name}: cannot be read as CSV: {error}") from error
