"""Reads the cells of an .xlsx workbook, of either edition of the standard (ECMA-376, ISO/IEC 29500 Strict).

Only what a list needs is opened: names and order of the sheets, the shared texts, the cells. Formulas are
never computed, formats are not looked at, empty cells are not kept; the elements go by their names, whatever
the namespace.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from xml.etree.ElementTree import Element, iterparse

from bot.lists.limits import (
    MOST_ALL_BYTES,
    MOST_COLUMNS,
    MOST_ELEMENTS,
    MOST_LINES,
    MOST_PART_BYTES,
    MOST_PARTS,
    MOST_SHEETS,
)
from domain.importing.headings import MOST_ROWS
from domain.importing.list_sheets import Line, ListRefused, Sheet

_COLUMN = re.compile(r"[A-Z]{1,3}")


@dataclass(frozen=True, slots=True)
class _SheetEntry:
    """Where a sheet lies in the package."""

    name: str
    part: str
    hidden: bool


def read(path: Path) -> list[Sheet]:
    """Read every sheet of a workbook; raises ListRefused, and whatever a broken part makes a library
    raise.
    """
    with zipfile.ZipFile(path) as package:
        _check_sizes(package)
        texts = _read_shared_texts(package)
        return [_read_sheet(package, entry, texts=texts) for entry in _list_sheets(package)[:MOST_SHEETS]]


def _check_sizes(package: zipfile.ZipFile) -> None:
    """Look at the sizes before anything is unpacked; no part yields more than its entry says."""
    entries = package.infolist()
    sizes = [entry.file_size for entry in entries if entry.filename.casefold().endswith((".xml", ".rels"))]
    if len(entries) > MOST_PARTS or max(sizes, default=0) > MOST_PART_BYTES or sum(sizes) > MOST_ALL_BYTES:
        raise ListRefused("too_much_inside")
    if any(entry.flag_bits & 1 for entry in entries):
        raise ListRefused("locked")


def _list_sheets(package: zipfile.ZipFile) -> list[_SheetEntry]:
    """List the sheets in their order."""
    main = next(
        (
            target
            for kind, target in _list_relations(package, "_rels/.rels", folder="")
            if kind == "officeDocument"
        ),
        "xl/workbook.xml",
    )
    folder, name = posixpath.split(main)
    parts = dict(_list_worksheets(package, f"{folder}/_rels/{name}.rels", folder=folder))
    entries = []
    with package.open(main) as opened:
        for element in _walk_elements(opened, "sheet"):
            number = next(
                (value for key, value in element.attrib.items() if _strip_namespace(key) == "id"), ""
            )
            hidden = element.get("state", "visible") != "visible"
            if number in parts:
                entries.append(_SheetEntry(element.get("name", ""), parts[number], hidden))
    return entries


def _list_relations(package: zipfile.ZipFile, part: str, *, folder: str) -> Iterator[tuple[str, str]]:
    """List kind and target of a part's relations."""
    with package.open(part) as opened:
        for element in _walk_elements(opened, "Relationship"):
            yield element.get("Type", "").rpartition("/")[2], _find_target(folder, element.get("Target", ""))


def _list_worksheets(package: zipfile.ZipFile, part: str, *, folder: str) -> Iterator[tuple[str, str]]:
    """List id and target of the relations that lead to worksheets."""
    with package.open(part) as opened:
        for element in _walk_elements(opened, "Relationship"):
            if element.get("Type", "").endswith("/worksheet"):
                yield element.get("Id", ""), _find_target(folder, element.get("Target", ""))


def _find_target(folder: str, target: str) -> str:
    return (
        target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
    )


def _read_shared_texts(package: zipfile.ZipFile) -> list[str]:
    part = next((name for name in package.namelist() if name.casefold().endswith("sharedstrings.xml")), "")
    if not part:
        return []
    with package.open(part) as opened:
        return [_join_runs(element) for element in _walk_elements(opened, "si")]


def _read_sheet(package: zipfile.ZipFile, entry: _SheetEntry, *, texts: list[str]) -> Sheet:
    """Read the rows of a sheet that hold anything, each as wide as the widest."""
    rows: list[tuple[int, dict[int, str], bool]] = []
    number = 0
    with package.open(entry.part) as opened:
        for row in _walk_elements(opened, "row"):
            number = int(row.get("r") or number + 1)
            if cells := _read_cells(row, texts):
                rows.append((number, cells, row.get("hidden") in ("1", "true")))
            if max(cells, default=0) >= MOST_COLUMNS:
                raise ListRefused("too_many_columns", row=number, most=MOST_COLUMNS)
            if len(rows) > MOST_LINES:
                raise ListRefused("too_many_rows", most=MOST_ROWS)
    width = 1 + max((max(cells) for _, cells, _ in rows), default=0)
    lines = tuple(
        Line(number, tuple(cells.get(column, "") for column in range(width)), hidden=hidden)
        for number, cells, hidden in rows
    )
    return Sheet(entry.name, lines, entry.hidden)


def _read_cells(row: Element, texts: list[str]) -> dict[int, str]:
    """Read the cells of a row that hold anything, by their column."""
    cells: dict[int, str] = {}
    column = -1
    for cell in row:
        if _strip_namespace(cell.tag) != "c":
            continue
        named = _COLUMN.match(cell.get("r", ""))
        column = _count_column(named[0]) if named else column + 1
        if (value := _read_value(cell, texts)).strip():
            cells[column] = value
    return cells


def _count_column(name: str) -> int:
    """Count a column from its name: A is 0, AA is 26."""
    number = 0
    for char in name:
        number = number * 26 + ord(char) - 64
    return number - 1


def _read_value(cell: Element, texts: list[str]) -> str:
    """Read a cell as text; a formula as "=" and what was typed."""
    inside = {_strip_namespace(child.tag): child for child in cell}
    if "f" in inside:
        return f"={inside['f'].text or ''}"
    if "is" in inside:
        return _join_runs(inside["is"])
    value = (inside["v"].text or "") if "v" in inside else ""
    kind = cell.get("t", "n")
    if kind == "s" and value:
        return texts[int(value)]
    return _write_figure(value) if kind == "n" else value


def _write_figure(value: str) -> str:
    """Write a figure as a person would: a phone number that was typed as one has no exponent and no point."""
    try:
        number = float(value)
    except ValueError:
        return value
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else value


def _join_runs(element: Element) -> str:
    """Join the runs of a text; how it is read aloud is left out."""
    parts = []
    for child in element:
        name = _strip_namespace(child.tag)
        if name == "t":
            parts.append(child.text or "")
        elif name == "r":
            parts += [run.text or "" for run in child if _strip_namespace(run.tag) == "t"]
    return "".join(parts)


def _walk_elements(opened: IO[bytes], name: str) -> Iterator[Element]:
    """Go through the elements of a name and let each go, so that a long part takes no memory."""
    above: list[Element] = []
    for count, (event, element) in enumerate(iterparse(opened, events=("start", "end"))):
        if count > 2 * MOST_ELEMENTS:
            raise ListRefused("too_much_inside")
        if event == "start":
            above.append(element)
            continue
        above.pop()
        if _strip_namespace(element.tag) == name:
            yield element
            element.clear()
            if above:
                above[-1].remove(element)


def _strip_namespace(tag: str) -> str:
    return tag.rpartition("}")[2]
