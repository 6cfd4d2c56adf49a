"""Dates written out: 3 Agustus 2025, 03/08/2025, 2025-08-03, Agustus 2025, 2019."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date

from domain.reading.calendar_names import months
from domain.reading.partial_date import FIRST_YEAR, YEARS_AHEAD, PartialDate, Precision
from domain.reading.relative_dates import DateResult
from domain.reading.result import Ambiguous, NotUnderstood, Understood

SHORT_YEARS_BACK = 10  # a two-digit year further back is rather a day or a slip
BETWEEN = r"[ \-/.,]*"

_MONTH = r"(?:(?:bulan|bln|of) )?(?P<month>[a-z]+)"
_YEAR = r"(?:(?:tahun|thn|th|taun) ?)?(?P<year>[0-9]+)"
_DAY = r"(?P<day>[0-9]{1,2})"
_MARK = r"(?: ?[-/.,] ?| )"
_NUMBER = r"(?:(?:bulan|bln) )?(?P<month>[0-9]{1,2})"
_PART = r"(?P<part>medio|permulaan|penghabisan|awal|pertengahan|tengah|akhir|penghujung|early|mid|late) "


def read_whole(text: str, today: date, *, precision: Precision) -> DateResult | None:
    """Read a text that is nothing but a date; None when it has no such shape."""
    for pattern, read in _SHAPES:
        if match := pattern.fullmatch(text):
            result = read(match, today, precision)
            if result is not None:
                return result
    return None


def _read_year(text: str, today: date) -> tuple[int, bool] | None:
    """Read a year: two digits are the nearest such year that is not far ahead; None out of range."""
    sure = True
    if len(text) == 2:
        year = today.year // 100 * 100 + int(text)
        year -= 100 if year > today.year + YEARS_AHEAD else 0
        sure = year >= today.year - SHORT_YEARS_BACK
    else:
        year = int(text) if len(text) == 4 else 0
    return (year, sure) if FIRST_YEAR <= year <= today.year + YEARS_AHEAD else None


def _make_day(year: str, candidates: Iterable[int], *, day: str, today: date, sure: bool) -> DateResult:
    """Make a day; several months a slip can mean are offered together."""
    read = _read_year(year, today)
    if read is None:
        return NotUnderstood("out_of_range", "")
    days = _list_possible([(read[0], month, int(day)) for month in candidates])
    if not days:
        return NotUnderstood("impossible_date", "")
    return Understood(days[0], sure and read[1], "") if len(days) == 1 else Ambiguous(days, "")


def _list_possible(parts: Iterable[tuple[int, int, int]]) -> tuple[PartialDate, ...]:
    days = []
    for year, month, day in parts:
        try:
            days.append(PartialDate(date(year, month, day)))
        except ValueError:
            continue
    return tuple(days)


def _make_month(year: str, candidates: tuple[int, ...], *, today: date, sure: bool) -> DateResult:
    read = _read_year(year, today)
    if read is None:
        return NotUnderstood("out_of_range", "")
    if not all(1 <= month <= 12 for month in candidates):
        return NotUnderstood("impossible_date", "")
    candidates_of_year = tuple(PartialDate(date(read[0], month, 1), "month") for month in candidates)
    return (
        Understood(candidates_of_year[0], sure and read[1], "")
        if len(candidates_of_year) == 1
        else Ambiguous(candidates_of_year, "")
    )


def _ask_year(candidates: tuple[int, ...], day: str, *, today: date) -> DateResult:
    """Ask back which year: this one or the last."""
    if not _list_possible((2000, month, int(day)) for month in candidates):  # 2000 had a 29 February
        return NotUnderstood("impossible_date", "")
    days = _list_possible((year, candidates[0], int(day)) for year in (today.year, today.year - 1))
    if len(candidates) > 1 or not days:
        return NotUnderstood("year_missing", "")
    return Ambiguous(days, "") if len(days) > 1 else Understood(days[0], False, "")


def _read_named_day(match: re.Match[str], today: date, _: Precision) -> DateResult | None:
    candidates, known = months(match["month"])
    if not candidates:
        return None
    if len(match["year"]) == 1:
        return NotUnderstood("year_missing", "")
    return _make_day(match["year"], candidates, day=match["day"], today=today, sure=known)


def _read_named_day_without_year(match: re.Match[str], today: date, _: Precision) -> DateResult | None:
    candidates, _known = months(match["month"])
    return _ask_year(candidates, match["day"], today=today) if candidates else None


def _read_named_month(match: re.Match[str], today: date, precision: Precision) -> DateResult | None:
    candidates, known = months(match["month"])
    if not candidates:
        return None
    if len(match["year"]) <= 2 and "tahun" not in match[0]:
        if precision == "day" or len(match["year"]) == 1:  # "Agustus 25": more likely a day than a year
            return _ask_year(candidates, match["year"], today=today)
        known = False
    return _make_month(match["year"], candidates, today=today, sure=known)


def _read_part_of_month(match: re.Match[str], today: date, _: Precision) -> DateResult | None:
    candidates, _known = months(match["month"])
    return _make_month(match["year"], candidates, today=today, sure=False) if candidates else None


def _read_part_of_year(match: re.Match[str], today: date, precision: Precision) -> DateResult | None:
    year = _read_only_year(match, today, precision)
    return Understood(year.value, False, "") if isinstance(year, Understood) else year


def _read_bare_month(match: re.Match[str], today: date, precision: Precision) -> DateResult | None:
    candidates, known = months(match["month"])
    if not candidates or not (known or len(match["month"]) > 3):
        return None
    if precision == "day" or len(candidates) > 1:
        return NotUnderstood("year_missing", "")
    return Ambiguous(
        tuple(PartialDate(date(y, candidates[0], 1), "month") for y in (today.year, today.year - 1)), ""
    )


def _read_numeric_day(match: re.Match[str], today: date, _: Precision) -> DateResult:
    marks = {match["mark"].strip(), match["mark2"].strip()}
    sure = len(marks) == 1 and "," not in marks
    return _make_day(match["year"], (int(match["month"]),), day=match["day"], today=today, sure=sure)


def _read_numeric_without_year(match: re.Match[str], today: date, _: Precision) -> DateResult:
    return _ask_year((int(match["month"]),), match["day"], today=today)


def _read_numeric_month(match: re.Match[str], today: date, _: Precision) -> DateResult:
    month, year = int(match["month"]), match["year"]
    sure = match["mark"].strip() in ("-", "/", ".") and "," not in match["mark"]
    # "2011/12" may as well be the school year 2011/2012.
    sure = sure and not (match.start("year") == 0 and month == (int(year) + 1) % 100)
    return _make_month(year, (month,), today=today, sure=sure)


def _read_digits(match: re.Match[str], today: date, _: Precision) -> DateResult:
    """Read 03082025 or 20250803; a year stands on one side only, so at most one of them is a date."""
    text = match[0]
    readings = ((text[4:], text[2:4], text[:2]), (text[:4], text[4:6], text[6:]))
    for year, month, day in readings:
        result = _make_day(year, (int(month),), day=day, today=today, sure=False)
        if isinstance(result, Understood):
            return result
    return NotUnderstood("unreadable", "")


def _read_only_year(match: re.Match[str], today: date, _: Precision) -> DateResult | None:
    read = _read_year(match["year"], today) if len(match["year"]) == 4 else None
    if read is None:
        return NotUnderstood("out_of_range", "")
    return Understood(PartialDate(date(read[0], 1, 1), "year"), True, "")


def _read_only_day(match: re.Match[str], today: date, _: Precision) -> DateResult:
    return NotUnderstood("month_missing", "")


_Read = Callable[[re.Match[str], date, Precision], DateResult | None]
# The first shape that fits and makes sense wins, so the fuller ones stand first.
_SHAPES: tuple[tuple[re.Pattern[str], _Read], ...] = tuple(
    (re.compile(pattern), read)
    for pattern, read in (
        (rf"{_DAY}{BETWEEN}{_MONTH}{BETWEEN}{_YEAR}", _read_named_day),
        (rf"(?P<month>[a-z]+){BETWEEN}{_DAY}(?:[ \-/.,]+)(?P<year>[0-9]{{4}})", _read_named_day),
        (rf"(?P<year>[0-9]{{4}}){BETWEEN}(?P<month>[a-z]+){BETWEEN}{_DAY}", _read_named_day),
        (
            rf"{_DAY}(?P<mark>{_MARK}){_NUMBER}(?P<mark2>{_MARK})"
            r"(?:(?:tahun|thn) )?(?P<year>[0-9]{4}|[0-9]{2})",
            _read_numeric_day,
        ),
        (
            rf"(?P<year>[0-9]{{4}})(?P<mark>{_MARK})(?P<month>[0-9]{{1,2}})(?P<mark2>{_MARK}){_DAY}",
            _read_numeric_day,
        ),
        (r"[0-9]{8}", _read_digits),
        (rf"{_DAY}{BETWEEN}{_MONTH}", _read_named_day_without_year),
        (rf"{_PART}{_MONTH}{BETWEEN}{_YEAR}", _read_part_of_month),
        (rf"{_PART}{_YEAR}", _read_part_of_year),
        (rf"{_MONTH}{BETWEEN}{_YEAR}", _read_named_month),
        (rf"(?P<year>[0-9]{{4}}){BETWEEN}{_MONTH}", _read_named_month),
        (rf"{_NUMBER}(?P<mark>{_MARK}|(?: tahun | thn ))(?P<year>[0-9]{{4}})", _read_numeric_month),
        (rf"(?P<year>[0-9]{{4}})(?P<mark>{_MARK})(?P<month>[0-9]{{1,2}})", _read_numeric_month),
        (rf"{_DAY}(?P<mark>{_MARK}){_NUMBER}", _read_numeric_without_year),
        (_DAY, _read_only_day),
        (r"(?:(?:tahun|thn|th|taun|year) ?)?(?P<year>[0-9]{3,6})", _read_only_year),
        (_MONTH, _read_bare_month),
    )
)
