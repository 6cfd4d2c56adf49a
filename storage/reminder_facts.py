"""Reads the facts from which reminders are decided."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from domain.desk_data import DeskData
from domain.reminding.facts import Decided, Key, OnRung, Person, Subject
from domain.review import MEETS_DUTY, Standing, State
from storage import draft_facts, heard_days, occurrences, periods, reminder_wishes, rungs
from storage.addresses import IS_OFF, TAKES, WRITABLE
from storage.engine.transaction import Transaction
from storage.engine.utc import utc_text, utc_time
from storage.periods import Extension, Period
from storage.rungs import FIRST_RUNG
from storage.states import quoted


@dataclass(frozen=True, slots=True)
class Look:
    """How facts are read: period, moment, and since when an untouched dialogue counts as idle."""

    desk_data: DeskData
    period: Period
    now: datetime
    hold: timedelta  # since the last answer
    quiet_since: date  # drafts touched on this day or before are counted
    but_outbox: int = -1  # a message to leave out: the one that is judged again

    @property
    def today(self) -> date:
        """The local day of the moment."""
        return self.now.astimezone(self.desk_data.timezone).date()

    def day(self, text: str) -> date:
        """The local day of a time as the tables keep it."""
        return utc_time(text).astimezone(self.desk_data.timezone).date()


def look_at(desk_data: DeskData, period: Period, *, now: datetime, but_outbox: int = -1) -> Look:
    """Say how facts are read at a moment."""
    today = now.astimezone(desk_data.timezone).date()
    quiet = max(
        (rule.quiet for rule in desk_data.reminders.rules if rule.trigger == "almost_done"), default=0
    )
    return Look(
        desk_data=desk_data,
        period=period,
        now=now,
        hold=timedelta(minutes=desk_data.reminders.limits.hold),
        quiet_since=today - timedelta(days=quiet),
        but_outbox=but_outbox,
    )


@dataclass(slots=True)
class _Office:
    """The facts of one office while they are gathered."""

    standing: Standing = Standing.NONE
    innovation: int = 0
    touched: str = ""
    done_at: str = ""
    answered_at: str = ""
    returned_at: str = ""
    people: list[Person] = field(default_factory=list)

    def to_subject(self, office: int, *, look: Look, extension: Extension | None) -> Subject:
        return Subject(
            office=office,
            period=look.period.id,
            opens=look.period.opens_on,
            deadline=periods.last_day(look.period, extension) or look.period.deadline,
            standing=self.standing,
            people=tuple(self.people),
            exempt=extension is not None and extension.until is None,
            innovation=self.innovation,
            touched=look.day(self.touched) if self.touched else None,
            returned_on=look.day(self.returned_at) if self.returned_at else None,
            done_on=look.day(self.done_at) if self.done_at else None,
            answered_at=utc_time(self.answered_at) if self.answered_at else None,
        )


def load(
    tx: Transaction, look: Look, *, contacts: Collection[int] | None = None, any_rung: bool = False
) -> list[Subject]:
    """Load the offices of these people, with them alone; None loads every active office and everybody.

    People are those of the first rung, who are reminded; `any_rung` takes these people whatever their rung.

    Where two facts of an office differ, what matters more wins: an innovation handed in over one that came
    back, and that over a draft; of a postponement, a target and an answer the latest is the sign of life.
    """
    people = _read_people(tx, look, contacts=contacts, any_rung=any_rung)
    offices = _read_active(tx) if contacts is None else sorted(people)
    gathered = {office: _Office(people=people.get(office, [])) for office in offices}
    wanted = None if contacts is None else json.dumps(offices)
    _read_standings(tx, look, gathered=gathered, wanted=wanted)
    _read_signs_of_life(tx, look, gathered=gathered, wanted=wanted)
    these = None if contacts is None else offices
    decided = occurrences.decided(tx, look.period.id, offices=these, but_outbox=look.but_outbox)
    return _make_subjects(tx, look, gathered=gathered, decided=decided)


def _make_subjects(
    tx: Transaction,
    look: Look,
    *,
    gathered: Mapping[int, _Office],
    decided: Mapping[int, Mapping[Key, Decided]],
) -> list[Subject]:
    """Add to the facts of each office what holds for it in this period."""
    missing = _count_missing(tx, look, gathered=gathered)
    extensions = periods.extensions(tx, look.period.id)
    targets = reminder_wishes.targets(tx, look.period.id)
    on_rungs = _read_rungs(tx)
    return [
        replace(
            facts.to_subject(office, look=look, extension=extensions.get(office)),
            deadline_since=periods.deadline_since(tx, look.period, extensions.get(office)),
            target=targets.get(office),
            missing=missing.get(facts.innovation),
            rungs=on_rungs.get(office, ()),
            decided=decided.get(office, {}),
        )
        for office, facts in gathered.items()
    ]


def _read_rungs(tx: Transaction) -> dict[int, tuple[OnRung, ...]]:
    """Read who is on the ladder of each office and has come in."""
    by_office: dict[int, tuple[OnRung, ...]] = {}
    for rung in rungs.every(tx):
        if rung.contact_id is not None:
            on_rung = OnRung(rung.readers, rung.contact_id, rung.since)
            by_office[rung.office_id] = (*by_office.get(rung.office_id, ()), on_rung)
    return by_office


_ACTIVE = "SELECT id FROM offices WHERE state = 'active' ORDER BY id"


def _read_active(tx: Transaction) -> list[int]:
    return [row[0] for row in tx.execute(_ACTIVE)]


# Why somebody cannot be written to, whether somebody is in the middle of answering: for people of any role.
_REACH = f"""
CASE WHEN EXISTS (SELECT 1 FROM addresses a WHERE a.contact_id = c.id AND {TAKES}) THEN ''
     WHEN EXISTS (SELECT 1 FROM addresses a WHERE a.contact_id = c.id AND {WRITABLE}) THEN 'window'
     WHEN EXISTS (SELECT 1 FROM addresses a WHERE a.contact_id = c.id AND {IS_OFF}) THEN 'off'
     WHEN EXISTS (SELECT 1 FROM addresses a WHERE a.contact_id = c.id) THEN 'blocked' ELSE 'no_address' END
