"""Reminding as rules: the table of cases, and what holds over any calendar, deadline and history."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from domain.reminding.due import due
from domain.reminding.escalation import DeskWork, escalations
from domain.reminding.facts import Decided, Moment, OnRung, Person, Subject
from domain.reminding.steps import coming
from domain.review import Standing
from domain.rules.calendar import Calendar
from domain.rules.reminder_rules import RulesError, read_reminders
from tests.kit.reminding import (
    CALENDAR,
    DEADLINE,
    DESK,
    LACK,
    OPENS,
    RINA,
    RULES,
    WIB,
    at,
    day_of,
    heard_by_others,
    plan,
    subject,
    told,
)

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
review = 5
[[rule]]
id = "batas"
trigger = "deadline"
readers = "office"
before = [30, 14]
"""


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
    readers = RULES.by_id[rule].readers
    lack = LACK if rule == "profil" else None
    found = heard_by_others(facts, day, readers, waiting=2 if rule == "antrean" else 0, lack=lack)
    assert [(o.key.rule, o.key.step) for o in found] == [(rule, step)]
    if rule not in OF_WEEK:
        again = replace(facts, decided={**facts.decided, found[0].key: Decided(at(day), True)})
        assert heard_by_others(again, day, readers) == []


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
            'readers = "office"',
            'readers = "kantor"',
            "rule.0.readers: found \"kantor\", expected 'office'",
        ),
        ('trigger = "deadline"', 'trigger = "deadlin"', 'rule.0.trigger: found "deadlin", expected'),
        ("before = [30, 14]", "before = [14, 30]", "rule.0.before: found [14, 30], expected 30 below 14"),
        ("before = [30, 14]", "after = [3]", 'expected before for the trigger "deadline"'),
        ('readers = "office"', 'readers = "desk"', 'the readers "desk" do not hear of "deadline"'),
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
    heard = escalations(moment, [subject(decided=steps)], reader=full, readers="desk", work=work, period=1)
    assert [one.trigger for one in heard] == ["unanswered"], "the queue waits, the call list does not"
