"""Whether a text reads as the rest of the one sent a moment before it."""

from __future__ import annotations

from functools import cache

from domain.reading.lexicon import lexicon

OPENING = '(-–—,;:&/+"“'  # signs a rest begins with
OPEN_END = "-–—,;:&/+("  # signs a text ends with that has a rest


def goes_on(text: str, more: str) -> bool:
    """Whether `more` goes on with `text`: it begins with a linking word or sign, `text` ends with one, or it
    is written as names are, with two capitals or more.

    Any other text that fits nowhere is a choice somebody meant, not the rest of a name.
    """
    begun, rest = text.split(), more.split()
    if not begun or len(rest) < 2:
        return bool(begun and rest) and begun[-1][-1] in OPEN_END
    links = _read_links()
    begins = rest[0][0] in OPENING or rest[0].casefold() in links["begins"]
    ends = begun[-1][-1] in OPEN_END or begun[-1].casefold() in links["ends"]
    return begins or ends or sum(word[0].isupper() for word in rest) > 1


@cache
def _read_links() -> dict[str, frozenset[str]]:
    return {name: frozenset(words) for name, words in lexicon()["continuation"].items()}
