"""The days an office may aim at instead of its deadline: working days, none too near."""

from __future__ import annotations

from datetime import date, timedelta

from domain.rules.calendar import ONE_DAY, Calendar

DAYS_BEFORE = (42, 28, 14, 7, 3)  # the deadline: the first three that still lie ahead are offered
OFFERED = 3
SOON = 3  # working days: a target nearer than this is no help


def target_days(calendar: Calendar, *, today: date, deadline: date) -> list[date]:
    """Take three working days before the deadline, none too near, the earliest first; none where it is
    close.
    """
    days = (calendar.on_or_before(deadline - timedelta(days=n)) for n in DAYS_BEFORE)
    earliest = calendar.plus(today, SOON)
    return [day for day in dict.fromkeys(days) if earliest <= day <= deadline - ONE_DAY][:OFFERED]
