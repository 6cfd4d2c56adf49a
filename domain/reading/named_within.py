"""The option a sentence names among other words: "yang bikin pak camat". It is asked about, never kept."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache

from domain.reading.lexicon import lexicon
from domain.reading.names import Name

MOST_WORDS = 15  # of such a sentence: a longer one tells a story
TELLING_CHARS = 5  # of a word that names its option alone, at least
NEAR = 2  # words before a name in which a no takes it back
_WORD = re.compile(r"[^\W_]+")
Words = tuple[str, ...]


def named_within(text: str, names: Sequence[Name]) -> str:
    """Return the key whose label or alias stands in a text, else whose own word does; "" where that are
    several or none, and where a no stands before it.
    """
    said = _split(text)
    if not said or len(said) > MOST_WORDS:
        return ""
    whole = {name.key: spans for name in names if (spans := _find_spans(said, _list_labels(name)))}
    if not whole:
        own = _list_own_words(tuple(names))
        whole = {key: spans for key, words in own.items() if (spans := _find_spans(said, words))}
    longest = {key: spans for key, spans in whole.items() if not _are_covered(key, whole)}
    kept = [key for key, spans in longest.items() if not all(_is_denied(said, span[0]) for span in spans)]
    return kept[0] if len(kept) == 1 and len(longest) == 1 else ""


def _find_spans(said: Words, phrases: Sequence[Words]) -> list[tuple[int, int]]:
    """Where these phrases stand among the words, as whole words in their order."""
    return [
        (at, at + len(phrase))
        for phrase in phrases
        for at in range(len(said) - len(phrase) + 1)
        if said[at : at + len(phrase)] == phrase
    ]


def _are_covered(key: str, spans_of: dict[str, list[tuple[int, int]]]) -> bool:
    """Whether each place of a name lies within a longer one of another: "digital" in "non digital"."""
    others = [span for other, spans in spans_of.items() if other != key for span in spans]
    return all(
        any(first <= start and end <= last and last - first > end - start for first, last in others)
        for start, end in spans_of[key]
    )


def _is_denied(said: Words, at: int) -> bool:
    return not _list_denying().isdisjoint(said[max(0, at - NEAR) : at])


@cache
def _list_denying() -> frozenset[str]:
    return frozenset(lexicon()["name"]["denying"])


@lru_cache(maxsize=512)
def _list_labels(name: Name) -> tuple[Words, ...]:
    return tuple({_split(label) for label in name.labels} - {()})


@lru_cache(maxsize=32)
def _list_own_words(names: tuple[Name, ...]) -> dict[str, tuple[Words, ...]]:
    """The longer words that the labels of one name alone hold."""
    words_of = {name.key: {word for label in name.labels for word in _split(label)} for name in names}
    own: dict[str, tuple[Words, ...]] = {}
    for key, words in words_of.items():
        others = set[str]().union(*(other for at, other in words_of.items() if at != key))
        own[key] = tuple((word,) for word in sorted(words - others) if len(word) >= TELLING_CHARS)
    return own


@lru_cache(maxsize=1024)
def _split(text: str) -> Words:
    return tuple(_WORD.findall(text.casefold()))
