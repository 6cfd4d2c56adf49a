"""Finding entries by the words of a question, slips of the finger included."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log
from types import MappingProxyType

from domain.knowledge.entries import Entry
from domain.knowledge.likelihood import Likelihood, learn, weigh
from domain.knowledge.question_words import (
    Known,
    correct_words,
    join_forms,
    list_telling,
    load_words,
    make_known,
)

SHOWN = 3  # entries that are offered
SURE = 0.62  # share of the words in common from which an entry is the answer
CERTAIN = 0.8  # and from which a text that asks nothing is taken for a question where nothing is open
CLEAR = 1.0  # of the score, from which the first is the answer to what surely asks
ANSWERS = 0.6  # and from which it is shown at once, as what may be meant
BESIDE = 0.6  # how much less than the first another may score to be offered beside it
LIKELY = 0.4  # of the score, from which an entry is offered
UNKNOWN = 1.2  # the weight of a word no entry carries; most known ones weigh 2 to 5
NAMED, NAMED_FROM = 0.08, 3.0  # added where every word of a way to ask is there, and from which weight on
TEXTS = 0.15  # added where all the words stand in what is said of the entry, in part for a part of them
SUPPORT, SUPPORTING = 0.1, 5  # of the score of each further way to ask of an entry, and of how many
CHANCE = 0.5  # added where the words make the entry certain, in part for a part of it
NEAR = 0.35  # added to the entry of the place where the person stands
OWN = 0.2  # and to what is of the own work
FORM = 0.5  # taken from the places of the form where somebody fills in none
HERE = 2.0  # added to that entry where the words say nothing that is not about the place itself
LEARNED_FROM = 20  # entries from which on chances are learned; of fewer, what is shared stands for them
NEARLY_WHOLE = 0.98  # share of the words from which a way to ask may be said whole, whatever the rounding
OF_DESK = "desk_"  # begins the keys of what the desk alone does
CHARS_MOST = 200  # of a question that is looked for
Phrase = tuple[str, tuple[str, ...]]  # the key of an entry, and words of it in their order


@dataclass(frozen=True, slots=True)
class Match:
    """One entry, and how well it fits a question; the shares go from 0 to 1."""

    key: str
    score: float  # by which entries are put in order: what is shared, backed by other ways to ask and chance
    share: float  # of the words in common with a known way to ask, and in part with what is said of it
    asked: float  # the part of it that a known way to ask brings


@dataclass(frozen=True, slots=True, eq=False)
class Index:
    """The ways to ask, by the words they hold, and how much each word tells."""

    keys: tuple[str, ...]  # of the entry that each way to ask belongs to
    whole_weights: tuple[float, ...]  # of all the words of each way to ask
    holders: Mapping[str, tuple[int, ...]]  # of a word: the ways to ask that hold it
    weights: Mapping[str, float]
    known: Known
    texts: Texts
    likelihood: Likelihood | None  # None where there are too few entries to learn from


@dataclass(frozen=True, slots=True)
class Texts:
    """All that is said of the entries, by its words."""

    holders: Mapping[str, frozenset[str]]  # of a word: the entries whose texts hold it
    weights: Mapping[str, float]
    known: Known


@dataclass(frozen=True, slots=True)
class Knowledge:
    """The packaged entries by their keys, ready to be found."""

    entries: Mapping[str, Entry]
    index: Index
    of_desk: frozenset[str]  # entries about what the desk alone does
    of_form: frozenset[str]  # and those of questions and indicators

    def lean(self, *, desk: bool, role: str, fills_in: bool = True) -> Mapping[str, float]:
        """What is added to the entries about the desk's own work, which nobody else asks for, and to the one
        that says what the person's own role does, by its key; questions of the form are hardly meant by who
        fills in none.
        """
        of_role = {role: OWN} if role else {}
        of_form = {} if fills_in else dict.fromkeys(self.of_form, -FORM)
        return {**dict.fromkeys(self.of_desk, OWN if desk else -OWN), **of_form, **of_role}


def make_knowledge(entries: Mapping[str, Entry]) -> Knowledge:
    """Prepare the packaged entries for finding."""
    of_desk = frozenset(key for key in entries if key.startswith(OF_DESK))
    of_form = frozenset(key for key in entries if key.startswith(("q.", "i.")))
    return Knowledge(entries, make_index(entries.values()), of_desk, of_form)


def make_index(entries: Iterable[Entry]) -> Index:
    """Prepare entries for finding; a word that few entries carry weighs more."""
    read = tuple(entries)
    asks = [(entry.key, words) for entry in read for ask in entry.asks if (words := list_telling(ask))]
    in_texts = [(entry.key, list_telling(text)) for entry in read for text in entry.list_texts()]
    phrases = _join_forms(asks)
    weights, _ = _weigh(phrases)
    holders: dict[str, list[int]] = {}
    for number, (_, words) in enumerate(phrases):
        for word in words:
            holders.setdefault(word, []).append(number)
    return Index(
        keys=tuple(key for key, _ in phrases),
        whole_weights=tuple(sum(weights[word] for word in words) for _, words in phrases),
        holders={word: tuple(numbers) for word, numbers in holders.items()},
        weights=weights,
        known=make_known(weights),
        texts=_make_texts([*asks, *in_texts]),
        likelihood=learn(phrases) if len(read) >= LEARNED_FROM else None,
    )


def _make_texts(phrases: Sequence[Phrase]) -> Texts:
    weights, holders = _weigh(phrases)
    return Texts(holders, weights, make_known(weights))


def _join_forms(asks: Sequence[Phrase]) -> tuple[Phrase, ...]:
    """Take forms of the same word as one, and each word once, in the order of the first."""
    known = frozenset(word for _, words in asks for word in words)
    joined = {word: join_forms(word, known) for word in known}
    return tuple((key, tuple(dict.fromkeys(joined[word] for word in words))) for key, words in asks)


def _weigh(
    phrases: Sequence[Phrase],
) -> tuple[dict[str, float], dict[str, frozenset[str]]]:
    """Weigh each word of phrases by how few entries carry it, and list these."""
    carriers: dict[str, set[str]] = {}
    for key, words in phrases:
        for word in words:
            carriers.setdefault(word, set()).add(key)
    count = len({key for key, _ in phrases})
    weights = {word: log(1 + count / len(keys)) for word, keys in carriers.items()}
    return weights, {word: frozenset(keys) for word, keys in carriers.items()}


def find(
    text: str, *indexes: Index, place: str = "", leaning: Mapping[str, float] = MappingProxyType({})
) -> list[Match]:
    """List the likeliest entries for a question, the best first, three at most; `place` is the entry of where
    the person stands, `leaning` what is added to entries for who asks.
    """
    if len(text) > CHARS_MOST:
        return []
    telling = list_telling(text)
    near = dict(leaning)
    if place:
        near[place] = HERE if load_words().of_place.issuperset(telling) else NEAR
    matches = [match for index in indexes for match in _match(telling, index, near=near)]
    likely = [match for match in matches if match.score >= LIKELY]
    likely.sort(key=lambda match: -match.score)  # of equals the first of the files
    return likely[:SHOWN]


def may_say_whole(text: str, *indexes: Index) -> bool:
    """Whether a text may say all of a known way to ask; False is sure, and costs a third of a search."""
    telling = list_telling(text) if len(text) <= CHARS_MOST else ()
    shares = (_score(frozenset(correct_words(telling, index.known)), index) for index in indexes)
    return any(share >= NEARLY_WHOLE for of_index in shares for share in of_index.values())


def _match(telling: Sequence[str], index: Index, *, near: Mapping[str, float]) -> Iterable[Match]:
    """Weigh each entry that shares a word with a question, and the one that it is asked at."""
    words = correct_words(telling, index.known)
    shared: dict[str, list[float]] = {}
    for at, score in _score(frozenset(words), index).items():
        shared.setdefault(index.keys[at], []).append(score)
    for key in near.keys() & set(index.keys):
        if near[key] >= HERE and telling:
            shared.setdefault(key, [0.0])
    in_texts = _score_texts(words, index.texts)
    chances = weigh(words, index.likelihood) if index.likelihood else None
    for key, scores in shared.items():
        asked, *others = sorted(scores, reverse=True)
        share = max(asked + in_texts.get(key, 0.0), SURE if near.get(key) == HERE else 0.0)
        chance = asked if chances is None else chances.get(key, 0.0)
        support = SUPPORT * sum(others[:SUPPORTING])
        score = share + support + CHANCE * chance + near.get(key, 0.0)
        # words come in any order, so that the last digits do not count
        yield Match(key, round(score, 6), min(1.0, round(share, 6)), min(1.0, round(asked, 6)))


def _score_texts(said: Iterable[str], texts: Texts) -> dict[str, float]:
    """Weigh the entries by the share of the words said that stand in their texts."""
    known = frozenset(correct_words(said, texts.known))
    whole = sum(texts.weights.get(word, UNKNOWN) for word in known)
    scores: dict[str, float] = {}
    for word in known & texts.weights.keys():
        for key in texts.holders[word]:
            scores[key] = scores.get(key, 0.0) + TEXTS * texts.weights[word] / whole
    return scores


def is_sure(matches: Sequence[Match]) -> bool:
    """Whether one is the answer by the words it shares, whatever the place adds."""
    return any(match.share >= SURE for match in matches)


def is_answer(matches: Sequence[Match]) -> bool:
    """Whether the first is shown at once to what surely asks."""
    return bool(matches) and matches[0].score >= ANSWERS


def is_clear(matches: Sequence[Match]) -> bool:
    """Whether the first is shown as the answer, and not as what may be meant."""
    return bool(matches) and matches[0].score >= CLEAR


def stand_first(matches: Sequence[Match], place: str) -> list[Match]:
    """Put the entry of the place first: a doubt that names nothing clearly is about what lies open."""
    of_place = Match(place, score=ANSWERS, share=0.0, asked=0.0)
    return [of_place, *(match for match in matches if match.key != place)][:SHOWN]


def is_certain(matches: Sequence[Match]) -> bool:
    """Whether the first is meant even by a text that does not ask: by a known way to ask alone."""
    return bool(matches) and matches[0].asked >= CERTAIN


def is_known(matches: Sequence[Match]) -> bool:
    """Whether a known way to ask alone makes the first sure."""
    return bool(matches) and matches[0].asked >= SURE


def beside(matches: Sequence[Match]) -> Sequence[Match]:
    """List what may be meant beside the first."""
    return [match for match in matches[1:] if match.score >= matches[0].score - BESIDE]


def _score(said: frozenset[str], index: Index) -> dict[int, float]:
    """Weigh the ways to ask that share a word: twice the weight in common by the weight of both, and a little
    more for one that is named whole; in the order of the files.
    """
    shared: dict[int, float] = {}
    for word in said:
        for number in index.holders.get(word, ()):
            shared[number] = shared.get(number, 0.0) + index.weights[word]
    weight = sum(index.weights.get(word, UNKNOWN) for word in said)
    scores = {
        number: 2 * common / (weight + index.whole_weights[number]) + _weigh_name(number, common, index)
        for number, common in shared.items()
    }
    return dict(sorted(scores.items()))


def _weigh_name(number: int, common: float, index: Index) -> float:
    """What is added where every word of a telling way to ask was said."""
    whole = index.whole_weights[number]
    return NAMED if common >= max(NAMED_FROM, whole - 0.001) else 0.0
