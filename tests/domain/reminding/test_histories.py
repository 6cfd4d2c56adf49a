"""What holds of reminding over any calendar, deadline and history."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.reminding.due import due
from domain.reminding.escalation import DeskWork, escalations
from domain.reminding.facts import Decided, Key, Moment, Occurrence, Person, Subject
from domain.review import Standing
from domain.rules.calendar import FRIDAY, FRIDAY_PRAYER, Calendar
from tests.kit.reminding import (
    RULES,
    WIB,
    at,
    day_of,
    plan,
    subject,
)


@dataclass
class Life:
    """One office in a random period: what happens to it on which day."""

    sends: int | None  # day of the period on which it sends
    touches: frozenset[int]
    target: int | None  # days before the deadline
    reach: str
    snoozes: dict[int, int]  # day -> days to put off
    busy: frozenset[int]
    heard: list[tuple[datetime, Occurrence]] = field(default_factory=list)


def lives(days: int) -> st.SearchStrategy[Life]:
    some = st.frozensets(st.integers(0, days), max_size=4)
    return st.builds(
        Life,
        sends=st.none() | st.integers(0, days + 3),
        touches=some,
        target=st.none() | st.integers(5, 40),
        reach=st.sampled_from(["", "", "", "", "blocked"]),
        snoozes=st.dictionaries(st.integers(0, days), st.integers(1, 6), max_size=2),
        busy=some,
    )


@st.composite
def worlds(
    draw: st.DrawFn,
) -> tuple[Calendar, date, date, date | None, int, list[Life], frozenset[int], frozenset[int]]:
    opens = draw(st.dates(date(2026, 1, 1), date(2026, 12, 1)))
    days = draw(st.integers(8, 60))
    closed = draw(st.frozensets(st.integers(0, days + 10), max_size=12))
    calendar = Calendar({opens + timedelta(days=n): "libur" for n in closed})
    moved = draw(st.none() | st.integers(1, 25))
    lived = draw(st.lists(lives(days), min_size=1, max_size=3))
    down = draw(st.frozensets(st.integers(0, days), max_size=4))
    broadcasts = draw(st.frozensets(st.integers(0, days), max_size=5))
    deadline = opens + timedelta(days=days)
    later = deadline + timedelta(days=moved) if moved else None
    return calendar, opens, deadline, later, draw(st.integers(1, max(1, days - 1))), lived, down, broadcasts


@settings(max_examples=60, deadline=None)
@given(worlds())
def test_what_holds_over_any_calendar_deadline_and_history(
    world: tuple[Calendar, date, date, date | None, int, list[Life], frozenset[int], frozenset[int]],
) -> None:
    calendar, opens, first_deadline, later, moves_on, lived, down, broadcasts = world
    memory: list[dict[Key, Decided]] = [{} for _ in lived]
    desk_heard: list[tuple[datetime, list[Occurrence]]] = []
    snoozed: list[date | None] = [None] * len(lived)
    touched: list[datetime | None] = [None] * len(lived)
    since = at(opens, time(0))
    last = (later or first_deadline) + timedelta(days=12)
    unasked: list[list[date]] = [[] for _ in range(len(lived) + 1)]
    for n in range((last - opens).days):
        day = opens + timedelta(days=n)
        deadline = later if later and n >= moves_on else first_deadline
        if n in broadcasts:
            for days in unasked:
                days.append(day)
        for index, life in enumerate(lived):
            if n in life.touches and not (life.sends is not None and n >= life.sends):
                touched[index] = at(day, time(6))
        if n in down:
            continue
        for clock in (time(6), time(8, 40), time(10), time(11, 30), time(13), time(22)):
            now = at(day, clock)
            subjects = []
            for index, life in enumerate(lived):
                since_touched = touched[index]
                done = life.sends is not None and n >= life.sends
                standing = Standing.DONE if done else Standing.DRAFT if since_touched else Standing.NONE
                people = (
                    Person(
                        index + 1,
                        life.reach,
                        busy=n in life.busy and clock < time(11),
                        snoozed=snoozed[index],
                        heard=tuple(unasked[index]),
                    ),
                )
                subjects.append(
                    Subject(
                        index + 1,
                        1,
                        opens,
                        deadline,
                        standing=standing,
                        people=people,
                        target=deadline - timedelta(days=life.target) if life.target else None,
                        touched=since_touched.date() if since_touched else None,
                        missing=3 if index % 2 else 9,
                        done_on=opens + timedelta(days=life.sends or 0) if done else None,
                        answered_at=since_touched,
                        decided=memory[index],
                    )
                )
            found = due(RULES, calendar, subjects=subjects, since=since, until=now, zone=WIB)
            moment = Moment(RULES, calendar, WIB, since, now)
            reader = Person(1000, heard=tuple(unasked[-1]))
            desk = escalations(moment, subjects, reader=reader, readers="desk", work=DeskWork(), period=1)
            assert {o.key.office for o in found.occurrences} | {s.office for s in found.silences} == set(
                range(1, len(lived) + 1)
            )
            for occurrence in found.occurrences:
                index = occurrence.key.office - 1
                check_one(calendar, now, lived[index], n, occurrence, memory[index], unasked[index])
                for key in (occurrence.key, *occurrence.covers):
                    memory[index][key] = Decided(now, key == occurrence.key)
                unasked[index].append(day)
                lived[index].heard.append((now, occurrence))
                if n in lived[index].snoozes and day < deadline:
                    wanted = day + timedelta(days=lived[index].snoozes[n])
                    snoozed[index] = calendar.on_or_after(wanted)
            for key in found.missed:
                assert key not in memory[key.office - 1]
                memory[key.office - 1][key] = Decided(now, False)
            if desk:
                unasked[-1].append(day)
                desk_heard.append((now, desk))
                for occurrence in desk:
                    assert occurrence.key not in memory[occurrence.key.office - 1]
                    memory[occurrence.key.office - 1][occurrence.key] = Decided(now, True)
            since = now
    last_day = later or first_deadline
    steps = [on for n in (30, 7) if (on := calendar.on_or_before(last_day - timedelta(days=n))) > opens]
    calm = not down and not broadcasts and later is None
    check_reached(lived, desk_heard, last_day, calm=calm, steps=steps)


def check_one(
    calendar: Calendar,
    now: datetime,
    life: Life,
    n: int,
    one: Occurrence,
    memory: dict[Key, Decided],
    unasked: list[date],
) -> None:
    """Hours, holidays, the duty met, once, the limits, the people."""
    local = now.astimezone(WIB)
    assert calendar.is_working(local.date())
    assert time(8) <= local.time() < time(12)
    assert not (local.weekday() == FRIDAY and local.time() >= FRIDAY_PRAYER[0])
    assert one.key not in memory
    assert not set(one.covers) & set(memory)
    assert one.at <= now
    assert life.reach == ""
    assert not (n in life.busy and local.time() < time(11))
    assert local.date() not in unasked
    if one.trigger != "snoozed":  # which was asked for: the week's limit does not stop it, the day's does
        assert sum(day > local.date() - timedelta(days=7) for day in unasked) < RULES.limits.per_week
    if life.sends is not None and n >= life.sends:
        assert one.trigger == "done"


def check_reached(
    lived: list[Life],
    desk: list[tuple[datetime, list[Occurrence]]],
    last_day: date,
    *,
    calm: bool,
    steps: list[date],
) -> None:
    """An office that lacks its innovation to the end has heard before the deadline; else the desk has."""
    named = {o.key.office for _, found in desk for o in found}
    early = {o.key.office for now, found in desk for o in found if now.date() <= last_day}
    for index, life in enumerate(lived):
        if life.sends is not None:
            continue
        assert life.heard or index + 1 in named
        if not calm or not steps:
            continue
        if life.reach:
            assert index + 1 in early
        elif not life.snoozes and not life.busy:
            assert any(now.date() <= last_day for now, _ in life.heard)


def test_two_looks_at_one_moment_say_the_same() -> None:
    one = plan(subject(), day_of(7))
    assert one == plan(subject(), day_of(7))
    assert isinstance(one.occurrences[0].at, datetime)
    assert one.occurrences[0].at.astimezone(UTC).hour in (1, 2)  # 08.00 to 10.00 WIB
