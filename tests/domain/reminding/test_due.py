"""Reminding as rules: the table of cases, and what holds over any calendar, deadline and history."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.reminding.due import due
from domain.reminding.escalation import DeskWork, ProfileLack, announced, escalations, unanswered
from domain.reminding.facts import Decided, Key, Moment, Occurrence, OnRung, Person, Plan, Subject
from domain.reminding.steps import coming
from domain.review import Standing
from domain.rules.calendar import FRIDAY, FRIDAY_PRAYER, Calendar, load_calendar
from domain.rules.reminder_rules import Audience, RulesError, load_reminders, read_reminders

WIB = ZoneInfo("Asia/Jakarta")
RULES = load_reminders()
CALENDAR = load_calendar()
OPENS, DEADLINE = date(2026, 5, 4), date(2026, 9, 1)  # both a working day
OFFICE, RINA, DESK, DEPUTY = 7, 11, 99, 12
TEXT = """
[hours]
opens = 08:00:00
spread = 120
closes = 12:00:00
[limits]
per_day = 1
per_week = 3
hold = 20
ahead = 3
gap = 5
[[rule]]
id = "batas"
trigger = "deadline"
audience = "office"
before = [30, 14]
"""


def at(day: date, clock: time = time(10)) -> datetime:
    """A local moment: by ten everybody's minute has come."""
    return datetime.combine(day, clock, tzinfo=WIB)


def subject(**facts: object) -> Subject:
    """An office with one person, nothing started."""
    base = Subject(OFFICE, 1, OPENS, DEADLINE, people=(Person(RINA),))
    return replace(base, **facts)  # type: ignore[arg-type]


def plan(one: Subject, day: date, *, since: date | None = None, clock: time = time(10)) -> Plan:
    """Judge one office on one morning."""
    return due(
        RULES, CALENDAR, subjects=[one], since=at(since or day, time(7)), until=at(day, clock), zone=WIB
    )


def told(*keys: tuple[str, str, str], on: date, person: int = RINA) -> dict[Key, Decided]:
    """Things that were told before: rule, step, deadline."""
    return {
        Key(r, 1, OFFICE, person, step, limit): Decided(at(on, time(8, 30)), True) for r, step, limit in keys
    }


def day_of(n: int, deadline: date = DEADLINE) -> date:
    """The working day of a step before the deadline."""
    return CALENDAR.on_or_before(deadline - timedelta(days=n))


# A case per rule: the facts, the day, the rule that speaks and its step.
CASES: dict[str, tuple[Subject, date, str]] = {
    "mulai": (subject(), CALENDAR.plus(OPENS, 10), "H+10"),
    "draf": (
        subject(standing=Standing.DRAFT, touched=date(2026, 6, 8), missing=9),
        date(2026, 6, 15),
        "2026-06-08",
    ),
    "hampir": (
        subject(standing=Standing.DRAFT, touched=date(2026, 6, 8), missing=2),
        date(2026, 6, 10),
        "2026-06-08",
    ),
    "dikembalikan": (
        subject(standing=Standing.RETURNED, returned_on=date(2026, 6, 8)),
        date(2026, 6, 11),
        "H+3@2026-06-08",
    ),
    "batas": (subject(), day_of(14), "H-14"),
    "target": (subject(target=date(2026, 8, 14)), day_of(7, date(2026, 8, 14)), "H-7"),
    "lewat": (subject(), date(2026, 9, 2), "H+1"),
    "tunda": (subject(people=(Person(RINA, snoozed=date(2026, 6, 15)),)), date(2026, 6, 15), "2026-06-15"),
    "terima_kasih": (
        subject(
            standing=Standing.DONE,
            done_on=date(2026, 8, 20),
            decided=told(("batas", "H-14", "2026-09-01"), on=day_of(14)),
        ),
        date(2026, 8, 21),
        "terima kasih",
    ),
}
OTHERS: dict[str, tuple[Subject, date, str]] = {
    "pimpinan": (
        subject(
            decided=told(("batas", "H-30", "2026-09-01"), on=day_of(30))
            | told(("batas", "H-14", "2026-09-01"), on=day_of(14))
        ),
        day_of(7),
        "H-7",
    ),
    "pendamping": (
        subject(
            decided=told(("batas", "H-30", "2026-09-01"), on=day_of(30))
            | told(("batas", "H-14", "2026-09-01"), on=day_of(14)),
            rungs=(OnRung("second", DESK, at(OPENS)),),
        ),
        day_of(12),
        "H-12",
    ),
    "kepala": (
        subject(
            decided=told(("batas", "H-30", "2026-09-01"), on=day_of(30))
            | told(("batas", "H-14", "2026-09-01"), on=day_of(14)),
            rungs=(OnRung("head", DESK, at(OPENS)),),
        ),
        day_of(9),
        "H-9",
    ),
    "telepon": (
        subject(
            decided=told(("batas", "H-14", "2026-09-01"), on=day_of(14))
            | told(("batas", "H-7", "2026-09-01"), on=day_of(7))
        ),
        day_of(3),
        "H-3",
    ),
    "tak_terjangkau": (subject(people=(Person(RINA, reach="blocked"),)), day_of(30), "H-30"),
    "serah": (subject(), date(2026, 9, 3), "H+2"),
    "antrean": (subject(standing=Standing.DONE), date(2026, 6, 8), "2026-06-08"),
    "profil": (subject(standing=Standing.DONE), date(2026, 6, 8), "2026-06-08"),
}
OF_WEEK = ("antrean", "profil")  # no office is meant, so no office was told
LACK = ProfileLack(8, 20, 0, Decimal("12.40"))


