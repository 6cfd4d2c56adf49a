"""Decides who is reminded of what, and why the others are not, from rules, calendar and facts.

Everything is judged at one moment (`until`): the same call plans, rehearses and judges again before sending.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from domain.reminding.facts import Item, Key, Moment, Occurrence, Person, Plan, Silence, Subject
from domain.reminding.steps import items, key_of, open_items
from domain.review import Standing
from domain.rules.calendar import Calendar
from domain.rules.reminder_rules import ReminderRules

# Why somebody hears nothing, the most telling first: an office with several people is told one reason.
REASONS = (
    "exempt",
    "done",
    "nobody",
    "hours",
    "snoozed",
    "busy",
    "heard_today",
    "weekly_cap",
    "soon",
    "recent",
    "nothing_due",
    "unreachable",
)
_LIMITS = ("heard_today", "weekly_cap")  # reasons that no other moment of the same day takes away


def due(
    rules: ReminderRules,
    calendar: Calendar,
    *,
    subjects: Iterable[Subject],
    since: datetime,
    until: datetime,
    zone: ZoneInfo,
) -> Plan:
    """Decide what the people of these offices get at `until`, and why the other offices get nothing.

    What fell due after `since` and is too late by its rule is missed: it is noted, never told.
    """
    moment = Moment(rules, calendar, zone, since, until)
    occurrences: list[Occurrence] = []
    silences: list[Silence] = []
    missed: list[Key] = []
    on_hold: set[int] = set()
    for subject in subjects:
        verdicts = [_judge(moment, subject, person=person) for person in subject.people]
        due_now = [occurrence for occurrence, _, _ in verdicts if occurrence is not None]
        occurrences += due_now
        missed += [key for _, late, _ in verdicts for key in late]
        reasons = [reason for _, _, reason in verdicts] or ["nobody"]
        on_hold.update(
            person.id for person, reason in zip(subject.people, reasons, strict=False) if reason == "busy"
        )
        if not due_now:
            silences.append(Silence(subject.office, _choose_reason(subject, reasons)))
    return Plan(tuple(occurrences), tuple(silences), tuple(missed), tuple(sorted(on_hold)))


def _choose_reason(subject: Subject, reasons: Sequence[str]) -> str:
    if subject.exempt:
        return "exempt"
    if subject.standing == Standing.DONE:
        return "done"
    return min(reasons, key=REASONS.index)


def _judge(moment: Moment, subject: Subject, *, person: Person) -> tuple[Occurrence | None, list[Key], str]:
    """Find what one person hears about one office: the occurrence, what was missed, the reason for silence.

    1. What has fallen due and was not told yet, the highest rank and the newest step first.
    2. What is too late is set aside.
    3. The person's own wishes and limits, then what softer rules give way to.
    """
    if subject.exempt:
        return None, [], "exempt"
    fresh: list[Item] = []
    late: list[Item] = []
    for item in open_items(moment, subject, person=person):
        (fresh if moment.is_fresh(item) else late).append(item)
    missed = [
        key_of(item, subject, person=person)
        for item in late
        if moment.slot(item.on, person.id) > moment.since
    ]
    fresh.sort(key=lambda item: (moment.rules.rank[item.rule.id], -item.on.toordinal()))
    if reason := _find_silence(moment, subject, person=person, fresh=fresh):
        return None, missed + _list_lost(moment, subject, person=person, fresh=fresh, reason=reason), reason
    keys = [key_of(item, subject, person=person) for item in fresh]
    at = moment.slot(fresh[0].on, person.id)
    return Occurrence(keys[0], fresh[0].rule.trigger, at, tuple(keys[1:])), missed, ""


def _list_lost(
    moment: Moment, subject: Subject, *, person: Person, fresh: Sequence[Item], reason: str
) -> list[Key]:
    """List what the limits keep back and tomorrow is too late to say: it is noted, the next message covers
    it.
    """
    if reason not in _LIMITS:
        return []
    tomorrow = moment.calendar.plus(moment.today, 1)
    late = (item for item in fresh if moment.calendar.working_days(item.on, tomorrow) > item.rule.fresh)
    return [key_of(item, subject, person=person) for item in late]


def _find_silence(moment: Moment, subject: Subject, *, person: Person, fresh: Sequence[Item]) -> str:
    """Name the reason for silence; "" when there is none."""
    if person.reach:
        return "unreachable"
    if not fresh:
        return "nothing_due"
    if person.snoozed and person.snoozed > moment.today and fresh[0].rule.trigger != "done":
        return "snoozed"
    if not moment.is_morning:
        return "hours"
    if person.busy:
        return "busy"
    if not fresh[0].rule.is_promised and (capped := is_capped(moment, person)):
        return capped
    return _gives_way(moment, subject, person=person) if fresh[0].rule.soft else ""


def is_capped(moment: Moment, person: Person) -> str:
    """Return the limit a person has reached; "" when none; what was promised has no limit."""
    return moment.rules.limits.reached(person.heard, today=moment.today)


def _gives_way(moment: Moment, subject: Subject, *, person: Person) -> str:
    """Keep softer rules silent shortly before a step of the deadline, and for a while after any message."""
    limits, calendar = moment.rules.limits, moment.calendar
    for rule in moment.rules.of("office"):
        if rule.trigger not in ("deadline", "target"):
            continue
        for item in items(moment, rule, subject=subject, person=person):
            if moment.today < item.on and calendar.working_days(moment.today, item.on) <= limits.ahead:
                return "soon"
    for key, decided in subject.decided.items():
        if key.person == person.id and decided.sent:
            on = decided.at.astimezone(moment.zone).date()
            if calendar.working_days(on, moment.today) <= limits.gap:
                return "recent"
    return ""
