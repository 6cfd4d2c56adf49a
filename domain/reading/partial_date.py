"""A date known to the day, the month or the year, as text and in words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from domain.reading.lexicon import lexicon

FIRST_YEAR = 1945
YEARS_AHEAD = 5  # a date further ahead is a slip
Precision = Literal["day", "month", "year"]
_ISO = re.compile(r"([0-9]{4})(?:-([0-9]{2}))?(?:-([0-9]{2}))?")
_BY_PARTS: Sequence[Precision] = ("year", "month", "day")
_LENGTH = {"year": 4, "month": 7, "day": 10}  # characters of the ISO text kept


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date; `value` is the first day of the month or year when the precision is that coarse."""

    value: date
    precision: Precision = "day"

    def to_text(self) -> str:
        """Write "2025-08-03", "2025-08" or "2025" (ISO 8601)."""
        return self.value.isoformat()[: _LENGTH[self.precision]]

    @classmethod
    def from_text(cls, text: str) -> PartialDate:
        """Read what `to_text` wrote; raises ValueError for anything else."""
        match = _ISO.fullmatch(text)
        if match is None:
            raise ValueError(f'found "{text}", expected a date like 2025-08-03, 2025-08 or 2025')
        parts = [int(part) for part in match.groups() if part]
        year, month, day = (*parts, 1, 1)[:3]
        return cls(date(year, month, day), _BY_PARTS[len(parts) - 1])


def say_date(partial: PartialDate, language: str, *, weekday: bool = False) -> str:
    """Say a date: "3 Agustus 2025", "Agustus 2025" or "2025"; `weekday` puts "Minggu, " before a full
    date.
    """
    year = f"{partial.value.year:04d}"
    if partial.precision == "year":
        return year
    month = _name_month("month", partial.value.month - 1, language=language)
    if partial.precision == "month":
        return f"{month} {year}"
    day = f"{partial.value.day} {month} {year}"
    return f"{_name_month('weekday', partial.value.weekday(), language=language)}, {day}" if weekday else day


def say_datetime(moment: datetime, language: str, *, zone: str, weekday: bool = False) -> str:
    """Say a local moment with the name of its zone: "3 Agustus 2025 pukul 08.00 WIB"."""
    day = say_date(PartialDate(moment.date()), language, weekday=weekday)
    return f"{day} at {moment:%H:%M} {zone}" if language == "en" else f"{day} pukul {moment:%H.%M} {zone}"


def _name_month(kind: str, index: int, *, language: str) -> str:
    entry: Any = lexicon()[kind][index]["say"]
    return str(entry["en" if language == "en" else "id"])
