"""Who hears of an office that does not react, and when: its ladder, leaders, the desk."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta

from domain.reminding.escalation import announced, unanswered
from domain.reminding.facts import Moment, OnRung
from domain.review import Standing
from domain.rules.reminder_rules import Readers
from tests.kit.reminding import (
    CALENDAR,
    DEPUTY,
    LACK,
    OPENS,
    RINA,
    RULES,
    WIB,
    at,
    day_of,
    heard_by_others,
    subject,
    told,
)


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
        assert [(n.readers, n.on) for n in notices] == [(who, day_of(before)) for who, before in steps]


def on_ladder(*rungs: Readers, since: date = OPENS) -> tuple[OnRung, ...]:
    """Somebody on each of these rungs: the deputy on all of them."""
    return tuple(OnRung(readers, DEPUTY, at(since)) for readers in rungs)


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
