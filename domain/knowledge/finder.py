"""Finding entries by the words of a question, slips of the finger included."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log

from domain.knowledge.entries import Entry
from domain.knowledge.question_words import (
    WORD,
    Known,
    correct_words,
    ends_in_tag,
    join_forms,
    load_words,
    make_known,
    read_words,
)
from domain.reading.lexicon import lexicon
from domain.reading.remarks import Remark, remark_in

SHOWN = 3  # entries that are offered
SURE = 0.62  # share of the words in common from which an entry is the answer
CERTAIN = 0.8  # and from which a text that asks nothing is taken for a question where nothing is open
LEADING, LEAD = 0.5, 0.05  # from which one is the answer that is so much ahead of the next
BESIDE = 0.25  # how much less than the first another may share to be offered beside a sure one
LIKELY = 0.4  # and from which it is offered
WHOLE = 0.99  # and from which it says all the words of a way to ask
WHOLE_WORDS = 3  # that such a text has at least: fewer may be an answer
UNKNOWN = 1.0  # the weight of a word no entry carries; most known ones weigh 2 to 5
NAMED, NAMED_FROM = 0.08, 3.0  # added where every word of a way to ask is there, and from which weight on
SHORT_WORDS = 8  # of a text that asks although it does not begin with a word that asks
TEXTS = 0.15  # added where all the words stand in what is said of the entry, in part for a part of them
CHARS_MOST = 200  # of a question that is looked for


@dataclass(frozen=True, slots=True)
class Match:
    """One entry and how much of its words the question shares, from 0 to 1."""

    key: str
    score: float
    asked: float  # the part of it that a known way to ask brings


@dataclass(frozen=True, slots=True, eq=False)
class Index:
    """The ways to ask, by the words they hold, and how much each word tells."""

    keys: tuple[str, ...]  # of the entry that each way to ask belongs to
    whole_weights: tuple[float, ...]  # of all the words of each way to ask
    places: Mapping[str, tuple[int, ...]]  # of a word: the ways to ask that hold it
    weights: Mapping[str, float]
    known: Known
    texts: Texts


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


def make_knowledge(entries: Mapping[str, Entry]) -> Knowledge:
    """Prepare the packaged entries for finding."""
    return Knowledge(entries, make_index(entries.values()))


def make_index(entries: Iterable[Entry]) -> Index:
    """Prepare entries for finding; a word that few entries carry weighs more."""
    read = tuple(entries)
    phrases = _read_phrases(read)
    weights, _ = _weigh(phrases)
    places: dict[str, list[int]] = {}
    for place, (_, words) in enumerate(phrases):
        for word in words:
            places.setdefault(word, []).append(place)
    in_texts = (
        (entry.key, read_words(text)) for entry in read for text in (*entry.asks, *entry.list_texts())
    )
    return Index(
        keys=tuple(key for key, _ in phrases),
        whole_weights=tuple(sum(weights[word] for word in words) for _, words in phrases),
        places={word: tuple(holders) for word, holders in places.items()},
        weights=weights,
        known=make_known(weights),
        texts=_make_texts(tuple(in_texts)),
    )


def _make_texts(phrases: Sequence[tuple[str, frozenset[str]]]) -> Texts:
    weights, holders = _weigh(phrases)
    return Texts(holders, weights, make_known(weights))


def _read_phrases(entries: Iterable[Entry]) -> tuple[tuple[str, frozenset[str]], ...]:
    """Read every way to ask that says anything, forms of the same word as one."""
    phrases = [(entry.key, words) for entry in entries for ask in entry.asks if (words := read_words(ask))]
    known = frozenset(word for _, words in phrases for word in words)
    return tuple((key, frozenset(join_forms(word, known) for word in words)) for key, words in phrases)


def _weigh(
    phrases: Sequence[tuple[str, frozenset[str]]],
) -> tuple[dict[str, float], dict[str, frozenset[str]]]:
    """Weigh each word of phrases by how few entries carry it, and list these."""
    carriers: dict[str, set[str]] = {}
    for key, words in phrases:
        for word in words:
            carriers.setdefault(word, set()).add(key)
    count = len({key for key, _ in phrases})
    weights = {word: log(1 + count / len(keys)) for word, keys in carriers.items()}
    return weights, {word: frozenset(keys) for word, keys in carriers.items()}


def find(text: str, *indexes: Index) -> list[Match]:
    """List the likeliest entries for a question, the best first, three at most."""
    best: dict[str, tuple[float, float]] = {}
    if len(text) > CHARS_MOST:
        return []
    for index in indexes:
        words = correct_words(read_words(text), index.known)
        in_texts = _score_texts(words, index.texts)
        for place, score in _score(words, index).items():
            key = index.keys[place]
            # words come in any order, so that the last digits do not count
            scores = (round(score + in_texts.get(key, 0.0), 6), round(score, 6))
            best[key] = max(scores, best.get(key, (0.0, 0.0)))
    likely = [(key, *scores) for key, scores in best.items() if scores[0] >= LIKELY]
    likely.sort(key=lambda match: -match[1])  # of equals the first of the files
    return [Match(key, min(1.0, score), min(1.0, asked)) for key, score, asked in likely[:SHOWN]]


def _score_texts(said: frozenset[str], texts: Texts) -> dict[str, float]:
    """Weigh the entries by the share of the words said that stand in their texts."""
    known = correct_words(said, texts.known)
    whole = sum(texts.weights.get(word, UNKNOWN) for word in known)
    scores: dict[str, float] = {}
    for word in known & texts.weights.keys():
        for key in texts.holders[word]:
            scores[key] = scores.get(key, 0.0) + TEXTS * texts.weights[word] / whole
    return scores


def may_ask(text: str) -> bool:
    """Whether a text may be a question, whatever entries there are; False is sure, and costs no search."""
    remark = remark_in(text)
    if remark is not None:
        return remark.kind in (Remark.QUESTION, Remark.LOST)
    said = WORD.findall(text.casefold())
    if not said or len(said) > SHORT_WORDS:
        return False
    return _has_form_of_question(said) or len(read_words(text)) >= WHOLE_WORDS


def _has_form_of_question(said: Sequence[str]) -> bool:
    """Whether words begin like a question, hold a word that asks, or end in one that makes them ask."""
    lists = load_words()
    return said[0] in lists.opening or ends_in_tag(said) or not lists.asking.isdisjoint(said)


def is_question(text: str, matches: Sequence[Match]) -> bool:
    """Whether a text asks: by its form, by ending in a word that asks, by holding one or beginning like a
    question where an entry is found, or by saying all the words of a known way to ask.
    """
    if not may_ask(text):
        return False
    if remark_in(text) is not None:
        return True
    if matches and matches[0].asked >= WHOLE and len(read_words(text)) >= WHOLE_WORDS:
        return True
    said = WORD.findall(text.casefold())
    courtesies = lexicon()["remark"]["words"]["filler"]
    last = next((word for word in reversed(said) if word not in courtesies), "")
    return last in load_words().asking or (is_sure(matches) and _has_form_of_question(said))


def is_name(text: str, matches: Sequence[Match]) -> bool:
    """Whether a text only names a question or an indicator of the form, and asks nothing: in the form that is
    the way to that place.
    """
    if not matches or not matches[0].key.startswith(("q.", "i.")) or remark_in(text) is not None:
        return False
    said = WORD.findall(text.casefold())
    return "?" not in text and not ends_in_tag(said) and load_words().asking.isdisjoint(said)


def speaks_to_desk(text: str, matches: Sequence[Match]) -> bool:
    """Whether a text speaks to the desk of something known where a title is asked: a title has capitals
    behind its first letter, or else holds no word of talk such as "sy" or "udah".
    """
    if not matches or _has_capitals(text) or remark_in(text) is not None:
        return False
    return talks_to_desk(text) or (is_certain(matches) and may_ask(text))


def talks_to_desk(text: str) -> bool:
    """Whether a text is written as one talks to the desk and not as a title is, whatever it is about."""
    if _has_capitals(text) or remark_in(text) is not None:
        return False
    said, lists = WORD.findall(text.casefold()), load_words()
    return bool(said) and (said[0] in lists.opening or not lists.talk.isdisjoint(said))


def is_title(text: str) -> bool:
    """Whether a text is written as a title is, and asks nothing by its form: the words of a known question
    may well name an innovation, and so may "SAPA" in capitals and "Sapa Warga".
    """
    if not _has_capitals(text) or remark_in(text) is not None:
        return False
    names_are_marked = any(letter.islower() for letter in text)
    lists = load_words()
    words = [
        word for word in WORD.findall(text) if not (names_are_marked and len(word) > 1 and word.isupper())
    ]
    said = [word.casefold() for word in words if "?" in text or word.casefold() not in lists.names]
    opens = bool(said) and said[0] in lists.opening
    return not opens and not ends_in_tag(said) and lists.asking.isdisjoint(said)


def _has_capitals(text: str) -> bool:
    return any(letter.isupper() for letter in text[1:])


def is_sure(matches: Sequence[Match]) -> bool:
    """Whether the first is the answer and not only likely."""
    return bool(matches) and matches[0].score >= SURE


def is_answer(matches: Sequence[Match]) -> bool:
    """Whether the first is the answer to what surely asks: sure itself, or well ahead of the next."""
    if not matches or is_sure(matches):
        return bool(matches)
    ahead = matches[0].score - (matches[1].score if len(matches) > 1 else 0)
    return matches[0].score >= LEADING and ahead >= LEAD


def is_certain(matches: Sequence[Match]) -> bool:
    """Whether the first is meant even by a text that does not ask: by a known way to ask alone."""
    return bool(matches) and matches[0].asked >= CERTAIN


def is_known(matches: Sequence[Match]) -> bool:
    """Whether a known way to ask alone makes the first sure."""
    return bool(matches) and matches[0].asked >= SURE


def beside(matches: Sequence[Match]) -> Sequence[Match]:
    """List what may be meant beside a sure first one."""
    return [match for match in matches[1:] if match.score >= matches[0].score - BESIDE]


def _score(said: frozenset[str], index: Index) -> dict[int, float]:
    """Weigh the ways to ask that share a word: twice the weight in common by the weight of both, and a little
    more for one that is named whole; in the order of the files.
    """
    shared: dict[int, float] = {}
    for word in said:
        for place in index.places.get(word, ()):
            shared[place] = shared.get(place, 0.0) + index.weights[word]
    weight = sum(index.weights.get(word, UNKNOWN) for word in said)
    scores = {
        place: 2 * common / (weight + index.whole_weights[place]) + _weigh_name(place, common, index)
        for place, common in shared.items()
    }
    return dict(sorted(scores.items()))


def _weigh_name(place: int, common: float, index: Index) -> float:
    """What is added where every word of a telling way to ask was said."""
    whole = index.whole_weights[place]
    return NAMED if common >= max(NAMED_FROM, whole - 0.001) else 0.0