def heard_by_others(
    one: Subject,
    day: date,
    audience: str,
    *,
    waiting: int = 0,
    lack: ProfileLack | None = None,
    reader: int = DESK,
) -> list[Occurrence]:
    """What a leader or the desk hears about one office."""
    moment = Moment(RULES, CALENDAR, WIB, at(day, time(7)), at(day))
    work = DeskWork(waiting, day - timedelta(days=4) if waiting else None, lack)
    return escalations(moment, [one], reader=Person(reader), audience=audience, work=work, period=1)  # type: ignore[arg-type]


def test_every_rule_has_a_case() -> None:
    assert set(CASES) | set(OTHERS) == set(RULES.by_id)


@pytest.mark.parametrize("rule", CASES)
def test_a_rule_speaks_on_its_day_once_and_not_the_day_before(rule: str) -> None:
    facts, day, step = CASES[rule]
    found = plan(facts, day).occurrences
    assert [(o.key.rule, o.key.step) for o in found] == [(rule, step)]
    again = replace(facts, decided={**facts.decided, found[0].key: Decided(at(day), True)})
    assert plan(again, day).occurrences == ()
    before = CALENDAR.on_or_before(day - timedelta(days=1))
    assert rule not in {o.key.rule for o in plan(facts, before).occurrences}


@pytest.mark.parametrize("rule", OTHERS)
def test_a_rule_for_others_speaks_on_its_day_once(rule: str) -> None:
    facts, day, step = OTHERS[rule]
    audience = RULES.by_id[rule].audience
    lack = LACK if rule == "profil" else None
    found = heard_by_others(facts, day, audience, waiting=2 if rule == "antrean" else 0, lack=lack)
    assert [(o.key.rule, o.key.step) for o in found] == [(rule, step)]
    if rule not in OF_WEEK:
        again = replace(facts, decided={**facts.decided, found[0].key: Decided(at(day), True)})
        assert heard_by_others(again, day, audience) == []


@pytest.mark.parametrize(
    "rule", [rule.id for rule in RULES.rules if rule.trigger not in ("done", "queue", "profile")]
)
def test_an_office_that_has_sent_is_never_spoken_of(rule: str) -> None:
    facts, day, _ = {**CASES, **OTHERS}[rule]
    done = replace(facts, standing=Standing.DONE)
    assert [o for o in plan(done, day).occurrences if o.trigger != "done"] == []
    assert heard_by_others(done, day, "leader") + heard_by_others(done, day, "desk") == []


