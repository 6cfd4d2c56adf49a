"""Finding entries by the words of a question, slips of the finger included."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from math import log

from rapidfuzz.fuzz import ratio

from domain.knowledge.entries import Entry
from domain.reading.lexicon import lexicon
from domain.reading.remarks import Remark, remark_in

SHOWN = 3  # entries that are offered
SURE = 0.62  # share of the words in common from which an entry is the answer
CERTAIN = 0.8  # and from which a text that asks nothing is taken for a question where nothing is open
BESIDE = 0.35  # how much less than the first another may share to be offered beside a sure one
LIKELY = 0.4  # and from which it is offered
WHOLE = 0.99  # and from which it says all the words of a way to ask
WHOLE_WORDS = 3  # that such a text has at least: fewer may be an answer
UNKNOWN = 1.0  # the weight of a word no entry carries; most known ones weigh 2 to 5
NAMED, NAMED_FROM = 0.08, 3.0  # added where every word of a way to ask is there, and from which weight on
NEAR = 80  # percent of letters two spellings of a word share
SLIPS_FROM = 5  # letters: shorter words must be typed whole
SHORT_WORDS = 8  # of a text that asks although it does not begin with a word that asks
CHARS_MOST = 200  # of a question that is looked for
STEM_LETTERS = 4  # a stem has at least
# with the first letter each may have swallowed: meng-hapus, me-ngirim from kirim, pe-nulis from tulis
_PREFIXES = (
    ("", ("",)), ("di", ("",)), ("ter", ("",)), ("ber", ("",)), ("se", ("",)), ("ku", ("",)),
    ("meng", ("", "k")), ("mang", ("", "k")), ("peng", ("", "k")), ("ng", ("", "k")),
    ("meny", ("s",)), ("peny", ("s",)), ("ny", ("s",)),
    ("mem", ("", "p")), ("pem", ("", "p")),
    ("men", ("", "t")), ("pen", ("", "t")), ("man", ("", "t")),
    ("me", ("",)), ("ma", ("",)), ("pe", ("",)), ("ba", ("",)), ("n", ("t",)),
)  # fmt: skip
_SUFFIXES = ("kan", "an", "i", "in", "nya", "kannya", "annya")
_WORD = re.compile(r"[^\W_]+")
_PARTICLES = re.compile(r"(?<=\w{3})(?:nya|kah|lah|pun)$")


@dataclass(frozen=True, slots=True)
class Match:
    """One entry and how much of its words the question shares, from 0 to 1."""

    key: str
    score: float


@dataclass(frozen=True, slots=True, eq=False)
class Index:
    """The ways to ask, by the words they hold, and how much each word tells."""

    keys: tuple[str, ...]  # of the entry that each way to ask belongs to
    whole_weights: tuple[float, ...]  # of all the words of each way to ask
    places: Mapping[str, tuple[int, ...]]  # of a word: the ways to ask that hold it
    weights: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Knowledge:
    """The packaged entries by their keys, ready to be found."""

    entries: Mapping[str, Entry]
    index: Index


def make_knowledge(entries: Mapping[str, Entry]) -> Knowledge:
    """Prepare the packaged entries for finding."""
    return Knowledge(entries, make_index(entries.values()))


@dataclass(frozen=True, slots=True)
class _Words:
    """The word lists of questions, as `words.toml` explains them."""

    idle: frozenset[str]
    vague: frozenset[str]
    asking: frozenset[str]
    opening: frozenset[str]
    plain: Mapping[str, str]


def make_index(entries: Iterable[Entry]) -> Index:
    """Prepare entries for finding; a word that few entries carry weighs more."""
    phrases = tuple(
        (entry.key, words) for entry in entries for ask in entry.asks if (words := read_words(ask))
    )
    carriers: dict[str, set[str]] = {}
    for key, words in phrases:
        for word in words:
            carriers.setdefault(word, set()).add(key)
    count = len({key for key, _ in phrases})
    weights = {word: log(1 + count / len(keys)) for word, keys in carriers.items()}
    places: dict[str, list[int]] = {}
    for place, (_, words) in enumerate(phrases):
        for word in words:
            places.setdefault(word, []).append(place)
    return Index(
        keys=tuple(key for key, _ in phrases),
        whole_weights=tuple(sum(weights[word] for word in words) for _, words in phrases),
        places={word: tuple(holders) for word, holders in places.items()},
        weights=weights,
    )


def find(text: str, *indexes: Index) -> list[Match]:
    """List the likeliest entries for a question, the best first, three at most."""
    best: dict[str, float] = {}
    if len(text) > CHARS_MOST:
        return []
    for index in indexes:
        for place, score in _score(_correct(read_words(text), index), index).items():
            key = index.keys[place]
            best[key] = max(score, best.get(key, 0.0))
    ranked = sorted(best.items(), key=lambda pair: -pair[1])  # of equals the first of the files
    return [Match(key, score) for key, score in ranked[:SHOWN]]


def may_ask(text: str) -> bool:
    """Whether a text may be a question, whatever entries there are; False is sure, and costs no search."""
    remark = remark_in(text)
    if remark is not None:
        return remark.kind in (Remark.QUESTION, Remark.LOST)
    said, lists = _WORD.findall(text.casefold()), _load_words()
    if not said or len(said) > SHORT_WORDS:
        return False
    asks = said[0] in lists.opening or not lists.asking.isdisjoint(said)
    return asks or len(read_words(text)) >= WHOLE_WORDS


def is_question(text: str, matches: Sequence[Match]) -> bool:
    """Whether a text asks: by its form, by ending in a word that asks, by holding one or beginning like a
    question where an entry is found, or by saying all the words of a known way to ask.
    """
    if not may_ask(text):
        return False
    if remark_in(text) is not None:
        return True
    if matches and matches[0].score >= WHOLE and len(read_words(text)) >= WHOLE_WORDS:
        return True
    said, asking = _WORD.findall(text.casefold()), _load_words().asking
    courtesies = lexicon()["remark"]["words"]["filler"]
    last = next((word for word in reversed(said) if word not in courtesies), "")
    opens = said[0] in _load_words().opening
    return last in asking or (is_sure(matches) and (opens or not asking.isdisjoint(said)))


def is_name(text: str, matches: Sequence[Match]) -> bool:
    """Whether a text only names a question or an indicator of the form, and asks nothing: in the form that is
    the way to that place.
    """
    if not matches or not matches[0].key.startswith(("q.", "i.")) or remark_in(text) is not None:
        return False
    return "?" not in text and _load_words().asking.isdisjoint(_WORD.findall(text.casefold()))


def is_sure(matches: Sequence[Match]) -> bool:
    """Whether the first is the answer and not only likely."""
    return bool(matches) and matches[0].score >= SURE


def is_certain(matches: Sequence[Match]) -> bool:
    """Whether the first is meant even by a text that does not ask."""
    return bool(matches) and matches[0].score >= CERTAIN


def beside(matches: Sequence[Match]) -> Sequence[Match]:
    """List what may be meant beside a sure first one."""
    return [match for match in matches[1:] if match.score >= matches[0].score - BESIDE]


def read_words(text: str) -> frozenset[str]:
    """The words of a text that say what is meant, each in its plain form; vague ones when nothing else is
    said.
    """
    lists = _load_words()
    plain = lists.plain
    words = [plain.get(word, word) for word in _WORD.findall(text.casefold().replace("t-", "t"))]
    stems = [plain.get(stem, stem) for stem in (_PARTICLES.sub("", word) for word in words)]
    telling = frozenset(stem for stem in stems if stem not in lists.idle)
    return telling - lists.vague or telling


@cache
def _load_words() -> _Words:
    data = tomllib.loads((files("domain") / "data" / "knowledge" / "words.toml").read_text("utf-8"))
    plain = {word: line[0] for line in data["same"] for word in line}
    idle, vague, asking, opening = (frozenset(data[name]) for name in ("idle", "vague", "asking", "opening"))
    return _Words(idle, vague, asking, opening, plain)


def _correct(words: frozenset[str], index: Index) -> frozenset[str]:
    """Take each word that is not known for the known one it is a form or a slip of."""
    return frozenset(word if word in index.weights else _find_known(word, index) for word in words)


@lru_cache(maxsize=4096)
def _find_known(word: str, index: Index) -> str:
    plain, known = _load_words().plain, index.weights
    for stem in _list_stems(word):
        if plain.get(stem, stem) in known:
            return plain.get(stem, stem)
    if len(word) < SLIPS_FROM:
        return word
    best = max(known, key=lambda other: ratio(word, other, score_cutoff=NEAR) if len(other) > 3 else 0)
    return best if len(best) > 3 and ratio(word, best) >= NEAR else word


def _list_stems(word: str) -> list[str]:
    """List what a word may be a form of, its prefixes and suffixes taken off as Indonesian puts them on."""
    bare = [word, *(word[: -len(end)] for end in _SUFFIXES if word.endswith(end))]
    return [
        first + stem[len(prefix) :]
        for prefix, firsts in _PREFIXES
        for stem in bare
        if stem.startswith(prefix)
        for first in firsts
        if len(first + stem[len(prefix) :]) >= STEM_LETTERS
    ]


def _score(said: frozenset[str], index: Index) -> dict[int, float]:
    """Weigh the ways to ask that are likely: twice the weight in common by the weight of both, and a little
    more for one that is named whole; in the order of the files.
    """
    shared: dict[int, float] = {}
    for word in said:
        for place in index.places.get(word, ()):
            shared[place] = shared.get(place, 0.0) + index.weights[word]
    weight = sum(index.weights.get(word, UNKNOWN) for word in said)
    scores: dict[int, float] = {}
    for place, common in shared.items():
        whole = index.whole_weights[place]
        score = 2 * common / (weight + whole)
        if common >= NAMED_FROM and common >= whole - 0.001:
            score += NAMED  # every word of a telling way to ask was said
        if score >= LIKELY:
            scores[place] = round(min(1.0, score), 6)  # words come in any order: last digits do not count
    return dict(sorted(scores.items()))
