"""The levels of an indicator as people say them in ordinary speech (level_words.toml)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from math import ceil

from pydantic import BaseModel, ConfigDict

from domain.reading.range_words import one_of, until
from domain.reading.result import MAX_CHARS, tidy
from domain.rules.load import read

FILE = "level_words.toml"
_WORD = re.compile(r"[^\W_]+")
_YEAR = re.compile(r"\b20[0-9]{2}\b")
_T = re.compile(r"\bt ?[-–]? ?([0-2])\b")
YEARS_MOST = 10  # of a span that is read


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Said(_Strict):
    """What says level 1, 2 and 3 of one indicator: words, or years counted back from T-0."""

    said: tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]] = ((), (), ())
    years: tuple[tuple[tuple[int, ...], ...], ...] = ()
    in_a_row: tuple[int, ...] = ()


class _LevelWords(BaseModel):
    model_config = ConfigDict(extra="allow", frozen=True)
    called: tuple[str, ...]
    owned: str
    one_before: str
    year: tuple[str, ...]
    run: tuple[str, ...]
    past: tuple[str, ...]
    beside: frozenset[str]
    of_papers: frozenset[str]
    doubt: frozenset[str]
    percent: Mapping[str, Decimal]
    count: Mapping[str, Mapping[str, Decimal]]
    same: Mapping[str, tuple[str, ...]]
    counted: Mapping[str, Decimal]
    back: Mapping[str, int]  # years
    __pydantic_extra__: dict[str, _Said]


@dataclass(frozen=True, slots=True)
class SaidLevels:
    """The levels a text names, highest first; `sure` where nothing beside one of them was said."""

    levels: tuple[int, ...]
    sure: bool


@cache
def load_level_words() -> _LevelWords:
    """Read the packaged words once; raises RulesError naming file, key and value."""
    return read(_LevelWords, (files("domain") / "data" / FILE).read_text("utf-8"), name=FILE)


def read_levels(key: str, text: str, *, year: int) -> SaidLevels | None:
    """Read which levels of an indicator a text says; None where it says none.

    `key` is the indicator's, with its basis behind a dot; `year` is T-0, the year of the rules.
    """
    said = (load_level_words().__pydantic_extra__ or {}).get(key)
    clean = tidy(text[: MAX_CHARS + 1])
    if said is None or len(text) > MAX_CHARS:
        return None
    if said.years and (by_years := _read_years(said, clean, year=year)) is not None:
        return by_years
    words = _WORD.findall(clean)
    taken = _take_phrases(words, said.said)
    if not taken:
        return None
    rest = [word for word, level in zip(words, taken, strict=True) if not level]
    levels = tuple(sorted({level for level in taken if level}, reverse=True))
    sure = len(levels) == 1 and not _shows_doubt(clean) and _says_nothing(rest)
    return SaidLevels(levels, sure) if levels else None


def plainer_number(text: str, *, unit: str) -> str:
    """Write a count so that its reader knows it: without the words that say nothing around it, a share in
    per cent, and other units in the one that is asked for, as 12 bulan for "setahun".
    """
    words, clean = load_level_words(), tidy(text[: MAX_CHARS + 1])
    if len(text) > MAX_CHARS or _shows_doubt(clean):
        return text
    clean = " ".join(_strip(clean.split()))
    if unit == "%":
        for share, percent in words.percent.items():
            clean = re.sub(rf"\b{share}(?:{words.owned})?\b(?! (?:persen|%))", f"{percent} persen", clean)
    for other, times in words.count.get(unit, {}).items():
        clean = _convert(clean, other, times=times, unit=unit)
    return clean or text


def _shows_doubt(clean: str) -> bool:
    return "?" in clean or not load_level_words().doubt.isdisjoint(_WORD.findall(clean))


def same_units(unit: str) -> tuple[str, ...]:
    """List what people count where it is the same as the unit that is asked for."""
    return load_level_words().same.get(unit, ())


def _convert(clean: str, other: str, *, times: Decimal, unit: str) -> str:
    """Write "setengah tahun" or "2 minggu" in the unit that is asked for, a part of one as a whole, where no
    other word stands before it.
    """
    words = load_level_words()
    match = re.match(rf"(?:{words.one_before}|({one_of(words.counted)}|[0-9]{{1,2}}) ){other}\b", clean)
    if match is None:
        return clean
    count = _read_count(match[1]) if match[1] else 1
    return f"{ceil(count * times)} {unit}{clean[match.end() :]}"


def _read_count(said: str) -> Decimal:
    """Read how many a word or a numeral says."""
    return load_level_words().counted.get(said) or Decimal(said)


def _strip(words: Sequence[str]) -> Sequence[str]:
    """Leave the words away that say nothing, before and behind."""
    beside = load_level_words().beside
    kept = list(words)
    while kept and kept[0].strip(".,!") in beside:
        kept.pop(0)
    while kept and kept[-1].strip(".,!") in beside:
        kept.pop()
    return kept


def _take_phrases(words: Sequence[str], said: Iterable[Sequence[str]]) -> list[int]:
    """Give each word the level whose phrase it stands in, 0 for none; longer phrases first."""
    phrases = [(phrase.split(), level) for level, ways in enumerate(said, 1) for phrase in ways]
    taken = [0] * len(words)
    for phrase, level in sorted(phrases, key=lambda pair: -len(pair[0])):
        for at in range(len(words) - len(phrase) + 1):
            span = slice(at, at + len(phrase))
            if not any(taken[span]) and all(map(_is_word, words[span], phrase)):
                taken[span] = [level] * len(phrase)
    return taken


def _is_word(word: str, known: str) -> bool:
    return known in (word, _strip_owned(word))


def _strip_owned(word: str) -> str:
    return word.removesuffix(load_level_words().owned)


def _says_nothing(words: Iterable[str]) -> bool:
    known = load_level_words().beside | load_level_words().of_papers
    return all(word.isdigit() or word in known or _strip_owned(word) in known for word in words)


def _read_years(said: _Said, clean: str, *, year: int) -> SaidLevels | None:
    """Read the level from the years that are named, or counted in a row."""
    plain = " ".join(re.sub(r"[^\w\-–/ ]|_", " ", clean).split())
    back, rest = _list_years(plain, year)
    if not back:
        return _read_row(said, plain, doubt=_shows_doubt(clean))
    fits = [n for n, sets in enumerate(said.years, 1) if any(set(needed) <= back for needed in sets)]
    sure = not _shows_doubt(clean) and back <= {0, 1, 2} and _says_nothing(rest)
    return SaidLevels((fits[-1],), sure) if fits else None


@cache
def _counted_in_a_row() -> re.Pattern[str]:
    words = load_level_words()
    return re.compile(
        rf"\b({one_of(words.counted)}|[1-3]) (?:{one_of(words.year)})(?: (?:{one_of(words.run)}))*\b"
        rf"(?! (?:{one_of(words.past)}))"
    )


@cache
def _two_years() -> re.Pattern[str]:
    return re.compile(rf"\b(20[0-9]{{2}}) ?(?:-|{until()}) ?(20[0-9]{{2}})\b")


@cache
def _called_by_number() -> re.Pattern[str]:
    return re.compile(rf"(?:{one_of(load_level_words().called)})\s*([0-3])")


def named_level(word: str) -> str:
    """Return the number of a level that is called by it, as "level 2"; "" where none is."""
    match = _called_by_number().fullmatch(word)
    return match[1] if match else ""


def may_be_level(caption: str) -> bool:
    """Whether a caption is no more than a level or a count, as "2", "level 2" or "12 orang"."""
    called = one_of(load_level_words().called)
    return bool(re.fullmatch(rf"(?:(?:{called})\s*)?[0-9]{{1,3}}(?:\s+[a-z]+)?", caption, re.IGNORECASE))


def _read_row(said: _Said, plain: str, *, doubt: bool) -> SaidLevels | None:
    row = _counted_in_a_row().search(plain)
    if row is None:
        return None
    count = _read_count(row[1])
    levels = tuple(n for n, needed in enumerate(said.in_a_row, 1) if needed == count)
    rest = _WORD.findall(plain[: row.start()] + plain[row.end() :])
    return SaidLevels(levels, not doubt and _says_nothing(rest)) if levels else None


def _list_years(plain: str, year: int) -> tuple[set[int], Sequence[str]]:
    """List the years named in a text, counted back from the year of the rules, and the words beside them."""
    back = {
        year - named
        for first, last in _two_years().findall(plain)
        for named in range(int(first), min(int(last), int(first) + YEARS_MOST) + 1)
    }
    plain = _two_years().sub(" ", plain)
    back |= {year - int(named) for named in _YEAR.findall(plain)}
    back |= {int(named) for named in _T.findall(plain)}
    plain = _T.sub(" ", _YEAR.sub(" ", plain))
    for phrase, years in sorted(load_level_words().back.items(), key=lambda pair: -len(pair[0])):
        if re.search(rf"\b{phrase}\b", plain):
            back.add(years)
            plain = re.sub(rf"\b{phrase}\b", " ", plain)
    return back, _WORD.findall(plain)
