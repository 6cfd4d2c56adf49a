"""Dates as Indonesians write them: day first, old spellings, and never a silent guess."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import cache

from domain.reading.calendar_names import weekday
from domain.reading.date_order import in_order
from domain.reading.date_periods import read_period
from domain.reading.lexicon import lexicon
from domain.reading.number_words import Token, add_up, number_words
from domain.reading.partial_date import PartialDate, Precision, say_date, say_datetime
from domain.reading.range_words import either, until
from domain.reading.relative_dates import DateResult, read_relative
from domain.reading.result import MAX_CHARS, Ambiguous, NotUnderstood, Understood, tidy
from domain.reading.whole_dates import BETWEEN, read_whole

__all__ = ["DateResult", "PartialDate", "Precision", "read_date", "say_date", "say_datetime"]

MAX_READINGS = 3
_FINENESS: Sequence[Precision] = ("year", "month", "day")

_ZONE = r"(?:wib|wita|wit|utc|am|pm|pagi|siang|sore|malam|z)"
_TIME = re.compile(
    rf"(?:[ ,]*(?<![a-z])(?:jam|pukul|pkl|pk|at) ?[0-9]{{1,2}}(?:[:.][0-9]{{2}}){{0,2}}(?: ?{_ZONE})*"
    rf"|(?<=[0-9])[ ,t]+[0-9]{{1,2}}:[0-9]{{2}}(?::[0-9]{{2}}(?:\.[0-9]+)?)?(?: ?{_ZONE})*"
    rf"| [0-9]{{1,2}}\.[0-9]{{2}} ?(?:wib|wita|wit)"
    rf"|(?<!tadi)(?<!kemarin)(?<!kemaren)(?<!besok) (?:pagi|siang|sore|malam)(?: hari)?)$"
)
_ORDINAL = re.compile(r"(?<=[0-9])(?:st|nd|rd|th)\b")
_QUOTES = str.maketrans({**dict.fromkeys("'`\u2018\u2019\"\u201c\u201d*_"), **dict.fromkeys("()[]", " ")})
_DOUBLED = re.compile(
    r"\b(?!tanggal|tgl|tggl)(?P<word>[a-z]{3,})2(?= [a-z])"
)  # "coba2" is "coba-coba", and no second of a month
_FULL_STOP = " .,;:!?-/"
_LAST_YEAR = re.compile(r"(?<![0-9])[0-9]{4}(?![0-9])")
_INSIDE = re.compile(
    r"(?<![0-9])(?:[0-9]{1,2}[ \-/.,]*(?!(?:tahun|thn|taun)\b)[a-z]{3,}[ \-/.,]*(?:[0-9]{4}|[0-9]{2})"
    r"|(?<=bulan )[0-9]{1,2} tahun [0-9]{4}"
    r"|[0-9]{1,2}([-/.])[0-9]{1,2}\1(?:[0-9]{4}|[0-9]{2})|[0-9]{4}-[0-9]{2}-[0-9]{2})(?![0-9])"
)
_MONTH_INSIDE = re.compile(rf"[a-z]{{3,}}{BETWEEN}[0-9]{{4}}(?![0-9])")


def read_date(text: str, *, today: date, precision: Precision = "day") -> DateResult:
    """Read a date; `precision` is the coarsest that will do, `today` the local day.

    Steps: 1. tidy, without time of day; 2. told from today; 3. a whole date; 4. a range, its ends offered;
    5. a date inside other words, read back. Number words are taken as digits first, and read back.
    Reasons of a refusal: empty, unreadable, impossible_date, out_of_range, day_, month_ or year_missing.
    """
    if not text.strip():
        return NotUnderstood("empty", text)
    if len(text) > MAX_CHARS:
        return NotUnderstood("unreadable", text)
    clean = _clean_text(text)
    result: DateResult | None = None
    if (spelled := _write_digits(clean)) != clean:
        result = _make_unsure(_read(spelled, today, precision=precision))
    result = result or _read(clean, today, precision=precision)
    if "?" in text:  # the person asks, so do we
        result = _make_unsure(result)
    if result is None:
        return NotUnderstood("unreadable", text)
    return replace(_require_precision(result, precision), said=text)


def _clean_text(text: str) -> str:
    clean = " ".join(tidy(text).translate(_QUOTES).split()).strip(_FULL_STOP)
    return _DOUBLED.sub(r"\g<word>", _ORDINAL.sub("", _TIME.sub("", clean))).strip(_FULL_STOP)


def _read(clean: str, today: date, *, precision: Precision) -> DateResult | None:
    if relative := read_relative(clean, today) or read_period(clean, today, precision=precision):
        return relative
    ordered, written = in_order(clean, today)
    if not written:
        return _make_unsure(_read(ordered, today, precision=precision))
    clean = ordered
    bare, about, day_name = _strip_surroundings(clean)
    result = (about and read_relative(bare, today)) or read_whole(bare, today, precision=precision)
    if result is None:
        result = _read_range(bare, today, precision=precision) or _read_inside(
            bare, today, precision=precision
        )
    if result is None:
        return None
    return _make_unsure(result) if about or not _agrees(result, day_name) else result


def _strip_surroundings(clean: str) -> tuple[str, bool, int | None]:
    """Take off what stands around a date: openers, "sekitar", the weekday."""
    words = clean.replace("kira-kira", "kira kira")
    about = False
    day_name = None
    while True:
        head, _, tail = words.partition(" ")
        name = weekday(head.strip(",.-/"))
        if tail and name is not None and day_name is None:
            words, day_name = tail.lstrip(_FULL_STOP), name
        elif tail and head.rstrip(":,.") in lexicon()["date"]["openers"]:
            words = tail
        elif rest := _cut_about(words):
            words, about = rest, True
        else:
            break
    head, _, tail = words.rpartition(" ")
    if head and day_name is None and (name := weekday(tail)) is not None and len(tail) > 3:
        words, day_name = head.rstrip(_FULL_STOP), name
    return words, about, day_name


def _cut_about(words: str) -> str:
    for phrase in lexicon()["date"]["about"]:
        if words.startswith(f"{phrase} "):
            return words[len(phrase) + 1 :]
    return ""


def _agrees(result: DateResult, day_name: int | None) -> bool:
    if day_name is None or not isinstance(result, Understood) or result.value.precision != "day":
        return True
    return result.value.value.weekday() == day_name


def _make_unsure(result: DateResult | None) -> DateResult | None:
    return replace(result, sure=False) if isinstance(result, Understood) else result


def _require_precision(result: DateResult, precision: Precision) -> DateResult:
    """Refuse what is coarser than wanted, naming what is missing."""
    if isinstance(result, NotUnderstood):
        return result
    values = (result.value,) if isinstance(result, Understood) else result.candidates
    fine = tuple(v for v in values if _FINENESS.index(v.precision) >= _FINENESS.index(precision))
    if not fine:
        return NotUnderstood("month_missing" if values[0].precision == "year" else "day_missing", "")
    if isinstance(result, Ambiguous):
        return Ambiguous(fine[:MAX_READINGS], "") if len(fine) > 1 else Understood(fine[0], False, "")
    return result


def _read_range(text: str, today: date, *, precision: Precision) -> DateResult | None:
    """Read "3-5 Agustus 2025" or "Januari s.d. Maret 2025": both ends are offered."""
    for first, last in _split_range(text):
        end = read_whole(last, today, precision=precision)
        if not isinstance(end, Understood):
            continue
        begin = read_whole(first, today, precision=precision)
        year = _LAST_YEAR.search(last)
        if not isinstance(begin, Understood) and year and re.search(r"[a-z/]", first):
            begin = read_whole(f"{first} {year[0]}", today, precision=precision)
        if isinstance(begin, Understood) and begin.value.precision == end.value.precision:
            return Ambiguous(tuple(dict.fromkeys((begin.value, end.value))), "")
    return None


@cache
def _between_ends() -> re.Pattern[str]:
    return re.compile(rf" ?(?:\b(?:{until()}|{either()})(?![a-z])|[-&/,]) ?")


@cache
def _first_day() -> re.Pattern[str]:
    """The day alone before a range's second end, whose month it borrows."""
    return re.compile(
        rf"(?P<first>[0-9]{{1,2}}){_between_ends().pattern}(?P<rest>[0-9]{{1,2}}{BETWEEN}[a-z]+.*)"
    )


