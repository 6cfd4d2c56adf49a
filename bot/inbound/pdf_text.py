"""Reads what a PDF says of itself as a letter: the own text of its first pages, with pypdf; nothing runs."""

from __future__ import annotations

from pathlib import Path

from bot.inbound.pdf_look import open_pdf
from domain.message import LetterRead
from domain.reading.letter_text import read_letter_text

PAGES = 5  # a decree is signed within these
CHARS = 20_000  # of all their text


def read_letter(path: Path) -> LetterRead | None:
    """Read number, date and subject; None where there is no text, or none that can be read."""
    try:
        return read_letter_text(_read_text(path))
    except MemoryError:
        raise
    except Exception:  # the library raises whatever a broken part makes it raise: nothing is proposed then
        return None


def _read_text(path: Path) -> str:
    reader = open_pdf(path)
    pages = []
    length = 0
    if reader is None:
        return ""
    for number in range(min(PAGES, len(reader.pages))):
        text = str(reader.pages[number].extract_text())[: CHARS - length]
        pages.append(text)
        length += len(text)
        if length >= CHARS:
            break
    return "\n".join(pages)
