"""Text as paper can show it: every letter a person can type, and a sign where there is none to show."""

from __future__ import annotations

import unicodedata
from collections.abc import Container

SIGN = "\N{REPLACEMENT CHARACTER}"
_INVISIBLE = frozenset({"Cc", "Cf"})  # control and format characters
_LINE_BREAKS = frozenset("\n\v\f\r\x85\u2028\u2029")


def printable(text: str, *, letters: Container[int]) -> str:
    """Keep what the fonts have (`letters`, as code points) and put a sign for the rest; every break of
    lines is one.
    """
    return "".join(_make_printable(letter, letters) for letter in text.replace("\r\n", "\n"))


def _make_printable(letter: str, letters: Container[int]) -> str:
    if letter in _LINE_BREAKS:
        return "\n"
    if letter == "\t":
        return " "
    if unicodedata.category(letter) in _INVISIBLE:
        return ""
    return letter if ord(letter) in letters else SIGN
