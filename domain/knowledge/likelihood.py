"""How likely an entry is meant, learned from the words and pairs of words of its ways to ask."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import exp, log, sqrt

UNSEEN = 0.05  # counted for a word that none of the ways to ask of an entry holds


@dataclass(frozen=True, slots=True, eq=False)
class Likelihood:
    """What the ways to ask tell of the words: a naive Bayes classifier, in logarithms."""

    unseen: Mapping[str, float]  # of an entry: the chance of a word that none of its ways to ask holds
    gains: Mapping[str, Mapping[str, float]]  # of a word: by how much more likely each entry that holds it is


def learn(phrases: Iterable[tuple[str, Sequence[str]]]) -> Likelihood:
    """Learn from ways to ask, each the words of it in their order with the entry it belongs to."""
    counts: dict[str, Counter[str]] = {}
    asks: Counter[str] = Counter()
    for key, words in phrases:
        asks[key] += 1
        for part in _list_parts(words):
            counts.setdefault(part, Counter())[key] += 1
    gains = {
        part: {key: log((count + UNSEEN) / UNSEEN) for key, count in of_part.items()}
        for part, of_part in counts.items()
    }
    return Likelihood({key: log(UNSEEN / (count + 1)) for key, count in asks.items()}, gains)


def weigh(words: Sequence[str], likelihood: Likelihood) -> dict[str, float]:
    """The chances of the entries that share a word with a question, from 0 to 1; words of one question hang
    together, so that many count for less than each alone.
    """
    parts = [part for part in _list_parts(words) if part in likelihood.gains]
    if not parts:
        return {}
    gained: dict[str, float] = {}
    for part in parts:
        for key, gain in likelihood.gains[part].items():
            gained[key] = gained.get(key, 0.0) + gain
    logs = {key: gained.get(key, 0.0) + len(parts) * unseen for key, unseen in likelihood.unseen.items()}
    most = max(logs.values())
    chances = {key: exp((value - most) / sqrt(len(parts))) for key, value in logs.items()}
    whole = sum(chances.values())
    return {key: chances[key] / whole for key in gained}


def _list_parts(words: Sequence[str]) -> set[str]:
    """Each word, and each two that follow one another."""
    return {*words, *(f"{first} {second}" for first, second in pairwise(words))}
