"""Number, date and subject of a letter in one message, in any order, with or without their words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from domain.reading.dates import read_date
from domain.reading.letters import PARTS, is_absent, letter_parts
from domain.reading.result import Understood

ABSENT = "-"  # a part the letter does not have
_PIECE = re.compile(r"[\n;]+|,(?=\s)")
_NUMBER = re.compile(
    r"[\w.()&]+(?:\s?[/-]\s?[\w.()&]+)+(?:\s+tahun\s+\d{4})?|\d+\s+tahun\s+\d{4}", re.IGNORECASE
)
_LEADING_DATE = re.compile(r"(\d{1,2}[\s/.-]+[A-Za-z0-9]{1,10}[\s/.-]+\d{4})\s+(\S.*)", re.DOTALL)
_ITS = re.compile(r"\b(nomor|nomer|tanggal|perihal|tentang)nya\b:?", re.IGNORECASE)
_WEEKDAY = re.compile(r"(?:senin|selasa|rabu|kamis|jum'?at|sabtu|minggu)", re.IGNORECASE)


def letter_said(text: str, *, today: date) -> dict[str, str]:
    """Find the parts a message gives; one given twice, differently, is left out. A date stays as typed.

    What is neither number nor date is the subject, where it comes first or goes on with one.
    """
    parts: dict[str, str] = {}
    twice: set[str] = set()
    last = ""
    if text.rstrip().endswith("?"):  # the person asks
        return {}
    for piece in _PIECE.split(_ITS.sub(r"\1", text)):
        for part, value in _name_parts(piece.strip(" \t.,"), last=last, today=today):
            if part == "subject" == last and "subject" in parts:
                parts["subject"] += f", {value}"
            elif parts.setdefault(part, value) != value:
                twice.add(part)
            last = part
    return {part: parts[part] for part in PARTS if part in parts and part not in twice}


def _name_parts(piece: str, *, last: str, today: date) -> Iterator[tuple[str, str]]:
    """Yield the parts of one piece of a message."""
    if not piece or _WEEKDAY.fullmatch(piece):
        return
    if is_absent(piece):
        yield next((part for part in ("date", "subject") if _names(part, piece)), "number"), ABSENT
    elif _is_date(piece, today):
        yield "date", piece
    elif _NUMBER.fullmatch(piece):
        yield "number", piece
    elif (named := letter_parts(piece, first="number")) and not (last == "subject" and _opens_plainly(piece)):
        for part, value in named.items():
            yield from _part_number(value, today=today) if part == "number" else ((part, value),)
    else:
        split = list(_part_number(piece, today=today))
        if len(split) > 1:
            yield from split
        elif any(map(str.isalpha, piece)):
            yield "subject", piece


def _names(part: str, piece: str) -> bool:
    return {"date": "tanggal", "subject": "perihal"}[part] in piece.casefold()


def _opens_plainly(piece: str) -> bool:
    """Whether a piece begins with no word of a part: it goes on with the subject before it."""
    return not letter_parts(f"{piece} x") or not re.match(
        r"(?:no|tang|tgl|tent|peri|hal|dat|ab|sub|num)", piece, re.I
    )


def _part_number(value: str, *, today: date) -> Iterator[tuple[str, str]]:
    """Yield a number, and the date and subject typed right behind it."""
    match = _NUMBER.match(value)
    if match is None or not (rest := value[match.end() :].strip(" ,")):
        yield "number", value
        return
    dated = _LEADING_DATE.fullmatch(rest)
    if _is_date(rest, today):
        yield from (("number", match[0]), ("date", rest))
    elif dated and _is_date(dated[1], today):
        yield from (("number", match[0]), ("date", dated[1]), ("subject", dated[2]))
    else:
        yield "number", value


def _is_date(text: str, today: date) -> bool:
    """Whether this is a day and nothing else; "188.45/12/2025" and "5/3" are rather numbers."""
    match read_date(text, today=today):
        case Understood(value=value, sure=True):
            return value.precision == "day"
    return False
