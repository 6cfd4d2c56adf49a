"""One office, its people and the desk, judged by the rules of reminding at a moment."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from domain.reminding.due import due
from domain.reminding.escalation import DeskWork, ProfileLack, escalations
from domain.reminding.facts import Decided, Key, Moment, Occurrence, Person, Plan, Subject
from domain.rules.calendar import load_calendar
from domain.rules.reminder_rules import load_reminders

WIB = ZoneInfo("Asia/Jakarta")


RULES = load_reminders()


CALENDAR = load_calendar()


OPENS, DEADLINE = date(2026, 5, 4), date(2026, 9, 1)  # both a working day


OFFICE, RINA, DESK, DEPUTY = 7, 11, 99, 12


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


LACK = ProfileLack(8, 20, 0, Decimal("12.40"))


def heard_by_others(
    one: Subject,
    day: date,
    readers: str,
    *,
    waiting: int = 0,
    lack: ProfileLack | None = None,
    reader: int = DESK,
) -> list[Occurrence]:
    """What a leader or the desk hears about one office."""
    moment = Moment(RULES, CALENDAR, WIB, at(day, time(7)), at(day))
    work = DeskWork(waiting, day - timedelta(days=4) if waiting else None, lack)
    return escalations(moment, [one], reader=Person(reader), readers=readers, work=work, period=1)  # type: ignore[arg-type]
