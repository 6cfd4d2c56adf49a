"""Mornings on which something may leave: of the weekly summary, and where limits are reached."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from domain.reminding.weekly_summary import next_morning
from tests.kit.reminding import CALENDAR, RULES, WIB


@pytest.mark.parametrize(
    ("now", "first"),
    [
        ("2026-11-08T09:00", "2026-11-09T08:00"),
        ("2026-11-09T07:59", "2026-11-09T08:00"),
        ("2026-11-09T08:00", "2026-11-16T08:00"),  # its moment has come
        ("2026-08-16T12:00", "2026-08-18T08:00"),  # Monday is Independence Day
        ("2026-08-17T12:00", "2026-08-18T08:00"),
    ],
)
def test_the_first_summary_is_the_next_that_has_not_begun(now: str, first: str) -> None:
    moment = datetime.fromisoformat(now).replace(tzinfo=WIB)
    assert next_morning(moment, CALENDAR, zone=WIB) == datetime.fromisoformat(first).replace(tzinfo=WIB)


@pytest.mark.parametrize(
    ("heard", "free"),
    [([], "2026-11-12T08:00"), ([11], "2026-11-12T08:00"), ([9, 10, 11], "2026-11-16T08:00")],
)
def test_what_is_held_by_limits_leaves_on_the_first_morning_without(heard: list[int], free: str) -> None:
    days, after = [date(2026, 11, day) for day in heard], datetime(2026, 11, 11, 10, tzinfo=WIB)
    morning = RULES.limits.free_morning(days, after=after, calendar=CALENDAR, zone=WIB)
    assert morning == datetime.fromisoformat(free).replace(tzinfo=WIB)