@pytest.mark.parametrize(
    ("facts", "day", "clock", "reason"),
    [
        (subject(standing=Standing.DONE), day_of(7), time(10), "done"),
        (subject(exempt=True), day_of(7), time(10), "exempt"),
        (subject(people=()), day_of(7), time(10), "nobody"),
        (subject(people=(Person(RINA, reach="blocked"),)), day_of(7), time(10), "unreachable"),
        (subject(people=(Person(RINA, snoozed=date(2026, 8, 31)),)), day_of(7), time(10), "snoozed"),
        (subject(people=(Person(RINA, busy=True),)), day_of(7), time(10), "busy"),
        (subject(people=(Person(RINA, heard=(day_of(7),)),)), day_of(7), time(10), "heard_today"),
        (
            subject(people=(Person(RINA, heard=(day_of(9), day_of(10), day_of(11))),)),
            day_of(7),
            time(10),
            "weekly_cap",
        ),
        (subject(), day_of(7), time(12), "hours"),
        (subject(), day_of(7), time(7, 59), "nothing_due"),
        (subject(), date(2026, 8, 20), time(10), "nothing_due"),
        (subject(standing=Standing.DRAFT, touched=date(2026, 7, 29)), date(2026, 8, 5), time(10), "recent"),
        (subject(standing=Standing.DRAFT, touched=date(2026, 8, 13)), date(2026, 8, 21), time(10), "soon"),
    ],
)
def test_silence_has_its_reason(facts: Subject, day: date, clock: time, reason: str) -> None:
    if reason == "recent":
        facts = replace(facts, decided=told(("batas", "H-30", "2026-09-01"), on=day_of(30)))
    found = plan(facts, day, clock=clock)
    assert (found.occurrences, [s.reason for s in found.silences]) == ((), [reason])


def test_a_step_on_a_holiday_moves_earlier_and_never_later() -> None:
    closed = Calendar({DEADLINE - timedelta(days=7): "libur", DEADLINE - timedelta(days=8): "cuti"})
    spoken = [
        day
        for day in (DEADLINE - timedelta(days=n) for n in range(14, 4, -1))
        if due(
            RULES, closed, subjects=[subject()], since=at(day, time(7)), until=at(day), zone=WIB
        ).occurrences
    ]
    # before the closed days
    assert next(day for day in spoken if day > date(2026, 8, 19)) == date(2026, 8, 21)
    assert not {date(2026, 8, 24), date(2026, 8, 25)} & set(spoken)


def test_what_was_missed_is_told_the_next_morning_and_noted_when_it_is_too_late() -> None:
    day = day_of(14)
    next_day, late = CALENDAR.plus(day, 1), CALENDAR.plus(day, 2)
    assert [o.key.step for o in plan(subject(), next_day, since=day).occurrences] == ["H-14"]
    missed = plan(subject(), late, since=day)
    assert missed.occurrences == ()
    assert [key.step for key in missed.missed] == ["H-14"]
    assert plan(subject(), late).missed == ()  # the ticks were there: it is no longer news


def test_a_moved_deadline_gives_its_step_once_more() -> None:
    moved = date(2026, 10, 1)
    facts = subject(deadline=moved, decided=told(("batas", "H-7", "2026-09-01"), on=day_of(7)))
    assert plan(facts, day_of(7)).occurrences == ()
    assert [o.key.deadline for o in plan(facts, day_of(7, moved)).occurrences] == ["2026-10-01"]


def test_what_the_limits_keep_back_is_noted_when_tomorrow_is_too_late() -> None:
    full = subject(people=(Person(RINA, heard=(day_of(14) - timedelta(days=1),) * 3),))
    assert plan(full, day_of(14)).missed == ()  # tomorrow it may still be told
    found = plan(full, CALENDAR.plus(day_of(14), 1))
    assert [reason.reason for reason in found.silences] == ["weekly_cap"]
    assert [key.step for key in found.missed] == ["H-14"]


def test_the_own_target_comes_first_and_the_hard_deadline_later() -> None:
    facts = subject(target=date(2026, 8, 14))
    assert [o.key.deadline for o in plan(facts, day_of(30)).occurrences] == ["2026-08-14"]
    found = plan(facts, day_of(14))
    assert [(o.key.rule, o.key.deadline) for o in found.occurrences] == [("batas", "2026-09-01")]


def test_a_person_who_put_it_off_hears_that_one_again_and_nothing_twice() -> None:
    monday = date(2026, 8, 31)
    facts = subject(
        people=(Person(RINA, snoozed=monday),), decided=told(("batas", "H-3", "2026-09-01"), on=day_of(3))
    )
    found = plan(facts, monday).occurrences  # also the H-1 of the deadline
    assert [(o.key.rule, [key.rule for key in o.covers]) for o in found] == [("tunda", ["batas"])]


