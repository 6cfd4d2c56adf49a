"""Dates told in another order than day, month, year: "bulan Februari tanggal 3 tahun 2025", "3 Februari
tahun lalu".
"""

from __future__ import annotations

import re
from datetime import date

from domain.reading.calendar_names import months

_DOTTED = re.compile(r"\b(th|thn|tgl|tggl|bln)\. ?(?=[0-9a-z])")
_LAST = r"(?:yang |yg )?lalu|kemarin|kemaren|kmrn|silam"
_TOLD_YEAR = re.compile(rf"(?P<rest>.*?),? (?:pada )?(?:tahun|thn|th|taun) (?P<which>{_LAST}|ini|depan)")
_ENGLISH_YEAR = re.compile(r"(?P<rest>.*?),? (?:of )?(?P<which>last|this|next) year")
_YEAR_FIRST = re.compile(rf"(?:tahun|thn|th|taun) (?P<which>{_LAST}|ini|depan),? (?P<rest>.*)")
_SHORT_DAY = re.compile(r"[0-9]{1,2}(?P<mark>[-/.])[0-9]{1,2}")
_PAST = re.compile(rf"(?P<rest>[0-9]{{1,2}} [a-z]{{3,}}),? (?:{_LAST})")
_THEN = r"[ ,./-]+"
_YEAR = r"(?:(?:tahun|thn|th|taun) ?)(?P<year>[0-9]{4})"
_DAY = r"(?:tanggal|tgl|tggl) ?(?P<day>[0-9]{1,2})"
_MONTH = r"(?:(?:bulan|bln) )?(?P<month>[a-z]{3,}|(?<=bulan )[0-9]{1,2}|(?<=bln )[0-9]{1,2})"
_ORDERS = tuple(
    re.compile(shape)
    for shape in (
        rf"(?:pada )?{_MONTH}{_THEN}{_DAY}{_THEN}(?:tahun|thn|th|taun)? ?(?P<year>[0-9]{{4}})",
        rf"(?:pada )?{_YEAR}{_THEN}{_MONTH}{_THEN}{_DAY}",
        rf"(?:pada )?{_YEAR}{_THEN}{_DAY}{_THEN}{_MONTH}",
        rf"(?:pada )?{_MONTH}{_THEN}{_YEAR}{_THEN}{_DAY}",
    )
)
_YEAR_AND_MONTH = re.compile(rf"(?:pada )?{_YEAR}{_THEN}{_MONTH}")
_BUDGET_YEAR = re.compile(r"(?:tahun anggaran|ta|t\.a)\.? ?(?P<year>[0-9]{4})")


def in_order(text: str, today: date) -> tuple[str, bool]:
    """Write a date in the order day, month, year; tells whether the year stood there, and was not told
    from today.
    """
    text = _DOTTED.sub(r"\1 ", text)
    for order in _ORDERS:
        if match := order.fullmatch(text):
            return f"{match['day']} bulan {match['month']} tahun {match['year']}", True
    if match := _YEAR_AND_MONTH.fullmatch(text):
        return f"bulan {match['month']} tahun {match['year']}", True
    if match := _BUDGET_YEAR.fullmatch(text):
        return f"tahun {match['year']}", False
    match = _TOLD_YEAR.fullmatch(text) or _YEAR_FIRST.fullmatch(text) or _ENGLISH_YEAR.fullmatch(text)
    if match and (mark := _find_between(match["rest"])):
        return f"{match['rest']}{mark}{told_year(match['which'], today)}", False
    if (match := _PAST.fullmatch(text)) and _names_month(match["rest"]):
        return match["rest"], False
    return text, True


def told_year(which: str, today: date) -> int:
    """Name the year that "lalu", "ini" or "depan" tells from today, or "last", "this" or "next"."""
    return today.year + {"ini": 0, "depan": 1, "this": 0, "next": 1}.get(which, -1)


def _find_between(day: str) -> str:
    """Find what stands between a day without year and its year; "" when it is no such day."""
    if short := _SHORT_DAY.fullmatch(day):
        return short["mark"]
    return " " if _names_month(day) else ""


def _names_month(text: str) -> bool:
    return any(months(word)[1] for word in re.findall(r"[a-z]{3,}", text))
