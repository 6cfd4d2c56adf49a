from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.rules.calendar import Calendar, load_calendar

WIB = ZoneInfo("Asia/Jakarta")
CALENDAR = load_calendar()


def local(day: str, at: str) -> datetime:
    return datetime.fromisoformat(f"{day}T{at}").replace(tzinfo=WIB)


@pytest.mark.parametrize(
    ("day", "open_"),
    [
        ("2026-03-17", True),
        ("2026-03-18", False),  # cuti bersama Nyepi
        ("2026-03-25", True),
        ("2026-08-17", False),
        ("2026-08-22", False),  # a Saturday
        ("2026-12-24", False),
        ("2027-01-01", False),
    ],
)
def test_offices_are_closed_on_weekends_holidays_and_collective_leave(day: str, open_: bool) -> None:
    assert CALENDAR.is_working(date.fromisoformat(day)) is open_


def test_a_day_in_the_long_leave_moves_earlier_before_a_deadline_and_later_for_a_summary() -> None:
    leave = date(2026, 3, 20)
    assert CALENDAR.on_or_before(leave) == date(2026, 3, 17)
    assert CALENDAR.on_or_after(leave) == date(2026, 3, 25)


def test_working_days_are_counted_after_the_first_day() -> None:
    assert CALENDAR.working_days(date(2026, 3, 13), date(2026, 3, 17)) == 2
    assert CALENDAR.working_days(date(2026, 3, 17), date(2026, 3, 24)) == 0
    assert CALENDAR.working_days(date(2026, 3, 17), date(2026, 3, 17)) == 0
    assert CALENDAR.plus(date(2026, 3, 17), 2) == date(2026, 3, 26)


@pytest.mark.parametrize(
    ("day", "at", "becomes"),
    [
        ("2026-03-02", "09:15", ("2026-03-02", "09:15")),
        ("2026-03-02", "07:59", ("2026-03-02", "08:00")),
        ("2026-03-02", "16:00", ("2026-03-03", "08:00")),
        ("2026-03-06", "11:00", ("2026-03-06", "13:30")),  # Friday
        ("2026-03-06", "13:30", ("2026-03-06", "13:30")),
        ("2026-03-06", "23:30", ("2026-03-09", "08:00")),
        ("2026-03-17", "17:00", ("2026-03-25", "08:00")),
    ],
)
def test_what_comes_at_an_hour_that_is_not_decent_waits(day: str, at: str, becomes: tuple[str, str]) -> None:
    assert CALENDAR.next_decent(local(day, at), WIB) == local(*becomes)


@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)))
def test_the_next_decent_moment_is_decent_and_never_earlier(moment: datetime) -> None:
    asked = moment.replace(tzinfo=WIB)
    found = CALENDAR.next_decent(asked, WIB)
    assert found >= asked
    assert CALENDAR.is_decent(found, WIB)
    assert found - asked < timedelta(days=12)


def test_both_years_are_known_and_another_is_not() -> None:
    assert CALENDAR.years == {2025, 2026, 2027, 2028}
    assert Calendar().is_working(date(2026, 8, 17))


@pytest.mark.parametrize("year", sorted(CALENDAR.years))
def test_a_second_source_knows_the_same_days(year: int) -> None:
    """A transcription of our own is compared with the library's; what the desk changes on purpose is named
    here.
    """
    theirs = holidays.country_holidays("ID", years=year, categories=("public", "government"))
    assert {day for day in CALENDAR.closed if day.year == year} == set(theirs)


@pytest.mark.parametrize(
    ("day", "year"),
    [
        ("2026-09-30", None),
        ("2026-10-01", None),
        ("2028-09-30", None),
        ("2028-10-01", 2029),
        ("2029-01-02", 2029),
    ],
)
def test_a_year_without_a_file_is_noticed_from_october_on(day: str, year: int | None) -> None:
    assert CALENDAR.year_without_holidays(date.fromisoformat(day)) == year


def test_days_that_are_only_calculated_say_so() -> None:
    moving = [name for day, name in CALENDAR.closed.items() if day.year == 2028 and "Idul" in name]
    assert moving
    assert all("perkiraan" in name for name in moving)
