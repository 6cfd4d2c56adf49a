"""Finds the list in a file: the sheet and the line that carry its headings, which are data
(headings.toml).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

from domain.importing.list_sheets import Line, ListRefused, Sheet
from domain.people import OfficePost, Role
from domain.reading.result import tidy

DEEPEST = 30  # lines with content above and with the heading: titles, letterhead, instructions
MOST_ROWS = 2_000  # below the heading; one turn of a chat checks or writes them in some 0.3 seconds
_ENOUGH = 2  # known headings by which a line is one, though something is missing


class ListKind(StrEnum):
    """What a list is of."""

    CONTACTS = "contacts"
    OFFICES = "offices"


@dataclass(frozen=True, slots=True)
class Headings:
    """The headings of one kind of list."""

    columns: Mapping[str, str]  # heading, as `heading_key` writes it, to column
    needs: tuple[str, ...]
    documented: Mapping[str, str]  # column to its first heading


@dataclass(frozen=True, slots=True)
class Listing:
    """A list that was found: where its heading stands, and the lines below."""

    kind: ListKind
    sheet: str
    sheet_number: int
    sheets: int
    heading: Line
    lines: tuple[Line, ...]

    @property
    def positions(self) -> Mapping[str, int]:
        """Where each column stands."""
        return _find_positions(self.heading, headings(self.kind))[0]

    @property
    def hidden(self) -> tuple[int, ...]:
        """The numbers of the hidden lines."""
        return tuple(line.number for line in self.lines if line.hidden)

    def title(self, column: str) -> str:
        """Name a column as this list does."""
        position = self.positions.get(column)
        return column if position is None else " ".join(self.heading.cells[position].split())


def heading_key(said: str) -> str:
    """Write a heading without case, punctuation and line breaks."""
    return " ".join(re.sub(r"[\W_]", " ", tidy(said)).split())


@cache
def _load_data() -> dict[str, dict[str, dict[str, list[str]]]]:
    return tomllib.loads((files("domain") / "data" / "headings.toml").read_text("utf-8"))


@cache
def headings(kind: ListKind) -> Headings:
    """Read the headings of a kind of list; raises ValueError naming one that means two columns."""
    table = _load_data()[kind.value]
    columns: dict[str, str] = {}
    for column, known in table["columns"].items():
        for said in known:
            if (key := heading_key(said)) in columns and columns[key] != column:
                raise ValueError(f'headings.toml: {kind.value}: "{said}" means {columns[key]} and {column}')
            columns[key] = column
    documented = {column: known[0] for column, known in table["columns"].items()}
    return Headings(columns, tuple(table["needs"]), documented)


@cache
def roles() -> Mapping[str, Role]:
    """Read what people write for each role."""
    return {heading_key(said): Role(role) for role, known in _load_data()["roles"].items() for said in known}


@cache
def office_posts() -> Mapping[str, OfficePost]:
    """Read what people write for each post on the ladder of an office."""
    table = _load_data()["posts"]
    return {heading_key(said): OfficePost(post) for post, known in table.items() for said in known}


def known(cells: Iterable[str]) -> int:
    """Count the cells that are headings of any list."""
    keys = [heading_key(cell) for cell in cells]
    return max(sum(key in headings(kind).columns for key in keys) for kind in ListKind)


def find_list(sheets: Sequence[Sheet], kinds: Sequence[ListKind] = tuple(ListKind)) -> Listing:
    """Find the first list of these kinds, in a hidden sheet last; raises ListRefused saying what was
    found.
    """
    if listing := _find_listing(sheets, kinds):
        if len(listing.lines) > MOST_ROWS:
            raise ListRefused("too_many_rows", most=MOST_ROWS)
        return listing
    if other := _find_listing(sheets, tuple(ListKind)):
        raise ListRefused(f"is_{other.kind}", row=other.heading.number)
    visible_first = sorted(sheets, key=lambda sheet: sheet.hidden)
    raise _refuse_nearest(
        [(sheet, line, kind) for sheet in visible_first for line in sheet.lines[:DEEPEST] for kind in kinds]
    )


def _find_listing(sheets: Sequence[Sheet], kinds: Sequence[ListKind]) -> Listing | None:
    ordered = sorted(enumerate(sheets, start=1), key=lambda pair: pair[1].hidden)
    for number, sheet in ordered:
        for at, line in enumerate(sheet.lines[:DEEPEST]):
            for kind in kinds:
                positions, twice = _find_positions(line, headings(kind))
                if not twice and all(column in positions for column in headings(kind).needs):
                    return Listing(kind, sheet.name, number, len(sheets), line, sheet.lines[at + 1 :])
    return None


def _find_positions(line: Line, wanted: Headings) -> tuple[dict[str, int], tuple[str, str] | None]:
    """Find where each column stands, and two headings that mean the same."""
    positions: dict[str, int] = {}
    twice = None
    for position, cell in enumerate(line.cells):
        column = wanted.columns.get(heading_key(cell))
        if column in positions:
            twice = (line.cells[positions[column]], cell)
        elif column is not None:
            positions[column] = position
    return positions, twice


def _refuse_nearest(tried: Sequence[tuple[Sheet, Line, ListKind]]) -> ListRefused:
    """Say what is wrong with the line that is most like a heading."""
    ranked = sorted(
        tried, key=lambda tried_line: -len(_find_positions(tried_line[1], headings(tried_line[2]))[0])
    )
    if not ranked:
        return ListRefused("no_rows")
    sheet, line, kind = ranked[0]
    wanted = headings(kind)
    positions, twice = _find_positions(line, wanted)
    if len(positions) < _ENOUGH:
        first = ", ".join(cell for cell in sheet.lines[0].cells if cell.strip())[:100]
        return ListRefused("no_heading", found=first)
    if twice:
        return ListRefused("heading_twice", row=line.number, one=tidy(twice[0]), other=tidy(twice[1]))
    missing = ", ".join(wanted.documented[column] for column in wanted.needs if column not in positions)
    return ListRefused("heading_missing", row=line.number, missing=missing)
