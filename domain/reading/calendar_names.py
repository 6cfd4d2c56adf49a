"""Finding months and weekdays by what people call them: old spellings, short forms, slips."""

from __future__ import annotations

from difflib import get_close_matches
from functools import cache

from domain.reading.lexicon import lexicon

NEAR = 0.75  # share of characters in common from which a slip is taken for a month; below "juni"/"juli"
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")


@cache
def _index_names(kind: str) -> dict[str, int]:
    return {name: number for number, entry in enumerate(lexicon()[kind]) for name in entry["read"]}


def months(word: str) -> tuple[tuple[int, ...], bool]:
    """List the months (1–12) a word can mean, best first, and tell whether it is a known spelling.

    Roman numerals, as on official letters, count as a slip: they are read back.
    """
    known = _index_names("month").get(word)
    if known is not None:
        return (known + 1,), True
    if word in _ROMAN:
        return (_ROMAN.index(word) + 1,), False
    if len(word) < 3:
        return (), False
    near = get_close_matches(word, _index_names("month"), n=6, cutoff=NEAR)
    return tuple(dict.fromkeys(_index_names("month")[name] + 1 for name in near))[:3], False


def weekday(word: str) -> int | None:
    """Find a weekday (Monday is 0) by one of its known spellings."""
    return _index_names("weekday").get(word)
