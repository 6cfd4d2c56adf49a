"""Text as paper can show it: every character a person can type, and a sign where there is none to show."""

from __future__ import annotations

import unicodedata
from collections.abc import Container

SIGN = "\N{REPLACEMENT CHARACTER}"
_INVISIBLE = frozenset({"Cc", "Cf"})  # control and format characters
_LINE_BREAKS = frozenset("\n\v\f\r\x85\u2028\u2029")


def printable(text: str, *, code_points: Container[int]) -> str:
    """Keep what the fonts have (`code_points`) and put a sign for the rest; every break of
    lines is one.
    """
    return "".join(_make_printable(char, code_points) for char in text.replace("\r\n", "\n"))


def _make_printable(char: str, code_points: Container[int]) -> str:
    if char in _LINE_BREAKS:
        return "\n"
    if char == "\t":
        return " "
    if unicodedata.category(char) in _INVISIBLE:
        return ""
    return char if ord(char) in code_points else SIGN