def test_the_next_one_to_hear_is_announced_before_it_happens() -> None:
    first = told(("batas", "H-30", "2026-09-01"), on=day_of(30))
    moment = Moment(RULES, CALENDAR, WIB, at(day_of(14), time(7)), at(day_of(14)))
    whole = subject(decided=first, rungs=on_ladder("second", "head"))
    for facts, leaders, steps in (
        (whole, True, [("second", 12), ("head", 9), ("leader", 7), ("desk", 3)]),
        (subject(decided=first, rungs=on_ladder("head")), False, [("head", 9), ("desk", 3)]),
        (subject(decided=first), False, [("desk", 3)]),
        (subject(rungs=on_ladder("second")), True, []),
    ):
        notices = announced(moment, facts, leaders=leaders)
        assert [(n.audience, n.on) for n in notices] == [(who, day_of(before)) for who, before in steps]


def on_ladder(*audiences: Audience, since: date = OPENS) -> tuple[OnRung, ...]:
    """Somebody on each of these rungs: the deputy on all of them."""
    return tuple(OnRung(audience, DEPUTY, at(since)) for audience in audiences)


def test_a_rung_of_the_office_hears_of_its_own_office_alone() -> None:
    both = told(("batas", "H-30", "2026-09-01"), on=day_of(30)) | told(
        ("batas", "H-14", "2026-09-01"), on=day_of(14)
    )
    named = subject(decided=both, rungs=on_ladder("second", "head"))
    assert [o.key.step for o in heard_by_others(named, day_of(12), "second", reader=DEPUTY)] == ["H-12"]
    assert [o.key.step for o in heard_by_others(named, day_of(9), "head", reader=DEPUTY)] == ["H-9"]
    assert heard_by_others(named, day_of(12), "second", reader=RINA) == []
    assert heard_by_others(subject(decided=both), day_of(12), "second", reader=DEPUTY) == []


def test_nobody_who_was_named_after_the_last_step_is_told_unannounced() -> None:
    both = told(("batas", "H-30", "2026-09-01"), on=day_of(30)) | told(
        ("batas", "H-14", "2026-09-01"), on=day_of(14)
    )
    late = subject(decided=both, rungs=on_ladder("second", since=CALENDAR.plus(day_of(14), 1)))
    assert heard_by_others(late, day_of(12), "second", reader=DEPUTY) == []


def test_an_announced_rung_is_told_late_rather_than_never() -> None:
    both = told(("batas", "H-30", "2026-09-01"), on=day_of(30)) | told(
        ("batas", "H-14", "2026-09-01"), on=day_of(14)
    )
    facts = subject(decided=both)
    assert [o.key.step for o in heard_by_others(facts, day_of(1), "leader")] == ["H-7"]
    assert heard_by_others(facts, CALENDAR.plus(facts.deadline, 1), "leader") == []


def test_a_sign_of_life_takes_the_steps_back() -> None:
    both = told(("batas", "H-30", "2026-09-01"), on=day_of(30)) | told(
        ("batas", "H-14", "2026-09-01"), on=day_of(14)
    )
    moment = Moment(RULES, CALENDAR, WIB, at(day_of(7), time(7)), at(day_of(7)))
    assert unanswered(moment, subject(decided=both)) == 2
    assert unanswered(moment, subject(decided=both, answered_at=at(day_of(14), time(9)))) == 0
    assert (
        heard_by_others(subject(decided=both, answered_at=at(day_of(14), time(9))), day_of(7), "leader") == []
    )


def test_a_moved_deadline_begins_the_count_anew() -> None:
    """Who was told of another date has not been told that somebody hears of it at this one."""
    old = told(("batas", "H-14", "2026-08-18"), on=day_of(30)) | told(
        ("batas", "H-7", "2026-08-18"), on=day_of(14)
    )
    assert heard_by_others(subject(decided=old), day_of(7), "leader") == []
    kept = told(("target", "H-14", "2026-08-14"), on=day_of(30)) | told(
        ("batas", "H-14", "2026-09-01"), on=day_of(14)
    )
    aiming = subject(decided=kept, target=date(2026, 8, 14))
    assert len(heard_by_others(aiming, day_of(7), "leader")) == 1
    # moved after the step towards the target, which named the days of the deadline of its time
    moved = replace(aiming, deadline_since=at(CALENDAR.plus(day_of(30), 1)))
    assert heard_by_others(moved, day_of(7), "leader") == []