"""
_BUSY = """
EXISTS (SELECT 1 FROM dialogues d JOIN cursors u ON u.contact_id = d.contact_id
        WHERE d.contact_id = c.id AND u.touched_at > ?)
"""
_IN_ORDER = "ORDER BY m.since, c.id, m.office_id"
_EVERYBODY = f"""
SELECT m.office_id, c.id, {_REACH}, {_BUSY}, s.until
FROM memberships m JOIN contacts c ON c.id = m.contact_id JOIN offices o ON o.id = m.office_id
LEFT JOIN snoozes s ON s.contact_id = c.id AND s.office_id = m.office_id AND s.period_id = ?
WHERE m.role = 'focal_point' AND m.until IS NULL AND o.state = 'active'
"""
_PEOPLE = f"{_EVERYBODY} AND {FIRST_RUNG}"
_ALL_PEOPLE = f"{_PEOPLE} {_IN_ORDER}"
_OF_ANY_RUNG = f"{_EVERYBODY} AND m.contact_id IN (SELECT value FROM json_each(?)) {_IN_ORDER}"
_THESE_PEOPLE = f"{_PEOPLE} AND m.contact_id IN (SELECT value FROM json_each(?)) {_IN_ORDER}"


def _read_people(
    tx: Transaction, look: Look, *, contacts: Collection[int] | None, any_rung: bool
) -> dict[int, list[Person]]:
    values = (utc_text(look.now - look.hold), look.period.id)
    if contacts is None:
        rows = tx.execute(_ALL_PEOPLE, values).fetchall()
    else:
        rows = tx.execute(
            _OF_ANY_RUNG if any_rung else _THESE_PEOPLE, (*values, json.dumps(list(contacts)))
        ).fetchall()
    heard_days = _read_heard_days(tx, look, contacts={row[1] for row in rows})
    by_office: dict[int, list[Person]] = {}
    for office, contact, reach, busy, snoozed in rows:
        until = date.fromisoformat(snoozed) if snoozed else None
        person = Person(contact, reach, bool(busy), until, heard_days.get(contact, ()))
        by_office.setdefault(office, []).append(person)
    return by_office


_READER = f"SELECT c.id, {_REACH}, {_BUSY} FROM contacts c WHERE c.id = ?"


def reader(tx: Transaction, look: Look, *, contact_id: int) -> Person:
    """Load a leader or a person of the desk as somebody who may be written to."""
    row = tx.execute(_READER, (utc_text(look.now - look.hold), contact_id)).fetchone()
    return Person(
        row[0],
        row[1],
        bool(row[2]),
        None,
        _read_heard_days(tx, look, contacts={contact_id}).get(contact_id, ()),
    )


def _read_heard_days(
    tx: Transaction, look: Look, *, contacts: Collection[int]
) -> dict[int, tuple[date, ...]]:
    return heard_days.days(tx, look.desk_data, contacts=contacts, now=look.now, but_outbox=look.but_outbox)


_STATES = f"""
SELECT office_id,
       min(CASE WHEN state IN ({quoted(*MEETS_DUTY)}) THEN coalesce(sent_at, updated_at) END),
       max(CASE WHEN state = '{State.RETURNED}' THEN id END),
       max(CASE WHEN state = '{State.DRAFT}' AND discarded_at IS NULL THEN updated_at || '#' || id END),
       max(updated_at)
