"""The earlier days an office may aim at: three proposals, working days, inside the deadline (B12)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from domain.reminding.target_days import OFFERED, SOON, target_days
from tests.kit.reminding import CALENDAR


@pytest.mark.parametrize("year", [2025, 2026, 2027])
def test_three_working_days_before_the_deadline_are_proposed_the_earliest_first(year: int) -> None:
    for month in range(2, 13):
        deadline = date(year, month, 15)
        proposed = target_days(CALENDAR, today=deadline - timedelta(days=60), deadline=deadline)
        assert len(proposed) == OFFERED == 3
        assert proposed == sorted(set(proposed))
        assert all(CALENDAR.is_working(day) and day < deadline for day in proposed)


def test_what_is_too_near_is_not_proposed_and_at_last_nothing_is() -> None:
    deadline = date(2026, 12, 15)
    counts = []
    for left in range(60, -1, -1):
        today = deadline - timedelta(days=left)
        proposed = target_days(CALENDAR, today=today, deadline=deadline)
        assert all(CALENDAR.working_days(today, day) >= SOON for day in proposed)
        counts.append(len(proposed))
    assert counts == sorted(counts, reverse=True)
    assert (counts[0], counts[-1]) == (3, 0)