def _split_range(text: str) -> Iterator[tuple[str, str]]:
    """Try every point where a range can be cut; a day alone borrows the month of the other end."""
    if match := _first_day().fullmatch(text):
        month = re.sub(r"^[0-9]{1,2}", "", match["rest"])
        yield match["first"] + month, match["rest"]
    for cut in _between_ends().finditer(text):
        first, last = text[: cut.start()].strip(_FULL_STOP), text[cut.end() :].strip(_FULL_STOP)
        if first and last:
            yield first, last


def _read_inside(text: str, today: date, *, precision: Precision) -> DateResult | None:
    """Find dates among other words; one is read back, up to three are offered."""
    for pattern in (_INSIDE, _MONTH_INSIDE):
        results = [read_whole(match[0], today, precision=precision) for match in pattern.finditer(text)]
        values = tuple(dict.fromkeys(item.value for item in results if isinstance(item, Understood)))
        if len(values) == 1:
            return Understood(values[0], False, "")
        if values:
            return Ambiguous(values, "") if len(values) <= MAX_READINGS else NotUnderstood("unreadable", "")
        refused = [item for item in results if isinstance(item, NotUnderstood)]
        if refused:
            return refused[0]
    return None


def _write_digits(text: str) -> str:
    """Write number words as digits: "tiga agustus dua ribu dua puluh lima" -> "3 agustus 2025"."""
    pieces: list[str] = []
    run: list[Token] = []
    for word in [*text.split(), ""]:
        if word in number_words():
            run.append(word)
            continue
        added = add_up(run) if run else None
        pieces.extend(map(str, run) if added is None else [format(added.value, "f")])
        run = []
        pieces.append(word)
    return " ".join(pieces).strip()
