"""Looks at a PDF with pypdf: whether it opens without a password, and what in it a reviewer should know
of.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

END = b"%%EOF"
PIECES_OF_END = b"%EO \t\r\n\0"  # what is left of the last line where a file is cut in it
OBJECTS = 20_000  # of one PDF that are looked at for what acts by itself
SCRIPT = "script"
LAUNCH = "launch"
EMBEDDED = "embedded"
NOT_ALL_READ = "not_all_read"
_ACTIONS = {"/JavaScript": SCRIPT, "/Launch": LAUNCH}
_KEYS = {"/JS": SCRIPT, "/EmbeddedFiles": EMBEDDED, "/EF": EMBEDDED}


def look_at_pdf(path: Path) -> tuple[str, tuple[str, ...]]:
    """Return the refusal ("", locked, damaged) and the findings of a PDF.

    A password of the owner alone locks nothing: every reader opens the file with an empty one.
    """
    from pypdf.errors import PyPdfError

    try:
        reader = open_pdf(path)
        if reader is None:
            return "locked", ()
        if not len(reader.pages):
            return "damaged", ()
        return "", tuple(sorted(set(_list_findings(reader))))
    except (
        PyPdfError,
        ValueError,
        TypeError,
        KeyError,
        IndexError,
        AttributeError,
        AssertionError,
        RecursionError,
    ):
        return "damaged", ()  # the library raises whatever a broken part makes it raise


def open_pdf(path: Path) -> Any:
    """Open a PDF for reading; None where it wants a password. Raises what the library raises."""
    from pypdf import PdfReader

    raw = path.read_bytes()
    if END not in raw:  # readers do without the last line, the library does not
        raw = raw.rstrip(PIECES_OF_END) + b"\n" + END + b"\n"
    reader = PdfReader(io.BytesIO(raw), strict=False)
    return None if reader.is_encrypted and not reader.decrypt("") else reader


def _list_findings(reader: Any) -> Iterator[str]:
    numbers = {(number, generation) for generation, objects in reader.xref.items() for number in objects}
    numbers |= {(number, 0) for number in reader.xref_objStm}
    if len(numbers) > OBJECTS:
        yield NOT_ALL_READ
    for number, generation in sorted(numbers)[:OBJECTS]:
        yield from _find_in_object(reader, number, generation=generation)


def _find_in_object(reader: Any, number: int, *, generation: int) -> Iterator[str]:
    from pypdf.generic import IndirectObject

    try:
        thing = reader.get_object(IndirectObject(number, generation, reader))
    except MemoryError:
        raise
    except Exception:  # one object that cannot be read: the page opens without it, a reviewer should know
        yield NOT_ALL_READ
        return
    yield from _find_in(thing)


def _find_in(thing: object, depth: int = 0) -> Iterator[str]:
    if depth > 20:
        return
    if isinstance(thing, dict):
        if (action := _ACTIONS.get(str(dict.get(thing, "/S")))) is not None:
            yield action
        yield from (finding for key, finding in _KEYS.items() if key in thing)
        for value in dict.values(thing):
            yield from _find_in(value, depth + 1)
    elif isinstance(thing, list):
        for value in list.__iter__(thing):
            yield from _find_in(value, depth + 1)
