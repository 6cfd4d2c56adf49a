"""In which language a text of a talk is, told by its words: a screen reader asks for it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from itertools import permutations
from typing import Any

from domain.texts import LANGUAGES
from handlers.words import load_words

CLEARLY = 4  # times as often as in the other language: then a word speaks for this one
REMEMBERED = 4096  # texts
_PLACE = re.compile(r"\{[^{}]*\}")
_WORD = re.compile(r"[^\W\d_]+")


@cache
def _load_telling_words() -> Mapping[str, str]:
    """Take from all that the program says the words that tell a language, each with its language."""
    words = load_words()
    often = {
        language: Counter(
            word for key in words.keys for word in _split(_PLACE.sub(" ", words.in_(language)(key)))
        )
        for language in LANGUAGES
    }
    return {
        word: language
        for language, other in permutations(LANGUAGES)
        for word, times in often[language].items()
        if times >= CLEARLY * often[other][word]
    }


def _split(text: str) -> list[str]:
    """Take the words of a text; what stands in capitals, such as a receipt's DI, is of no language."""
    return [word.casefold() for word in _WORD.findall(text) if not word.isupper()]


@lru_cache(REMEMBERED)
def language_of(text: str) -> str:
    """Tell the language of a text; "" where its words do not say."""
    telling = _load_telling_words()
    votes = Counter(telling[word] for word in _split(text) if word in telling)
    ranked = votes.most_common(2)
    if not ranked or (len(ranked) == len(LANGUAGES) and ranked[0][1] == ranked[1][1]):
        return ""
    return ranked[0][0]


def mark_language(message: dict[str, Any], labels: Iterable[str], *, before: str) -> str:
    """Note the language of a message, and of each label that is in another; returns the message's.

    What does not say is in the language of what came `before` it.
    """
    names = list(labels)
    own = language_of(message["text"]) or language_of(" ".join(names)) or before
    message["lang"] = own
    message["foreign"] = {name: spoken for name in names if (spoken := language_of(name)) not in ("", own)}
    return own
