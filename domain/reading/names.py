"""Finding an option or office by what people call it: short forms, slips, parts; a near miss is never
sure.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log

from rapidfuzz.fuzz import ratio

from domain.reading.lexicon import lexicon
from domain.reading.result import MAX_CHARS, Ambiguous, NotUnderstood, Understood, tidy
from domain.reading.slips import nearest

MAX_CANDIDATES = 3
THRESHOLD = 0.62  # below it nothing is proposed; set so that greetings and small talk find no office
CLOSE = 0.8  # a candidate stays only with this share of the best one's score
CONTAINED = 0.7  # score of a label that a longer text contains whole
TOKEN_NEAR = 0.7  # share of characters two words have in common, from which they may be the same
SHORT = 3  # characters: words up to here must match whole or not at all


@dataclass(frozen=True, slots=True)
class Name:
    """Something that can be chosen and all that people call it."""

    key: str
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Form:
    """One label, cut up for comparing."""

    plain: str
    compact: str
    kinded: tuple[str, ...]  # official short forms of the kind of office written out
    words: tuple[str, ...]  # every short form written out, linking words left away
    initials: str


def find(text: str, names: Sequence[Name]) -> Understood[str] | Ambiguous[str] | NotUnderstood:
    """Find the key a text means.

    Sure only for a whole label or alias (case, punctuation, usual short forms aside) that belongs to one key;
    a near miss gives one to three candidates, best first.
    """
    exact = exactly(text, names)
    if exact is not None:
        return exact
    ranked = _rank(text, names)
    if not ranked:
        return NotUnderstood("unreadable", text)
    best = ranked[0][0]
    return Ambiguous(tuple(key for score, key in ranked if score >= best * CLOSE)[:MAX_CANDIDATES], text)


def exactly(text: str, names: Sequence[Name]) -> Understood[str] | Ambiguous[str] | NotUnderstood | None:
    """Find the key whose whole label or alias a text is; None where there is none, which takes no time."""
    if not text.strip():
        return NotUnderstood("empty", text)
    if len(text) > MAX_CHARS or not _fold(text):
        return NotUnderstood("unreadable", text)
    for wanted in _list_spellings(text):
        exact = _find_exact(wanted, names)
        if len(exact) == 1:
            return Understood(exact[0], True, text)
        if exact:
            return Ambiguous(exact[:MAX_CANDIDATES], text)
    return None


def same_name(text: str, names: Sequence[Name]) -> str:
    """Find the key that carries this name, whatever its case, blanks, punctuation and order of words; ""
    for none.
    """
    wanted = _make_form(_fold(text))
    if not wanted.compact:
        return ""
    for name in names:
        for form in map(_make_form, name.labels):
            reordered = len(wanted.kinded) > 1 and sorted(wanted.kinded) == sorted(form.kinded)
            if reordered or form.compact == wanted.compact:
                return name.key
    return ""


def search(text: str, names: Sequence[Name], *, limit: int) -> list[str]:
    """List keys for a typed beginning or part: beginning, beginning of a word, part, near; of a whole name or
    alias only whose it is, as others merely resemble it.
    """
    wanted = _fold(text)
    if not wanted or len(text) > MAX_CHARS:
        return []
    match exactly(text, names):
        case Understood(value=key):
            return [key]
        case Ambiguous(candidates=several):
            return list(several)[:limit]
    matches = [(_measure_match(wanted, name), order, name.key) for order, name in enumerate(names)]
    keys = [key for match, _, key in sorted(matches) if match < _NOWHERE]
    near = [key for _, key in _rank(text, names)]
    return list(dict.fromkeys([*keys, *near]))[:limit]


def slipped(text: str, names: Sequence[Name]) -> list[str]:
    """List the keys of which a whole label was meant with a slip of the finger."""
    spelled = [(_make_form(label).plain, name.key) for name in names for label in name.labels]
    near = frozenset(nearest(_fold(text), [plain for plain, _ in spelled]))
    return list(dict.fromkeys(key for plain, key in spelled if plain in near))


def holding(text: str, names: Sequence[Name]) -> list[str]:
    """List the keys of which a label holds the text as whole words, in the order of the names."""
    wanted = _fold(text)
    if len(wanted) <= SHORT or len(text) > MAX_CHARS:
        return []
    whole = f" {wanted} "
    return [
        name.key for name in names if any(whole in f" {_make_form(label).plain} " for label in name.labels)
    ]


_NOWHERE = 4


def _measure_match(wanted: str, name: Name) -> int:
    plains = [_make_form(label).plain for label in name.labels]
    if wanted in plains:
        return 0
    if any(label.startswith(wanted) for label in plains):
        return 1
    if any(f" {wanted}" in label for label in plains):
        return 2
    return 3 if any(wanted in label for label in plains) else _NOWHERE


def _find_exact(wanted: str, names: Sequence[Name]) -> tuple[str, ...]:
    target = _make_form(wanted)
    same = [
        name.key
        for name in names
        for form in map(_make_form, name.labels)
        if form.compact == target.compact or (target.kinded and form.kinded == target.kinded)
    ]
    return tuple(dict.fromkeys(same))


def _list_spellings(text: str) -> tuple[str, ...]:
    """Give the text itself, then without the words said of every office here."""
    plain = _fold(text)
    without = plain
    for phrase in lexicon()["name"]["noise"]:
        without = " ".join(re.sub(rf"\b{phrase}\b", " ", without).split())
    return (plain, without) if without and without != plain else (plain,)


@lru_cache(maxsize=4096)
def _fold(text: str) -> str:
    words = re.sub(r"[^\w]|_", " ", tidy(text).replace("&", " dan "))
    return " ".join(words.split())


@lru_cache(maxsize=4096)
def _make_form(label: str) -> _Form:
    plain = _fold(label)
    linking, kinds, short = (lexicon()["name"][table] for table in ("linking", "kind", "short"))
    kinded = tuple(kinds.get(w, w) for w in plain.split() if w not in linking and kinds.get(w, w))
    words = tuple(part for word in kinded for part in _write_out(word, short).split())
    return _Form(plain, plain.replace(" ", ""), kinded, words, "".join(word[0] for word in words))


def _write_out(word: str, short: dict[str, str]) -> str:
    """Write a short form out; "dinkes" and "disdik" are cut into their office kind and the rest."""
    if word in short:
        return short[word]
    if word[:3] in ("din", "dis") and word[3:] in short:
        return f"dinas {short[word[3:]]}"
    return word


def _rank(text: str, names: Sequence[Name]) -> list[tuple[float, str]]:
    """Score every name against the text, best first; only what passes the threshold."""
    wanted = _make_form(_list_spellings(text)[-1])
    if len(wanted.compact) < 2:
        return []
    weigh = _weigh_words(tuple(name.labels for name in names))
    scored = [
        (
            max((_score_name(wanted, _make_form(label), weigh=weigh) for label in name.labels), default=0.0),
            name,
        )
        for name in names
    ]
    ranked = [(score, name.key) for score, name in scored if score >= THRESHOLD]
    return sorted(ranked, key=lambda pair: -pair[0])


@lru_cache(maxsize=64)
def _weigh_words(labels: tuple[tuple[str, ...], ...]) -> dict[str, float]:
    """Weigh each word by how few names carry it: "dinas" tells little, "kesehatan" much."""
    carried: dict[str, int] = {}
    for group in labels:
        for word in {word for label in group for word in _make_form(label).words}:
            carried[word] = carried.get(word, 0) + 1
    return {word: 0.15 + log((1 + len(labels)) / count) for word, count in carried.items()}


def _score_name(wanted: _Form, label: _Form, *, weigh: dict[str, float]) -> float:
    whole = 0.0
    if min(len(wanted.compact), len(label.compact)) > SHORT:
        whole = _share_chars(wanted.compact, label.compact)
    if wanted.compact == label.initials or (
        len(wanted.compact) > 2 and label.initials.endswith(wanted.compact)
    ):
        whole = max(whole, 0.9)
    return max(whole if whole >= TOKEN_NEAR else 0.0, _score_by_words(wanted, label, weigh=weigh))


def _score_by_words(wanted: _Form, label: _Form, *, weigh: dict[str, float]) -> float:
    """Score by the words: how much of what was typed is in the label, and a little for how much of it is
    met.
    """
    if not wanted.words or not label.words:
        return 0.0
    rarest = max(weigh.values(), default=1.0)
    got = total = 0.0
    met: set[str] = set()
    for word in wanted.words:
        near, other = max((_score_nearness(word, other), other) for other in label.words)
        weight = weigh.get(word, weigh.get(other, rarest) if near >= TOKEN_NEAR else rarest)
        total += weight
        if near >= TOKEN_NEAR:
            got += near * weight
            met.add(other)
    all_of_it = sum(weigh.get(word, rarest) for word in label.words)
    coverage = sum(weigh.get(word, rarest) for word in met) / all_of_it
    score = got / total * (0.8 + 0.2 * coverage)
    # The whole label stands in a longer text: "dinas pendidikan dan kebudayaan".
    return max(score, CONTAINED) if len(met) > 1 and coverage > 0.99 else score


def _score_nearness(word: str, other: str) -> float:
    if word == other:
        return 1.0
    if len(word) >= SHORT and other.startswith(word):
        return 0.92
    if len(word) <= SHORT or len(other) <= SHORT:
        return 0.0
    return _share_chars(word, other)


@lru_cache(maxsize=4096)
def _drop_vowels(word: str) -> str:
    return re.sub(r"[aiueo]", "", word)


@lru_cache(maxsize=65536)
def _share_chars(word: str, other: str) -> float:
    """Share of characters in common; words without their vowels ("kcmtn") count nearly as much."""
    near = ratio(word, other, score_cutoff=100 * TOKEN_NEAR) / 100  # percent; 0 below the cutoff
    if near < TOKEN_NEAR and _drop_vowels(word) == word == _drop_vowels(other) and len(word) > 2:
        return 0.85
    return near
