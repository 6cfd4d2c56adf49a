"""What a sandbox begins with: the regency as the newspapers described it, an empty one, or a busy week."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

from bot.cli.sandbox_options import EMPTY
from domain.people import Role
from domain.review import State
from domain.rules.calendar import load_calendar
from domain.rules.load import load_offices, load_published, load_rules
from domain.rules.reminder_rules import load_reminders
from handlers.door.privacy import NOTICE_VERSION
from sandbox.clock_stops import Stops
from sandbox.demo import STRANGERS_CODES, DemoPerson, ideas, people
from sandbox.examples import (
    ALMOST,
    BEGUN,
    HALF,
    STRONG_LEVELS,
    USUAL_LEVELS,
    Example,
    Maker,
    load_examples,
    load_spd_levels,
)
from sandbox.papers import Paper
from storage import contacts, invitations, offices, periods, profile
from storage.engine.transaction import Transaction
from storage.periods import Period

CODE_GOOD_FOR = timedelta(days=365)
AGE = timedelta(days=5)  # of the first innovation
EVERY = timedelta(minutes=61)  # between two of them
OPENED_BEFORE = timedelta(days=60)  # the period, at least


@dataclass(frozen=True, slots=True)
class Beginning:
    """When a scenario begins and where."""

    scenario: str
    now: datetime
    zone: ZoneInfo

    @property
    def today(self) -> date:
        """The local day."""
        return self.now.astimezone(self.zone).date()


class Filling:
    """Makes a scenario in a new database, in units that are run one after another."""

    def __init__(self, scenario: str, *, now: datetime, zone: ZoneInfo) -> None:
        self._beginning = Beginning(scenario, now, zone)
        self._known: dict[str, int] = {}  # contacts, by the office they serve
        self._maker: Maker | None = None

    def units(self) -> Iterator[Callable[[Transaction], object]]:
        """List the units: the regency and its people, then one innovation after the other.

        All in one would hold a transaction longer than the database lets a unit last on a slow machine.
        """
        yield self._begin
        if self._beginning.scenario != EMPTY:
            for number, example in enumerate(_list_examples(self._beginning.scenario)):
                yield partial(self._add, number=number, example=example)

    @property
    def papers(self) -> Sequence[Paper]:
        """The papers that the rows of the units name."""
        return self._maker.papers if self._maker else ()

    def _begin(self, tx: Transaction) -> None:
        """Put in offices, people, codes and the period; in a new regency only the desk, and no period."""
        now, scenario = self._beginning.now, self._beginning.scenario
        offices.upsert(tx, load_offices())
        profile.publish_packaged(tx, load_published(), now=now)
        crowd = [person for each in people().values() for person in each if person.role is not None]
        if scenario == EMPTY:
            crowd = [person for person in crowd if person.role is Role.ADMIN]
        self._known = {person.office: _enrol(tx, person, now=now) for person in crowd}
        for code, office in STRANGERS_CODES.values():
            _invite(tx, code, office_code=office, now=now)
        if scenario == EMPTY:
            return
        desk = next(person for person in crowd if person.role is Role.ADMIN)
        reviewer = contacts.by_address(tx, desk.channel, address=desk.address)
        if reviewer is None:
            raise LookupError("people.toml: found nobody of the desk, expected one")
        self._maker = Maker(_open_period(tx, self._beginning), reviewer.id)
        _set_profile(tx, self._maker, now=now - AGE)

    def _add(self, tx: Transaction, *, number: int, example: Example) -> None:
        """Make one innovation, a while after the one before."""
        if self._maker is None:
            raise LookupError("the regency has not begun")
        at = self._beginning.now - AGE + number * EVERY
        self._maker.make(tx, example, by=self._known[example.office], now=at)


def _plan(scenario: str) -> Mapping[str, Any]:
    plans = tomllib.loads((files("sandbox") / "scenarios.toml").read_text(encoding="utf-8"))
    plan: Mapping[str, Any] = plans[scenario]
    return plan


def deadline_of(beginning: Beginning) -> date:
    """Find the period's last day: so many days behind the next working morning, maybe that of today."""
    stops = Stops(load_calendar(), load_reminders(), beginning.zone)
    morning = stops.end_of_morning(beginning.now).astimezone(beginning.zone)
    return morning.date() + timedelta(days=int(_plan(beginning.scenario)["deadline_in"]))


def _open_period(tx: Transaction, beginning: Beginning) -> Period:
    known, year = load_rules(), beginning.today.year
    periods.open_period(
        tx,
        periods.NewPeriod(
            year=year,
            rule_year=year if year in known else max(known),
            opens_on=min(date(year, 1, 5), beginning.today - OPENED_BEFORE),
            deadline=deadline_of(beginning),
        ),
        now=beginning.now,
    )
    period = periods.current(tx)
    if period is None:
        raise LookupError(f"the period {year} is not there")
    return period


def _set_profile(tx: Transaction, maker: Maker, *, now: datetime) -> None:
    """Set the regency's own rows first, so that the index of an earlier day is no riddle."""
    for row, level in load_spd_levels(load_rules()[maker.period.rule_year]).items():
        profile.set_level(tx, maker.period.id, row=row, level=level, by=maker.reviewer, now=now)


def _list_examples(scenario: str) -> Iterator[Example]:
    """List every innovation of a scenario, in the order they were begun."""
    plan, known = _plan(scenario), ideas()
    for number, example in enumerate(load_examples()):
        yield _at_start(example, number, verified=plan["verified"])
    wanted: Sequence[tuple[str, State, str]] = (
        ("sent", State.SENT, ""),
        ("returned", State.RETURNED, ""),
        (ALMOST, State.DRAFT, ALMOST),
        (HALF, State.DRAFT, HALF),
        (BEGUN, State.DRAFT, BEGUN),
    )
    for name, state, progress in wanted:
        for office in plan[name]:
            idea = known[office]
            levels = STRONG_LEVELS if progress == ALMOST else USUAL_LEVELS
            yield Example(office, idea.title, idea.affair, levels, state, progress)


# of the examples: those the desk has under review, one of them judged and one to be returned; they stand at
# the head of the queue, where somebody who practises finds them
JUDGED, TO_RETURN = 2, 4


def _at_start(example: Example, number: int, *, verified: bool) -> Example:
    state = example.state if verified else State.SENT
    if number in (JUDGED, TO_RETURN):
        state = State.IN_REVIEW
    return replace(example, state=state, judged=number == JUDGED, flagged=number == TO_RETURN)


def _invite(tx: Transaction, code: str, *, office_code: str, now: datetime) -> None:
    office = offices.by_code(tx, office_code)
    invitations.create(
        tx,
        code,
        by=None,
        now=now,
        new=invitations.NewInvitation(
            role=Role.FOCAL_POINT, office_id=office.id if office else None, valid_for=CODE_GOOD_FOR
        ),
    )


def _enrol(tx: Transaction, person: DemoPerson, *, now: datetime) -> int:
    contact = contacts.create(
        tx,
        contacts.NewContact(
            channel=person.channel,
            address=person.address,
            name=person.name,
            language="id",
            consent_version=NOTICE_VERSION,
        ),
        now=now,
    )
    office = offices.by_code(tx, person.office) if person.office else None
    if person.role is not None:
        contacts.grant(tx, contact, role=person.role, office_id=office.id if office else None, now=now)
    return contact
