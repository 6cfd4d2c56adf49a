"""The steps before a deadline over three years of the real calendar: holidays, moves, the day after, the duty
met.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import partial

import pytest

from domain.reminding.facts import Decided, Key, Moment, Occurrence, Person, Subject
from domain.reminding.steps import coming
from domain.review import Standing
from domain.rules.calendar import ONE_DAY
from tests.kit.reminding import CALENDAR, RINA, RULES, WIB, at, day_of, plan, subject

YEARS = (2025, 2026, 2027)
DEADLINES = [date(year, month, day) for year in YEARS for month in range(3, 12) for day in (1, 12, 23)]
OFFSETS = (30, 14, 7, 3, 1)
BEFORE, BEHIND = 45, 20  # days around a deadline


def heard(facts: Callable[[date], Subject], *, since: date, until: date) -> Iterator[tuple[date, Occurrence]]:
    """Let one office live day by day, and list what its person hears."""
    decided: dict[Key, Decided] = {}
    for n in range((until - since).days):
        today = since + n * ONE_DAY
        for occurrence in plan(replace(facts(today), decided=dict(decided)), today).occurrences:
            for key in (occurrence.key, *occurrence.covers):
                decided[key] = Decided(at(today), key == occurrence.key)
            yield today, occurrence


def opened(deadline: date, **facts: object) -> Subject:
    """A period that opened long before, so that the steps of the deadline alone are due."""
    return subject(opens=deadline - timedelta(days=200), deadline=deadline, **facts)


def _open(deadline: date, _: date) -> Subject:
    return opened(deadline)


def around(deadline: date, facts: Callable[[date], Subject]) -> list[tuple[date, Occurrence]]:
    return list(heard(facts, since=deadline - BEFORE * ONE_DAY, until=deadline + BEHIND * ONE_DAY))


@pytest.mark.parametrize("year", YEARS)
def test_every_step_is_on_the_working_day_before_and_never_on_a_holiday(year: int) -> None:
    """F57, F59: H-30 to H-1; the day after there is one late notice (F68), then silence."""
    moved = 0
    for deadline in (one for one in DEADLINES if one.year == year):
        told = [(day, one.key.rule, one.key.step) for day, one in around(deadline, partial(_open, deadline))]
        days = {CALENDAR.on_or_before(deadline - n * ONE_DAY): f"H-{n}" for n in OFFSETS}
        steps = [(day, "batas", step) for day, step in days.items()]
        assert told == [*steps, (CALENDAR.plus(deadline, 1), "lewat", "H+1")], deadline
        assert all(CALENDAR.is_working(day) for day, _, _ in told)
        moved += sum(day != deadline - int(step[2:]) * ONE_DAY for day, step in days.items())
    assert moved > 20, "holidays and weekends of the year were in the way"


@pytest.mark.parametrize("by", [-10, 12, 25])
def test_a_moved_deadline_moves_all_that_is_to_come_and_what_is_past_is_not_told_late(by: int) -> None:
    for deadline in DEADLINES[::4]:
        moves_on, after = day_of(20, deadline), deadline + by * ONE_DAY

        def facts(today: date, first: date = deadline, second: date = after, on: date = moves_on) -> Subject:
            return replace(opened(first), deadline=second if today > on else first)

        told = [
            (day, one.key.step)
            for day, one in around(max(deadline, after), facts)
            if one.key.rule == "batas" and one.key.deadline == after.isoformat()
        ]
        days = {CALENDAR.on_or_before(after - n * ONE_DAY): f"H-{n}" for n in OFFSETS}
        expected = [(day, step) for day, step in days.items() if day > moves_on]
        late = [entry for entry in told if entry not in expected]
        assert [entry for entry in told if entry in expected] == expected, (deadline, by)
        # a step that fell on the day before may still be told in the morning after, as after an outage
        assert all(CALENDAR.working_days(days_of(days, step), day) <= 1 for day, step in late), (deadline, by)


def days_of(days: dict[date, str], step: str) -> date:
    return next(day for day, name in days.items() if name == step)


@pytest.mark.parametrize("sends_before", [25, 9, 2])
def test_whoever_has_sent_is_thanked_once_and_nothing_more_is_planned(sends_before: int) -> None:
    """F60: from the second of sending on, for ever."""
    for deadline in DEADLINES[::4]:
        sent_on = deadline - sends_before * ONE_DAY

        def facts(today: date, day: date = deadline, on: date = sent_on) -> Subject:
            return opened(day, standing=Standing.DONE, done_on=on) if today >= on else opened(day)

        told = [(day, one.trigger) for day, one in around(deadline, facts)]
        assert [trigger for day, trigger in told if day >= sent_on] == ["done"], deadline
        moment = Moment(RULES, CALENDAR, WIB, at(sent_on), at(sent_on))
        assert coming(moment, facts(sent_on), person=Person(RINA)) is None
