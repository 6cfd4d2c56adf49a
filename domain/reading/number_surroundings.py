"""What stands around a number: a unit, a currency, "per tahun", an approximation or a bound."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from domain.reading.lexicon import lexicon
from domain.reading.number_words import number_words
from domain.reading.result import Bound

PERCENT, RUPIAH = "percent", "rupiah"
_NEXT = re.compile(r"\s*([0-9.,]*)\s*([^\W\d_]*)")  # a number and the word behind it


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the words and signs around one number say; `unknown` where some of them say nothing we know."""

    unit: str = ""
    per: str = ""
    bound: Bound = Bound.NONE
    unknown: bool = False

    def plain(self, asked: Collection[str]) -> bool:
        """Tell whether all of it leaves the number as it is, at a question that asks for the units
        `asked`.
        """
        fits = self.unit in asked if asked else not is_currency(self.unit) or self.unit == RUPIAH
        return not (self.unknown or self.per or self.bound is not Bound.NONE) and (not self.unit or fits)


def surroundings(
    before: Sequence[str], after: Sequence[str], *, money: bool, asked: Mapping[str, str]
) -> Surroundings:
    """Read the words before a number and behind it.

    `money` tells that Rp stood there; `asked` are words of the question's own unit, each with the unit's
    name.
    """
    front = _drop_openers(list(before))
    if front and front[0] in _load_phrases("per"):  # "per tahun 25 juta"
        return Surroundings(RUPIAH if money else "", " ".join(front[1:]), unknown=True)
    bound, front = _read_bound(front, "bound_before")
    again, front = _read_bound(_drop_openers(front), "bound_before")
    currency, front = _read_currency(_drop_openers(front))
    back, per = _cut_per(list(after))
    behind, back = _read_bound(back, "bound_behind")
    unit, back = _read_unit(back, asked)
    if behind is Bound.NONE:  # "30 orang lebih"
        behind, back = _read_bound(back, "bound_behind")
    bounds = [bound_read for bound_read in (bound, again, behind) if bound_read is not Bound.NONE]
    units = {name for name in (currency, unit, RUPIAH if money else "") if name}
    unknown = bool(front or back) or len(units) > 1 or len(bounds) > 1
    return Surroundings(
        currency or unit or (RUPIAH if money else ""), per, bounds[0] if bounds else Bound.NONE, unknown
    )


def opens_per(word: str, rest: str) -> bool:
    """Tell whether behind a number this word begins a "per tahun", and not another number or "per cent"."""
    digits, following = _NEXT.match(rest).groups()  # type: ignore[union-attr]
    if word == "per":
        return following != "cent"
    if word == "/" and digits:
        return following in _load_units()
    return word in _load_phrases("per") and bool(digits or following)


def about_scale(word: str, *, begun: bool) -> str:
    """Name the number inside "jutaan" or "sejutaan"; "" for another word.

    "2 jutaan" has `begun` with 2; "jutaan" alone says no number, "sejutaan" does.
    """
    number = word.removesuffix("an")
    alone = number in lexicon()["number"]["one_of"] or number in lexicon()["number"]["together"]
    return number if number != word and number in number_words() and (begun or alone) else ""


def without_openers(text: str) -> str:
    """Take the opening words off."""
    return " ".join(_drop_openers(text.split()))


def unit_of(said: str) -> str:
    """Name the unit that a word or sign stands for; the word itself where it is no unit we know."""
    return _load_units().get(said.casefold(), said.casefold())


def is_currency(unit: str) -> bool:
    return unit in _load_phrases("currencies")


@cache
def _load_units() -> dict[str, str]:
    return {word: unit for unit, words in lexicon()["number"]["unit"].items() for word in words}


@cache
def _load_phrases(name: str) -> tuple[str, ...]:
    return tuple(lexicon()["number"][name])


@cache
def _load_bounds(side: str) -> tuple[tuple[tuple[str, ...], Bound], ...]:
    """List the phrases that say a bound on one side of the number, longest first: "tidak lebih dari" is no
    "lebih".
    """
    phrases = [
        (tuple(phrase.split()), Bound(name))
        for name, phrases in lexicon()["number"][side].items()
        for phrase in phrases
    ]
    return tuple(sorted(phrases, key=lambda pair: -len(pair[0])))


def _drop_openers(words: list[str]) -> list[str]:
    """Take the words off that open a sentence and say nothing."""
    openers = sorted((tuple(phrase.split()) for phrase in _load_phrases("openers")), key=len, reverse=True)
    while words:
        opener = next((phrase for phrase in openers if tuple(words[: len(phrase)]) == phrase), None)
        if opener is None:
            break
        words = words[len(opener) :]
    return words


def _read_bound(words: list[str], side: str) -> tuple[Bound, list[str]]:
    for phrase, bound in _load_bounds(side):
        if tuple(words[: len(phrase)]) == phrase:
            return bound, words[len(phrase) :]
    return Bound.NONE, words


def _read_currency(words: list[str]) -> tuple[str, list[str]]:
    unit = _load_units().get(" ".join(words), "")
    return (unit, []) if is_currency(unit) else ("", words)


def _read_unit(words: list[str], asked: Mapping[str, str]) -> tuple[str, list[str]]:
    for length in range(len(words), 0, -1):
        said = " ".join(words[:length])
        if unit := asked.get(said) or _load_units().get(said):
            return unit, words[length:]
    return "", words


def _cut_per(words: list[str]) -> tuple[list[str], str]:
    """Cut off "per tahun", "/orang", "setiap bulan", "sebulan"; "per cent" is a unit."""
    for at, word in enumerate(words):
        if word in _load_phrases("per") and words[at : at + 2] != ["per", "cent"]:
            return words[:at], " ".join(following for following in words[at + 1 :] if following != "-") or "?"
        if each := lexicon()["number"]["each"].get(word):
            return words[:at], each
        if word.startswith("per") and word[3:] in _load_units() and word not in _load_units():
            return words[:at], word[3:]
    return words, ""
