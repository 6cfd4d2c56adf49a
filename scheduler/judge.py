"""Decides for people what is due at one moment: for the tick, and again before a message leaves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from domain.desk_data import DeskData
from domain.people import Role
from domain.reminding.due import due
from domain.reminding.escalation import Queue, escalations
from domain.reminding.facts import Key, Moment, Occurrence, Subject
from domain.rules.reminder_rules import Audience
from storage import periods, reminder_facts, reminder_wishes
from storage.engine.transaction import Transaction
from storage.occurrences import Candidate
from storage.periods import Period
from storage.reminder_facts import Look

_READERS: Mapping[str, Audience] = {Role.ADMIN.value: "desk", Role.LEADER.value: "leader"}


@dataclass(slots=True)
class Judged:
    """What is due by person, with the facts it was decided from."""

    period: Period
    moment: Moment
    found: dict[int, list[Occurrence]] = field(default_factory=dict)
    subjects: dict[int, Subject] = field(default_factory=dict)  # with these people alone
    offices: dict[int, Subject] = field(default_factory=dict)  # every office, where somebody reads about them
    queue: Queue = field(default_factory=Queue)
    leaders: bool = False  # whether any leader subscribes
    missed: list[Key] = field(default_factory=list)
    held: set[int] = field(default_factory=set)


def judge(
    tx: Transaction,
    desk_data: DeskData,
    *,
    people: Sequence[Candidate],
    since: datetime,
    now: datetime,
    but_outbox: int = -1,
) -> Judged | None:
    """Decide for these people; None while no period is open."""
    period = periods.current(tx)
    if period is None:
        return None
    look = reminder_facts.look_at(desk_data, period, now=now, but_outbox=but_outbox)
    moment = Moment(desk_data.reminders, desk_data.calendar, desk_data.timezone, since, now)
    judged = Judged(period, moment)
    of_offices = [one.contact_id for one in people if Role.FOCAL_POINT.value in one.roles]
    if of_offices:
        subjects = reminder_facts.load(tx, look, contacts=of_offices)
        judged.subjects = {subject.office: subject for subject in subjects}
        plan = due(
            desk_data.reminders,
            desk_data.calendar,
            subjects=subjects,
            since=since,
            until=now,
            zone=desk_data.timezone,
        )
        for occurrence in plan.occurrences:
            judged.found.setdefault(occurrence.key.person, []).append(occurrence)
        judged.missed += plan.missed
        judged.held.update(plan.held)
    subscribed = set(reminder_wishes.subscribers(tx, leaders_alone=True)) if people else set()
    judged.leaders = bool(subscribed)
    _readers(tx, look, judged=judged, people=people, subscribed=subscribed)
    return judged


def _readers(
    tx: Transaction, look: Look, *, judged: Judged, people: Sequence[Candidate], subscribed: set[int]
) -> None:
    """Judge the desk and the leaders who subscribe: they read about every office."""
    readers = [
        (one.contact_id, audience)
        for one in people
        for role, audience in _READERS.items()
        if role in one.roles and (audience == "desk" or one.contact_id in subscribed)
    ]
    if not readers:
        return
    every = reminder_facts.load(tx, look)
    judged.offices = {subject.office: subject for subject in every}
    judged.queue = reminder_facts.queue(tx, look)
    for contact, audience in readers:
        person = reminder_facts.reader(tx, look, contact_id=contact)
        found = escalations(
            judged.moment,
            every,
            reader=person,
            audience=audience,
            queue=judged.queue,
            period=judged.period.id,
        )
        if found:
            judged.found.setdefault(contact, []).extend(found)
        elif person.busy:
            judged.held.add(contact)
