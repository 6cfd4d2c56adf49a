"""Links that lie behind words of an announcement: `[words](address)` in its text, whoever typed it.

What is shown keeps words and address apart by marks; without the marks it reads "words (address)".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from domain.message import LINK_OFF, LINK_ON, LINK_TO

LINKED = re.compile(r"\[([^\[\]\n]{1,200})\]\(([A-Za-z][A-Za-z0-9+.-]*:[^\s()]{1,2000})\)")


@dataclass(frozen=True, slots=True)
class LinkedWords:
    """Words, and the address behind them."""

    words: str
    address: str

    def marked(self) -> str:
        """Write it with marks, as a channel reads it."""
        return f"{LINK_ON}{self.words}{LINK_TO} ({self.address}){LINK_OFF}"


def note_links(text: str, spans: Sequence[tuple[int, int, str]]) -> str:
    """Write the address behind each span of a text, from and to in UTF-16 units, as it is kept."""
    units = text.encode("utf-16-le", "surrogatepass")
    parts, last = [], 0
    for begins, ends, address in sorted(spans):
        if last <= begins < ends <= len(units) // 2:
            words = " ".join(_read_units(units, begins, ends).split())
            parts += [_read_units(units, last, begins), _write(words, address)]
            last = ends
    return "".join((*parts, _read_units(units, last, len(units) // 2)))


def _read_units(units: bytes, begins: int, ends: int) -> str:
    return units[2 * begins : 2 * ends].decode("utf-16-le", "replace")


def _write(words: str, address: str) -> str:
    """Keep brackets of words and address from ending them early."""
    shown = words.replace("[", "(").replace("]", ")")
    return f"[{shown}]({address.replace('(', '%28').replace(')', '%29')})"


def linked_words(text: str) -> tuple[LinkedWords, ...]:
    """Find the links behind words of a text, in their order."""
    return tuple(LinkedWords(match[1], match[2]) for match in LINKED.finditer(text))
