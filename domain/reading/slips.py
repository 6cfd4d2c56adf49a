"""Slips of the finger: which words or phrases a text was most likely meant to be."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

SLIPS_FROM = 5  # characters: shorter words ("ya", "opd") must be typed whole
_ALLOWED = ((16, 3), (9, 2), (SLIPS_FROM, 1))  # slips in a text of at least so many characters
_DIGITS = re.compile(r"\d+")


def slips_allowed(chars: int) -> int:
    """How many characters may be wrong, missing, too many or swapped in a text of this length."""
    for least, slips in _ALLOWED:
        if chars >= least:
            return slips
    return 0


def nearest(said: str, spellings: Sequence[str]) -> list[str]:
    """List the spellings that a text is a slip of, those with the fewest slips; both are folded already.

    Numbers are never slips of each other.
    """
    allowed = slips_allowed(len(said))
    if not allowed:
        return []
    near = extract(said, spellings, scorer=OSA.distance, score_cutoff=allowed, limit=None)
    if not near:
        return []  # as of nearly every text
    digits = _DIGITS.findall(said)
    fitting = [
        (slips, spelling)
        for spelling, slips, _ in near
        if len(spelling) >= SLIPS_FROM and _DIGITS.findall(spelling) == digits
    ]
    fewest = min((slips for slips, _ in fitting), default=0)
    return [spelling for slips, spelling in fitting if slips == fewest]


Parted = Mapping[tuple[int, tuple[str, ...]], Sequence[str]]  # spellings by their length and their numbers


def part_spellings(spellings: Iterable[str]) -> Parted:
    """Part spellings that many texts are held against, for `nearest_of`."""
    parted: dict[tuple[int, tuple[str, ...]], list[str]] = {}
    for spelling in spellings:
        parted.setdefault((len(spelling), tuple(_DIGITS.findall(spelling))), []).append(spelling)
    return parted


def nearest_of(said: str, parted: Parted) -> list[str]:
    """List what `nearest` lists of them: a slip changes a length by one at most, and no number."""
    slips, numbers = slips_allowed(len(said)), tuple(_DIGITS.findall(said))
    lengths = range(len(said) - slips, len(said) + slips + 1)
    candidates = [spelling for length in lengths for spelling in parted.get((length, numbers), ())]
    return nearest(said, candidates) if candidates else []
