"""Working days and decent hours, local: when an office is open, and when somebody may be written to
unasked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache
from importlib.resources import files
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict

from domain.rules.load import Confidence, RulesError, read

ONE_DAY = timedelta(days=1)
WEEK = timedelta(days=7)
DAY_OPENS, DAY_CLOSES = time(8), time(16)  # unasked messages leave between these; conversation.md 29
FRIDAY_PRAYER = (time(11), time(13, 30))
FRIDAY, SATURDAY = 4, 5  # of date.weekday()
OCTOBER = 10


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ClosedDay(_Strict):
    """One day on which offices are closed: a national holiday, or collective leave (cuti bersama)."""

    on: date
    kind: Literal["libur", "cuti"]
    name: str


class _HolidayFile(_Strict):
    year: int
    source: str
    confidence: Confidence
    day: tuple[ClosedDay, ...]


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days offices are closed, by date; weekends need no entry."""

    closed: Mapping[date, str] = field(default_factory=dict)
    years: frozenset[int] = frozenset()  # for which holidays are known

    def is_working(self, day: date) -> bool:
        """Whether offices are open on this day."""
        return day.weekday() < SATURDAY and day not in self.closed

    def year_without_holidays(self, today: date) -> int | None:
        """Return the year whose holidays are not known, this one, or from October on the next; None when
        both are.

        Such a year counts every weekday as a working day. The government announces the next one from
        September on.
        """
        asked = [today.year, *([today.year + 1] if today.month >= OCTOBER else [])]
        return next((year for year in asked if year not in self.years), None)

    def on_or_before(self, day: date) -> date:
        """The nearest working day, this one or an earlier one."""
        while not self.is_working(day):
            day -= ONE_DAY
        return day

    def on_or_after(self, day: date) -> date:
        """The nearest working day, this one or a later one."""
        while not self.is_working(day):
            day += ONE_DAY
        return day

    def working_days(self, since: date, until: date) -> int:
        """Count the working days after `since`, up to and including `until`; 0 when there are none."""
        return sum(self.is_working(day) for day in _list_days(since + ONE_DAY, until))

    def plus(self, day: date, working_days: int) -> date:
        """Go so many working days on from a day."""
        while working_days > 0:
            day += ONE_DAY
            working_days -= self.is_working(day)
        return day

    def is_decent(self, moment: datetime, zone: ZoneInfo) -> bool:
        """Whether somebody may be written to unasked at this moment: a working day's hours, not the Friday
        prayer.
        """
        local = moment.astimezone(zone)
        if not self.is_working(local.date()) or not DAY_OPENS <= local.time() < DAY_CLOSES:
            return False
        return not (local.weekday() == FRIDAY and FRIDAY_PRAYER[0] <= local.time() < FRIDAY_PRAYER[1])

    def next_decent(self, moment: datetime, zone: ZoneInfo) -> datetime:
        """The first decent moment from here on; this one when it is decent itself."""
        if self.is_decent(moment, zone):
            return moment
        local = moment.astimezone(zone)
        day, at = local.date(), local.time()
        if self.is_working(day) and at < DAY_OPENS:
            return _combine(day, DAY_OPENS, zone=zone)
        if self.is_working(day) and day.weekday() == FRIDAY and FRIDAY_PRAYER[0] <= at < FRIDAY_PRAYER[1]:
            return _combine(day, FRIDAY_PRAYER[1], zone=zone)
        return self.morning_after(moment, zone)

    def morning_after(self, moment: datetime, zone: ZoneInfo) -> datetime:
        """The beginning of the next working day after the day of this moment."""
        return _combine(self.on_or_after(moment.astimezone(zone).date() + ONE_DAY), DAY_OPENS, zone=zone)


def _combine(day: date, at: time, *, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, at, tzinfo=zone)


def _list_days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += ONE_DAY


@cache
def load_calendar() -> Calendar:
    """Read the packaged holidays of every year; raises RulesError naming file, key, value and expectation."""
    closed: dict[date, str] = {}
    years: set[int] = set()
    for entry in sorted(
        (files("domain") / "data" / "holidays").iterdir(), key=lambda entry_file: entry_file.name
    ):
        if not entry.name.endswith(".toml"):
            continue
        name = f"holidays/{entry.name}"
        holidays = read(_HolidayFile, entry.read_text(encoding="utf-8"), name=name)
        for day in holidays.day:
            if day.on.year != holidays.year or day.on in closed:
                raise RulesError(
                    f"{name}: on: found {day.on}, expected a day of {holidays.year} that stands once"
                )
            closed[day.on] = day.name
        years.add(holidays.year)
    return Calendar(closed, frozenset(years))