FROM innovations WHERE period_id = ? {{some}} GROUP BY office_id
"""
_RETURNED = f"""
SELECT max(at) FROM history WHERE innovation_id = ? AND question = '#state' AND new = '{State.RETURNED}'
"""
_SOME_OFFICES = "AND office_id IN (SELECT value FROM json_each(?))"


def _read_standings(
    tx: Transaction, look: Look, *, gathered: Mapping[int, _Office], wanted: str | None
) -> None:
    """Tell done from returned from begun; what counts wins over what was returned, that over a draft."""
    some = _SOME_OFFICES if wanted is not None else ""
    values = (look.period.id, wanted) if wanted is not None else (look.period.id,)
    for office, done_at, returned, draft, answered_at in tx.execute(
        _STATES.format(some=some), values
    ).fetchall():
        facts = gathered.get(office)
        if facts is None:
            continue
        facts.answered_at = answered_at or ""
        if done_at:
            facts.standing, facts.done_at = Standing.DONE, done_at
        elif returned:
            facts.standing, facts.innovation = Standing.RETURNED, returned
            facts.returned_at = tx.execute(_RETURNED, (returned,)).fetchone()[0] or answered_at
        elif draft:
            touched, _, number = draft.partition("#")
            facts.standing = Standing.DRAFT
            facts.innovation = int(number)
            facts.touched = touched


_SIGNS = """
SELECT office_id, max(at) FROM (
    SELECT office_id, at FROM snoozes WHERE period_id = ? UNION ALL
    SELECT office_id, at FROM own_targets WHERE period_id = ?
) s WHERE true {some} GROUP BY office_id
"""


def _read_signs_of_life(
    tx: Transaction, look: Look, *, gathered: Mapping[int, _Office], wanted: str | None
) -> None:
    """Count a postponement and a target as signs of life, beside anything written in an innovation."""
    some = _SOME_OFFICES if wanted is not None else ""
    values = (look.period.id, look.period.id, *((wanted,) if wanted is not None else ()))
    for office, at in tx.execute(_SIGNS.format(some=some), values):
        if office in gathered:
            gathered[office].answered_at = max(gathered[office].answered_at, at)


def _count_missing(tx: Transaction, look: Look, *, gathered: Mapping[int, _Office]) -> dict[int, int]:
    """Count what the drafts lack that have lain for a while; the others are not asked about."""
    lying = [
        facts.innovation
        for facts in gathered.values()
        if facts.standing == Standing.DRAFT and look.day(facts.touched) <= look.quiet_since
    ]
    return draft_facts.missing(tx, lying, desk_data=look.desk_data, period=look.period, today=look.today)
