"""The moment of the weekly summary: Monday at eight, or the next working day where Monday is a holiday."""

from __future__ import annotations

from datetime import datetime

import pytest

from domain.reminding.weekly_summary import next_morning
from tests.kit.reminding import CALENDAR, WIB


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
