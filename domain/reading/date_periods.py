"""Quarters, semesters and weeks of a month: "Triwulan III 2025", "semester 1 tahun 2025", "minggu kedua
Maret 2025".
"""

from __future__ import annotations

import re
from datetime import date

from domain.reading.calendar_names import months
from domain.reading.date_order import told_year
from domain.reading.lexicon import lexicon
from domain.reading.partial_date import FIRST_YEAR, YEARS_AHEAD, PartialDate, Precision
from domain.reading.relative_dates import DateResult
from domain.reading.result import Ambiguous, NotUnderstood, Understood

MOST_CHOICES = 3  # months that are offered; a semester has more, so its month is asked for
_MONTHS_OF = {"quarter": 3, "third": 4, "half": 6}  # kind of period -> its months
_ORDINALS = {
    **{"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5},
    **{"pertama": 1, "kesatu": 1, "kedua": 2, "ketiga": 3, "keempat": 4, "kelima": 5, "terakhir": -1},
    **{"first": 1, "second": 2, "third": 3, "fourth": 4, "last": -1},
}
_ORDINAL = rf"(?:ke[ -]?)?(?P<n>[1-9]|{'|'.join(sorted(_ORDINALS, key=len, reverse=True))})(?:st|nd|rd|th)?"
_YEAR = r"(?:(?:tahun anggaran|tahun|thn|th|ta|t\.a|year|of)\.?[ ]*)?(?P<year>[0-9]{4}|[0-9]{2})"
_PART = r"(?:(?:pada|di|sejak|mulai|awal|pertengahan|akhir|selama|dalam|in|early|late|mid) )*"
_TOLD = re.compile(r"\b(?:tahun|thn|th) (?P<which>lalu|kemarin|ini|depan)$")
_YEAR_FIRST = re.compile(r"^((?:(?:tahun|thn|th|ta) )?[0-9]{4})[ ,./-]+([a-z].*)$")
_PERIOD = re.compile(rf"{_PART}(?P<kind>[a-z]+(?: wulan)?)[ .-]*{_ORDINAL}(?:[ ,./-]*{_YEAR})?")
_ORDINAL_FIRST = re.compile(
    r"^(?:the )?(?P<n>first|second|third|fourth|[1-4]) (?P<kind>quarter|half|semester|trimester)\b"
)
# "Minggu 3 Agustus 2025" is a Sunday, so a week's figure needs its "ke"
_WEEK = rf"(?:minggu|pekan|week|dasarian)[ .-]*(?![0-9]){_ORDINAL}"
_MONTH = r"(?:(?:bulan|bln|of) )?(?P<month>[a-z]{3,})"
_WEEKS = tuple(
    re.compile(rf"{_PART}{shape}")
    for shape in (rf"{_WEEK} {_MONTH}[ ,./-]*{_YEAR}", rf"{_MONTH} {_WEEK}[ ,./-]*{_YEAR}")
)


def read_period(text: str, today: date, *, precision: Precision) -> DateResult | None:
    """Read a part of a year or month, never surer than its months; None when the text is no such period."""
    text = _TOLD.sub(lambda match: f"tahun {told_year(match['which'], today)}", text)
    text = _YEAR_FIRST.sub(r"\2 \1", text)
    text = _ORDINAL_FIRST.sub(r"\g<kind> \g<n>", text)
    if (match := _PERIOD.fullmatch(text)) and (kind := _name_kind(match["kind"])):
        return _read_part_of_year(match, kind, today=today, precision=precision)
    for shape in _WEEKS:
        if (match := shape.fullmatch(text)) and (month_numbers := months(match["month"])[0]):
            return _read_month(match, month_numbers, today=today)
    return None


def _name_kind(word: str) -> str:
    return next((kind for kind, words in lexicon()["date"]["period"].items() if word in words), "")


def _read_part_of_year(match: re.Match[str], kind: str, *, today: date, precision: Precision) -> DateResult:
    length = _MONTHS_OF[kind]
    count, ordinal = 12 // length, match["n"]
    number = int(ordinal) if ordinal.isdigit() else _ORDINALS[ordinal]
    number = count if number < 0 else number
    if number > count:
        return NotUnderstood("impossible_date", "")
    if not match["year"]:
        return NotUnderstood("year_missing", "")
    if (year := _read_year(match["year"], today)) is None:
        return NotUnderstood("out_of_range", "")
    if precision == "year":
        return Understood(PartialDate(date(year, 1, 1), "year"), False, "")
    if precision == "day" or length > MOST_CHOICES:
        return NotUnderstood("day_missing" if precision == "day" else "month_missing", "")
    first = (number - 1) * length + 1
    return Ambiguous(
        tuple(PartialDate(date(year, month, 1), "month") for month in range(first, first + length)), ""
    )


def _read_month(match: re.Match[str], month_numbers: tuple[int, ...], *, today: date) -> DateResult:
    year = _read_year(match["year"], today)
    if year is None:
        return NotUnderstood("out_of_range", "")
    values = tuple(PartialDate(date(year, month, 1), "month") for month in month_numbers)
    return Understood(values[0], False, "") if len(values) == 1 else Ambiguous(values, "")


def _read_year(text: str, today: date) -> int | None:
    year = int(text) if len(text) == 4 else today.year // 100 * 100 + int(text)
    return year if FIRST_YEAR <= year <= today.year + YEARS_AHEAD else None
