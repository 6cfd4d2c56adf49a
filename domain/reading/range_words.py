"""The words that stand between the two ends of a range: "1 Maret sampai 30 Juni"."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from domain.reading.lexicon import lexicon


@cache
def until() -> str:
    """Return the pattern of what leads to the second end, in small letters, without the signs."""
    return one_of(lexicon()["range"]["until"])


@cache
def either() -> str:
    """Return the pattern of what stands between two of which each may be meant."""
    between = lexicon()["enumeration"]
    return one_of((*between["and"], *between["or"]))


def one_of(phrases: Iterable[str]) -> str:
    """Return the pattern that takes any of these phrases, the longest first."""
    return "|".join(map(re.escape, sorted(phrases, key=len, reverse=True)))


def split_range(said: str) -> list[str]:
    """Cut a text wherever a word or a dash stands between two ends."""
    return re.split(rf"\s+(?:{until()}|[-–—])\s+", " ".join(said.split()), flags=re.IGNORECASE)
