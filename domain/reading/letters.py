"""What people write of a letter: "Nomor 188.45/12/2025 tanggal 3 Maret 2025 tentang …" holds all three
parts.
"""

from __future__ import annotations

import itertools
import re
from functools import cache

from domain.reading.lexicon import lexicon

PARTS = ("number", "date", "subject")


def letter_parts(text: str, *, first: str = "") -> dict[str, str]:
    """Find the parts that stand behind their words; a part that was not named is not there.

    What stands before the first word is the part `first`, unless that one is named too.
    The subject comes last where it is not in a line of its own: titles of regulations hold the other words
    too.
    """
    parts: dict[str, str] = {}
    ends = [*_find_headings(text), ("", len(text), len(text))]
    has_heading, before = bool(ends[0][0]), text[: ends[0][1]]
    is_named = any(part == first for part, _, _ in ends)
    if first and has_heading and not is_named and any(c.isdigit() for c in before):
        ends.insert(0, (first, 0, 0))
    for (part, _, begins), (_, ends_at, _) in itertools.pairwise(ends):
        if value := text[begins:ends_at].strip(" \t\n,;:.-–—"):
            parts[part] = " ".join(value.split())
    return parts


def _find_headings(text: str) -> list[tuple[str, int, int]]:
    """Find the first word of each part, with where it begins and ends."""
    headings: list[tuple[str, int, int]] = []
    for match in _compile_heading().finditer(text):
        part = next(name for name in PARTS if match[name])
        in_subject = (
            bool(headings)
            and headings[-1][0] == "subject"
            and "\n" not in text[headings[-1][2] : match.start()]
        )
        if not in_subject and all(part != kind for kind, _, _ in headings):
            headings.append((part, match.start(), match.end()))
    return headings


@cache
def _compile_heading() -> re.Pattern[str]:
    words = lexicon()["letter"]
    kinds = "|".join(f"(?P<{part}>{'|'.join(words[part])})" for part in PARTS)
    return re.compile(rf"(?<![\w/.-])(?:{kinds})\b(?![/-])\s*(?:surat\b)?[ \t.:=]*", re.IGNORECASE)


def is_absent(text: str) -> bool:
    """Tell whether this says that a part is not there: "-", "tanpa nomor", "nomornya tidak ada"."""
    said = " ".join(text.casefold().strip(" .!").split()) or text.strip()
    return said in lexicon()["letter"]["absent"]
