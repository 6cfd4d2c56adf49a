"""The results of reading: understood, ambiguous, or not understood."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from domain.reading.clean_text import DASHES, clean

_TWICE = re.compile(r"\b(kira|rata)2(?=\s|$)")  # "kira2": a word said twice, as it is typed on phones

T = TypeVar("T")

MAX_CHARS = 200  # of a date, number or name; longer texts are something else and only cost time
UNREADABLE = "\ufffd"
_HALF = {ord("\u00bd"): " setengah "}


class Bound(StrEnum):
    """What a number was called instead of being said exactly."""

    NONE = ""
    ABOUT = "about"
    OVER = "over"  # more than it
    AT_LEAST = "at_least"
    UNDER = "under"  # less than it
    AT_MOST = "at_most"

    @property
    def limits(self) -> bool:
        """Whether it is a limit, and not an approximation."""
        return self not in (Bound.NONE, Bound.ABOUT)


@dataclass(frozen=True, slots=True)
class Understood(Generic[T]):
    """One reading. Not `sure`: the person must confirm it before it is stored."""

    value: T
    sure: bool
    said: str
    unit: str = ""  # what stood at a number: "percent", "rupiah", "orang" …
    per: str = ""  # what a number was said to be for each of: "tahun", "orang"
    bound: Bound = Bound.NONE


@dataclass(frozen=True, slots=True)
class Ambiguous(Generic[T]):
    """Up to three readings, best first, for the person to choose from."""

    candidates: tuple[T, ...]
    said: str


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """No reading; `reason` is the ending of a text key, such as "empty" or "year_missing"."""

    reason: str
    said: str


def tidy(text: str) -> str:
    """Fold case, widths, dashes, digits and white space, so that readers see one spelling.

    A digit that is no decimal, such as a raised 2, becomes UNREADABLE: joined to its neighbours it would
    be misread.
    """
    if text.isascii() and text.isprintable():  # nothing to fold but case and white space
        return _unfold_twice(" ".join(text.casefold().split()))
    text = clean(text).translate(DASHES).translate(_HALF)
    text = "".join(_write_plain_digit(character) for character in text)
    return _unfold_twice(" ".join(unicodedata.normalize("NFKC", text).casefold().split()))


def _unfold_twice(text: str) -> str:
    return _TWICE.sub(lambda match: f"{match[1]} {match[1]}", text)


def _write_plain_digit(character: str) -> str:
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    return UNREADABLE if character.isnumeric() and not character.isalpha() else character
