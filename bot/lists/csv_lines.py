"""Reads text with separators, line by line: what stands in one line never swallows another."""

from __future__ import annotations

import csv
import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from dataclasses import replace
from functools import cache

from bot.lists.limits import MOST_COLUMNS, MOST_LINES
from domain.importing.headings import DEEPEST, MOST_ROWS, known
from domain.importing.list_sheets import Line, ListRefused, Sheet

SEPARATORS = (";", ",", "\t", "|")
LONGEST_LINE = 20_000  # characters
WIDE_CHARS_READ, WIDE_SHARE = (
    200,
    0.8,
)  # of a text that may be UTF-16: how many, and how many of them are ours
_NAMED = re.compile(r'"?sep=(.)"?[;,\t|]*', re.IGNORECASE)  # how a spreadsheet is told the separator


def read(raw: bytes, *, name: str) -> Sheet:
    """Read a file of text; raises ListRefused."""
    lines = re.split(r"\r\n|\n|\r", _decode(raw))
    named = _NAMED.fullmatch(lines[0].strip())
    first = 1 if named else 0
    separator = _choose_separator(lines[first:], named=named[1] if named else "")
    read_lines = []
    for number, line in enumerate(lines[first:], start=first + 1):
        cut = _narrow(_cut_line(number, line, separator=separator))
        if any(cell.strip() for cell in cut.cells):
            read_lines.append(cut)
        if len(read_lines) > MOST_LINES:
            raise ListRefused("too_many_rows", most=MOST_ROWS)
    return Sheet(name, tuple(read_lines))


def _decode(raw: bytes) -> str:
    """Take text for UTF-16 or UTF-8 by its mark or its content, else for the code page of older
    spreadsheets.
    """
    if raw.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return raw.decode("utf-16", errors="replace")
    if wide := _wide_encoding(raw):
        return raw.decode(wide, errors="replace")
    if b"\0" in raw:
        raise ListRefused("no_text")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def _wide_encoding(raw: bytes) -> str:
    """Name the UTF-16 of a text without its mark: every other byte of our characters is nought; ""
    for others.
    """
    head = raw[: 2 * WIDE_CHARS_READ]
    chars = len(head) // 2
    for encoding, noughts, others in (
        ("utf-16-le", head[1::2], head[::2]),
        ("utf-16-be", head[::2], head[1::2]),
    ):
        if chars and noughts.count(0) > WIDE_SHARE * chars and not others.count(0):
            return encoding
    return ""


def _choose_separator(lines: list[str], *, named: str) -> str:
    """Choose the separator by which a line is a heading: the one the file names, unless another makes one.

    Where none does, the one that stands most often.
    """
    top = [line for line in lines if line.strip()][:DEEPEST]

    def fits(separator: str) -> tuple[int, bool, int]:
        headings = max((known(_cut_line(0, line, separator=separator).cells) for line in top), default=0)
        return headings, separator == named, sum(line.count(separator) for line in top)

    return max(dict.fromkeys((*SEPARATORS, named) if named else SEPARATORS), key=fits)


@cache
def _compile_line(separator: str) -> re.Pattern[str]:
    """Make the pattern of a line in which every quotation mark has its place."""
    mark = re.escape(separator)
    cell = rf'(?:"(?:[^"]|"")*"|[^"{mark}]*)'
    return re.compile(rf"{cell}(?:{mark}{cell})*")


def _cut_line(number: int, line: str, *, separator: str) -> Line:
    """Cut one line into its cells; one that cannot be cut is a fault and stays whole."""
    if len(line) > LONGEST_LINE or not _compile_line(separator).fullmatch(line):
        return Line(number, (line[:LONGEST_LINE],), "quote")
    return Line(number, tuple(next(csv.reader([line], delimiter=separator), [])))


def _narrow(line: Line) -> Line:
    """Leave out empty cells far to the right; raises ListRefused where they hold anything."""
    if any(cell.strip() for cell in line.cells[MOST_COLUMNS:]):
        raise ListRefused("too_many_columns", row=line.number, most=MOST_COLUMNS)
    return replace(line, cells=line.cells[:MOST_COLUMNS])
