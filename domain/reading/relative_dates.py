"""Dates told from today: kemarin, 3 hari yang lalu, Senin lalu, bulan lalu."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import cache

from domain.reading.calendar_names import weekday
from domain.reading.lexicon import lexicon
from domain.reading.partial_date import FIRST_YEAR, YEARS_AHEAD, PartialDate
from domain.reading.result import Ambiguous, NotUnderstood, Understood

DateResult = Understood[PartialDate] | Ambiguous[PartialDate] | NotUnderstood

_SURE_DAYS = {"hari ini": 0, "today": 0, "kemarin": -1, "yesterday": -1}
_PAST = r"(?:yang |yg )?(?:lalu|kemarin|kemaren|kmrn|silam|lewat|sebelumnya)|ago"
_COMING = r"lagi|(?:yang |yg )?(?:depan|mendatang|akan datang)|ke depan|from now"
_COUNTED = re.compile(
    rf"(?P<count>[0-9]{{1,4}}|[a-z]+) ?(?P<unit>hari|minggu|pekan|bulan|tahun|days?|weeks?|months?|years?)"
    rf" (?:(?P<past>{_PAST})|(?P<coming>{_COMING}))"
)
_SPAN = re.compile(
    rf"(?:(?P<unit>minggu|pekan|bulan|tahun) (?:(?P<past>{_PAST})|(?P<coming>{_COMING})|(?P<now>ini))"
    r"|(?P<which>last|this|next) (?P<english>week|month|year))"
)
_WEEKDAY = re.compile(
    rf"(?:hari )?(?P<day>[a-z]+)(?P<week> minggu)?(?: (?:(?P<past>{_PAST})|(?P<coming>{_COMING})|ini))?"
)
_UNIT = {
    **dict.fromkeys(("hari", "day", "days"), "day"),
    **dict.fromkeys(("minggu", "pekan", "week", "weeks"), "week"),
    **dict.fromkeys(("bulan", "month", "months"), "month"),
    **dict.fromkeys(("tahun", "year", "years"), "year"),
}


@cache
def _load_loose_days() -> dict[str, int]:
    """Phrases for a day near today, as an offset in days; none of them is exact in everyday speech."""
    return {phrase: int(days) for phrase, days in lexicon()["date"]["day"].items()}


def read_relative(text: str, today: date) -> DateResult | None:
    """Read a date told from today; None when the text is not one. Only today and yesterday are sure."""
    if text in _SURE_DAYS:
        return Understood(PartialDate(today + timedelta(days=_SURE_DAYS[text])), True, text)
    if text in _load_loose_days():
        return Understood(PartialDate(today + timedelta(days=_load_loose_days()[text])), False, text)
    if match := _COUNTED.fullmatch(text):
        count = _read_count(match["count"])
        if count is not None:
            sign = -1 if match["past"] else 1
            return _move(today, sign * count, unit=_UNIT[match["unit"]], text=text)
    if match := _SPAN.fullmatch(text):
        return _read_span(match, today)
    if (match := _WEEKDAY.fullmatch(text)) and (day := weekday(match["day"])) is not None:
        return _read_weekday(match, day, today=today)
    return None


def _read_count(word: str) -> int | None:
    if word.isdigit():
        return int(word)
    one_to_nine: dict[str, int] = lexicon()["number"]["ones"]
    tens: dict[str, int] = lexicon()["number"]["together"]
    english: dict[str, int] = lexicon()["date"]["count"]
    return one_to_nine.get(word, tens.get(word, english.get(word)))


def _move(today: date, count: int, *, unit: str, text: str) -> DateResult:
    try:
        if unit in ("day", "week"):
            moved = PartialDate(today + timedelta(days=count * (7 if unit == "week" else 1)))
        elif unit == "month":
            year, month = divmod(today.year * 12 + today.month - 1 + count, 12)
            moved = PartialDate(date(year, month + 1, 1), "month")
        else:
            moved = PartialDate(date(today.year + count, 1, 1), "year")
    except (OverflowError, ValueError):
        return NotUnderstood("out_of_range", text)
    if not FIRST_YEAR <= moved.value.year <= today.year + YEARS_AHEAD:
        return NotUnderstood("out_of_range", text)
    return Understood(moved, False, text)


def _read_span(match: re.Match[str], today: date) -> DateResult:
    unit = _UNIT[match["unit"] or match["english"]]
    sign = 0
    if match["past"] or match["which"] == "last":
        sign = -1
    elif match["coming"] or match["which"] == "next":
        sign = 1
    moved = _move(today, sign, unit=unit, text=match[0])
    if match["unit"] == "minggu" and sign and isinstance(moved, Understood):
        # "Minggu lalu" is a week ago or last Sunday; only the person knows.
        sunday = PartialDate(_find_nearest(6, today, sign=sign))
        if sunday != moved.value:
            return Ambiguous((moved.value, sunday), match[0])
    return moved


def _read_weekday(match: re.Match[str], day: int, *, today: date) -> DateResult | None:
    words = match[0].split()
    if match["past"] or match["coming"]:
        sign = -1 if match["past"] else 1
        nearest = _find_nearest(day, today, sign=sign)
        that_week = today + timedelta(days=day - today.weekday() + 7 * sign) if match["week"] else nearest
        if that_week == nearest:
            return Understood(PartialDate(nearest), False, match[0])
        return Ambiguous((PartialDate(that_week), PartialDate(nearest)), match[0])
    if match["week"] or words == ["minggu"] or len(match["day"]) <= 3:  # "minggu" alone is rather a week
        return None
    return Ambiguous(
        (PartialDate(_find_nearest(day, today, sign=-1)), PartialDate(_find_nearest(day, today, sign=1))),
        match[0],
    )


def _find_nearest(day: int, today: date, *, sign: int) -> date:
    """Find the last or next such weekday, never today itself."""
    distance = (today.weekday() - day) % 7 if sign < 0 else (day - today.weekday()) % 7
    return today + timedelta(days=sign * (distance or 7))