def test_the_desk_hears_nothing_of_an_empty_queue_and_nothing_on_other_days() -> None:
    assert heard_by_others(subject(standing=Standing.DONE), date(2026, 6, 8), "desk") == []
    assert heard_by_others(subject(standing=Standing.DONE), date(2026, 6, 9), "desk", waiting=3) == []


def test_the_desk_hears_of_the_profile_each_monday_until_it_is_filled_in() -> None:
    done, monday = subject(standing=Standing.DONE), date(2026, 6, 8)
    for week in range(3):
        day = monday + timedelta(weeks=week)
        assert [o.key.step for o in heard_by_others(done, day, "desk", lack=LACK)] == [day.isoformat()]
    assert heard_by_others(done, monday + timedelta(days=1), "desk", lack=LACK) == []
    assert heard_by_others(done, monday, "leader", lack=LACK) == []


def test_the_coming_step_is_told_for_the_plan() -> None:
    moment = Moment(RULES, CALENDAR, WIB, at(day_of(14), time(7)), at(day_of(14)))
    item = coming(
        moment, subject(standing=Standing.RETURNED, returned_on=date(2026, 6, 1)), person=Person(RINA)
    )
    assert item is not None
    assert (item.rule.id, item.on) == ("batas", day_of(7))


@pytest.mark.parametrize(
    ("old", "new", "told_as"),
    [
        (
            'audience = "office"',
            'audience = "kantor"',
            "rule.0.audience: found \"kantor\", expected 'office'",
        ),
        ('trigger = "deadline"', 'trigger = "deadlin"', 'rule.0.trigger: found "deadlin", expected'),
        ("before = [30, 14]", "before = [14, 30]", "rule.0.before: found [14, 30], expected 30 below 14"),
        ("before = [30, 14]", "after = [3]", 'expected before for the trigger "deadline"'),
        ('audience = "office"', 'audience = "desk"', 'the audience "desk" does not hear of "deadline"'),
        ("spread = 120", "spread = 230", "expected opens and spread to end by closes and by 11:00"),
        ("spread = 120", "spraed = 120", "found nothing, expected a value"),
        ("per_week = 3", "per_week = 0", "limits.per_week: found 0, expected"),
    ],
)
def test_a_wrong_rule_stops_the_start_naming_file_key_value_and_expectation(
    old: str, new: str, told_as: str
) -> None:
    read_reminders(TEXT)
    with pytest.raises(RulesError) as error:
        read_reminders(TEXT.replace(old, new))
    assert str(error.value).startswith("reminders.toml: ")
    assert told_as in str(error.value)


def test_the_minute_of_a_person_is_stable_and_spread() -> None:
    minutes = Counter(RULES.minute(person) for person in range(1, 12_001))
    assert set(minutes) == set(range(120))
    assert max(minutes.values()) < 2 * min(minutes.values())


# Properties: a small world lives through a whole period, day by day.


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
            desk = escalations(moment, subjects, reader=reader, audience="desk", work=DeskWork(), period=1)
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


def test_nobody_is_named_to_the_desk_by_steps_that_could_not_say_so_any_more() -> None:
    """After an answer the steps begin anew: the second one falls on the desk's day, or after it."""
    steps = told(("batas", "H-7", "2026-09-01"), on=day_of(7)) | told(
        ("batas", "H-3", "2026-09-01"), on=day_of(3)
    )
    silent_again = subject(decided=steps, answered_at=at(day_of(14)))
    after = CALENDAR.plus(day_of(3), 1)
    assert heard_by_others(silent_again, after, "desk") == []
    earlier = told(("batas", "H-14", "2026-09-01"), on=day_of(14))
    assert heard_by_others(subject(decided=steps | earlier), after, "desk") != []


def test_what_was_promised_by_its_date_falls_to_no_limit() -> None:
    moment = Moment(RULES, CALENDAR, WIB, at(day_of(3), time(7)), at(day_of(3)))
    steps = told(("batas", "H-14", "2026-09-01"), on=day_of(14)) | told(
        ("batas", "H-7", "2026-09-01"), on=day_of(7)
    )
    full = Person(DESK, heard=tuple(day_of(3) - timedelta(days=n) for n in range(3)))
    work = DeskWork(4, day_of(7), None)
    heard = escalations(moment, [subject(decided=steps)], reader=full, audience="desk", work=work, period=1)
    assert [one.trigger for one in heard] == ["unanswered"], "the queue waits, the call list does not"
