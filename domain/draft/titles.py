"""Whether two titles name the same innovation: nearly the same characters, the same words in another order,
an acronym.
"""

from __future__ import annotations

import re

from rapidfuzz.fuzz import ratio

from domain.reading.lexicon import lexicon

NEARLY_SAME = 85.0  # percent of characters two titles have in common, from which we ask
SHORTEST_ACRONYM = 3  # characters
LONG_ACRONYM = 6  # characters from which a slip of the hand is forgiven
SLIP = 90.0  # percent
_NAMED = re.compile(
    r"\b[A-Z][A-Z0-9]{2,}\b|[\"“‘'(\[]\s*(\w[\w-]*)\s*[\"”’')\]]|^\s*([\w-]+)\s*(?:[:(–—]|\s-\s)"
)


def are_alike(title: str, other: str) -> bool:
    """Whether two titles are the same or nearly the same (F39)."""
    words, others = _split_words(title), _split_words(other)
    if not words or not others:
        return False
    if ratio("".join(words), "".join(others)) >= NEARLY_SAME:
        return True
    if _are_reordered(words, others):
        return True
    return _is_acronym_of(words, other) or _is_acronym_of(others, title)


def _are_reordered(words: list[str], others: list[str]) -> bool:
    """Tell whether two titles have the same words, each perhaps with a slip, whatever their order."""
    left = list(others)
    for word in words:
        near = next((other for other in left if ratio(word, other) >= NEARLY_SAME), None)
        if near is None:
            return False
        left.remove(near)
    return not left and len(words) > 1


def _split_words(title: str) -> list[str]:
    return re.findall(r"\w+", title.casefold())


def _is_acronym_of(words: list[str], title: str) -> bool:
    """Tell whether a title of one word is how another one is called, or made of its words."""
    if len(words) != 1 or len(words[0]) < SHORTEST_ACRONYM:
        return False
    short, named = (
        words[0],
        [next(filter(None, (*m.groups(), m[0]))).casefold() for m in _NAMED.finditer(title)],
    )
    if any(_are_same(short, initial) for initial in named):
        return True
    telling = [word for word in _split_words(title) if word not in lexicon()["title"]["small"]]
    return len(telling) >= SHORTEST_ACRONYM and _is_built_of(short, telling)


def _are_same(word: str, other: str) -> bool:
    return word == other or (min(len(word), len(other)) >= LONG_ACRONYM and ratio(word, other) >= SLIP)


def _is_built_of(short: str, words: list[str]) -> bool:
    """Tell whether beginnings of all the words, in order, make up the short one: SIMPEL, SIstem Manajemen
    PELayanan.
    """
    if not words:
        return not short
    first, *rest = words
    longest = min(len(first), len(short) - len(rest))
    return any(short[:n] == first[:n] and _is_built_of(short[n:], rest) for n in range(1, longest + 1))
