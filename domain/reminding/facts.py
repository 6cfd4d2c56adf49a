"""The facts about the duty of an office, from which reminders are decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from domain.review import Standing
from domain.rules.calendar import Calendar
from domain.rules.reminder_rules import Readers, ReminderRules, Rule


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """What is told at most once; a moved deadline makes another key, a restart does not."""

    rule: str
    period: int
    office: int  # 0: no single office
    person: int
    step: str
    deadline: str = ""  # ISO date, of the rules that follow one


@dataclass(frozen=True, slots=True)
class Decided:
    """When a key was told, and whether it really went out in a message of its own."""

    at: datetime
    sent: bool


@dataclass(frozen=True, slots=True)
class Person:
    """A person of an office, and what keeps messages from them."""

    id: int
    reach: str = ""  # why not, as a word of ours: blocked, window, off, no_address; "" can be reached
    busy: bool = False  # in the middle of answering
    snoozed: date | None = None  # the morning to which messages about this office were put off
    heard: tuple[date, ...] = ()  # local days of the last week's unasked messages, one entry each


@dataclass(frozen=True, slots=True)
class OnRung:
    """Somebody whom the desk named to hear of an office that gives no sign, and since when."""

    readers: Readers
    person: int
    since: datetime


@dataclass(frozen=True, slots=True)
class Subject:
    """The duty of one office in one period; dates are local."""

    office: int
    period: int
    opens: date
    deadline: date
    deadline_since: datetime | None = None  # when it came to hold; None: with the period
    standing: Standing = Standing.NONE
    people: tuple[Person, ...] = ()
    exempt: bool = False
    target: date | None = None  # the office's own, earlier date
    innovation: int = 0  # the draft, or the one that was returned
    touched: date | None = None  # of the draft
    missing: int | None = None  # things the draft lacks; None: not counted
    returned_on: date | None = None
    done_on: date | None = None
    answered_at: datetime | None = None  # the last sign of life
    rungs: tuple[OnRung, ...] = ()  # who of the office hears next when it gives no sign
    decided: Mapping[Key, Decided] = field(default_factory=dict)

    @property
    def is_reachable(self) -> bool:
        """Whether anybody of the office can be written to."""
        return any(not person.reach for person in self.people)


@dataclass(frozen=True, slots=True)
class Item:
    """One step of one rule for one office: the parts of its key and its working day."""

    rule: Rule
    step: str
    on: date
    deadline: str = ""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One thing to tell one person now, with the lesser ones it covers."""

    key: Key
    trigger: str
    at: datetime  # the slot it was planned for
    covers: tuple[Key, ...] = ()


@dataclass(frozen=True, slots=True)
class Silence:
    """Why an office gets no message."""

    office: int
    reason: str  # one of REASONS


@dataclass(frozen=True, slots=True)
class Plan:
    """What is due, why the others hear nothing, and what was missed and is too late."""

    occurrences: tuple[Occurrence, ...] = ()
    silences: tuple[Silence, ...] = ()
    missed: tuple[Key, ...] = ()
    on_hold: tuple[int, ...] = ()  # people in the middle of answering, to be looked at again


@dataclass(frozen=True, slots=True)
class Moment:
    """The moment for which everything is decided, with calendar and rules."""

    rules: ReminderRules
    calendar: Calendar
    zone: ZoneInfo
    since: datetime
    until: datetime
    today: date = field(init=False)
    is_morning: bool = field(init=False)

    def __post_init__(self) -> None:
        """Derive the local day once."""
        object.__setattr__(self, "today", self.until.astimezone(self.zone).date())
        object.__setattr__(self, "is_morning", self.rules.is_morning(self.until, self.calendar, self.zone))

    def slot(self, day: date, person: int) -> datetime:
        """The moment of a day at which a person is written to."""
        return self.rules.slot(day, person, self.zone)

    def is_fresh(self, item: Item) -> bool:
        """Whether it still makes sense to say this."""
        return self.calendar.working_days(item.on, self.today) <= item.rule.fresh
