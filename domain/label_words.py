"""Finds the choice whose label holds what was typed: "csv" for "Tabel CSV", "kembali" for "◀ Isi"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache

from domain.message import Choice
from domain.reading.lexicon import lexicon
from domain.reading.result import tidy

MOST_WORDS = 4  # of what is typed: who writes more says something else
SHORTEST = 3  # letters of a word that tells
STEM = 5  # letters from which a word may be the beginning of one of the label
_WORD = re.compile(r"[^\W_]+")
_BACK_ARROWS = ("◀", "▲")


def holding(text: str, choices: Sequence[Choice]) -> Choice | None:
    """Find the one choice of which all telling words of a text stand in the label; None where it is none, or
    may be several. A way back, which an arrow begins, is also found by that word; another page is not.
    """
    words = _WORD.findall(tidy(text))
    telling = frozenset(words) - _list_small_words()
    if len(words) > MOST_WORDS or not any(len(word) >= SHORTEST for word in telling):
        return None
    holders = {
        choice.data: choice for choice in choices if choice.data and _holds(_list_words(choice), telling)
    }
    return next(iter(holders.values())) if len(holders) == 1 else None


def _holds(of_label: frozenset[str], telling: frozenset[str]) -> bool:
    """Whether a label has all the words, or words that begin with them: "lepas" for "Lepaskan"."""
    return all(
        word in of_label or (len(word) >= STEM and any(other.startswith(word) for other in of_label))
        for word in telling
    )


def _list_words(choice: Choice) -> frozenset[str]:
    leads_back = choice.label.startswith(_BACK_ARROWS) and not any(map(str.isdecimal, choice.label))
    return _split_label(choice.label) | (_list_back() if leads_back else frozenset())


@lru_cache(maxsize=4096)  # the same labels stand under most messages
def _split_label(label: str) -> frozenset[str]:
    return frozenset(_WORD.findall(tidy(label)))


@cache
def _list_back() -> frozenset[str]:
    return frozenset(lexicon()["choice"]["back"])


@cache
def _list_small_words() -> frozenset[str]:
    """Words that tell no label from another: those that link, and courtesies."""
    courtesies = lexicon()["remark"]["words"]["filler"]
    return frozenset({*lexicon()["name"]["linking"], *courtesies}) - _list_back()
