"""Decides for people what is due at one moment: for the tick, and again before a message leaves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from domain.desk_data import DeskData
from domain.people import Role
from domain.reminding.due import due
from domain.reminding.escalation import DeskWork, escalations
from domain.reminding.facts import Key, Moment, Occurrence, Subject
from domain.rules.reminder_rules import Readers
from storage import desk_work, periods, reminder_facts, reminder_wishes, rungs
from storage.engine.each_apart import for_each, pass_on
from storage.engine.transaction import Transaction
from storage.occurrences import Candidate
from storage.periods import Period
from storage.reminder_facts import Look

JUDGE_SECONDS = 5.0  # for a page of people
_READERS: Mapping[str, Readers] = {Role.ADMIN.value: "desk", Role.LEADER.value: "leader"}


@dataclass(slots=True)
class Judged:
    """What is due by person, with the facts it was decided from."""

    period: Period
    moment: Moment
    due: dict[int, list[Occurrence]] = field(default_factory=dict)
    subjects: dict[int, Subject] = field(default_factory=dict)  # with these people alone
    offices: dict[int, Subject] = field(default_factory=dict)  # every office, where somebody reads about them
    work: DeskWork = field(default_factory=DeskWork)
    leaders: bool = False  # whether any leader subscribes
    missed: list[Key] = field(default_factory=list)
    on_hold: set[int] = field(default_factory=set)


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
    focal_points = [candidate.contact_id for candidate in people if Role.FOCAL_POINT.value in candidate.roles]
    if focal_points:
        _judge_focal_points(tx, look, judged=judged, contacts=focal_points)
    subscribed = set(reminder_wishes.subscribers(tx, leaders_alone=True)) if people else set()
    judged.leaders = bool(subscribed)
    _judge_readers(tx, look, judged=judged, people=people, subscribed=subscribed)
    return judged


def judge_passing_over(
    tx: Transaction, desk_data: DeskData, *, people: Sequence[Candidate], since: datetime, now: datetime
) -> tuple[Judged | None, list[tuple[int, Exception]]]:
    """Judge people together; where that raises, find out for whom, and judge the others without them.

    Returns the numbers of those who could not be judged, each with what was raised.
    """
    together = partial(judge, desk_data=desk_data, since=since, now=now)
    try:
        return tx.attempt(lambda tx: together(tx, people=people), seconds=JUDGE_SECONDS), []
    except Exception as error:
        pass_on(tx, error)
    by_contact = {person.contact_id: person for person in people}
    unjudged = for_each(tx, by_contact, work=lambda tx, contact: together(tx, people=[by_contact[contact]]))
    without = dict(unjudged)
    rest = [person for person in people if person.contact_id not in without]
    return together(tx, people=rest), unjudged


def _judge_focal_points(tx: Transaction, look: Look, *, judged: Judged, contacts: Sequence[int]) -> None:
    subjects = reminder_facts.load(tx, look, contacts=contacts)
    judged.subjects = {subject.office: subject for subject in subjects}
    moment = judged.moment
    plan = due(
        moment.rules,
        moment.calendar,
        subjects=subjects,
        since=moment.since,
        until=moment.until,
        zone=moment.zone,
    )
    for occurrence in plan.occurrences:
        judged.due.setdefault(occurrence.key.person, []).append(occurrence)
    judged.missed += plan.missed
    judged.on_hold.update(plan.on_hold)


def _judge_readers(
    tx: Transaction, look: Look, *, judged: Judged, people: Sequence[Candidate], subscribed: set[int]
) -> None:
    """Judge who reads about offices: the desk, leaders who subscribe, and who is on the ladder of their
    own office.
    """
    reading = _find_readers(tx, people, subscribed=subscribed)
    if not reading:
        return
    every = reminder_facts.load(tx, look)
    judged.offices = {subject.office: subject for subject in every}
    judged.work = desk_work.load(tx, look)
    for contact, readers in reading:
        person = reminder_facts.reader(tx, look, contact_id=contact)
        escalated = escalations(
            judged.moment,
            every,
            reader=person,
            readers=readers,
            work=judged.work,
            period=judged.period.id,
        )
        if escalated:
            judged.due.setdefault(contact, []).extend(escalated)
        elif person.busy:
            judged.on_hold.add(contact)


def _find_readers(
    tx: Transaction, people: Sequence[Candidate], *, subscribed: set[int]
) -> list[tuple[int, Readers]]:
    by_role = [
        (candidate.contact_id, readers)
        for candidate in people
        for role, readers in _READERS.items()
        if role in candidate.roles and (readers == "desk" or candidate.contact_id in subscribed)
    ]
    looked_at = {candidate.contact_id for candidate in people}
    named = [(rung.contact_id, rung.readers) for rung in rungs.every(tx) if rung.contact_id in looked_at]
    return [*by_role, *dict.fromkeys((contact, readers) for contact, readers in named if contact)]
