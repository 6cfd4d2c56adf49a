"""The rules of reminding as data: what is told to whom, how many days before or after what, and the
limits.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import cache, cached_property
from importlib.resources import files
from itertools import pairwise
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from domain.rules.calendar import FRIDAY, FRIDAY_PRAYER, WEEK, Calendar
from domain.rules.load import RulesError, read

WEEKDAYS = ("senin", "selasa", "rabu", "kamis", "jumat")  # as date.weekday() counts them
Trigger = Literal[
    "snoozed",
    "done",
    "target",
    "deadline",
    "passed",
    "returned",
    "almost_done",
    "stalled",
    "nothing_started",
    "unanswered",
    "unreachable",
    "handover",
    "queue",
    "profile",
]
# who hears of an office that gives no sign, from near to far: second PIC or secretary, head, leaders, desk
Readers = Literal["office", "second", "head", "leader", "desk"]  # whom a rule writes to
Days = Annotated[int, Field(ge=0, le=365)]
# What a rule of each trigger has to say; what it does not name may not stand there.
_NEEDS: dict[str, frozenset[str]] = {
    "target": frozenset({"before"}),
    "deadline": frozenset({"before"}),
    "passed": frozenset({"after"}),
    "returned": frozenset({"after"}),
    "almost_done": frozenset({"quiet", "missing"}),
    "stalled": frozenset({"quiet"}),
    "nothing_started": frozenset({"after"}),
    "unanswered": frozenset({"before", "unanswered"}),
    "unreachable": frozenset({"before"}),
    "handover": frozenset({"after"}),
    "queue": frozenset({"weekdays"}),
    "profile": frozenset({"weekdays"}),
}
# triggers told on a day that was promised: by whoever put it off, or to the office it is about
_PROMISED = frozenset({"snoozed", "unanswered", "handover"})
_OF_DESK = frozenset({"unreachable", "handover", "queue", "profile"})  # triggers only the desk hears of
SPREAD_FACTOR, SPREAD_RANGE = 2654435761, 2**32  # Knuth's multiplicative hash: neighbours come apart


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Hours(_Strict):
    """The local hours in which unasked messages may leave."""

    opens: time
    spread: Annotated[int, Field(ge=1, le=240)]  # minutes
    closes: time

    @model_validator(mode="after")
    def _in_order(self) -> Hours:
        last = datetime.combine(date.min, self.opens) + timedelta(minutes=self.spread)
        if last.time() > min(self.closes, FRIDAY_PRAYER[0]):
            raise ValueError(f"expected opens and spread to end by closes and by {FRIDAY_PRAYER[0]:%H:%M}")
        return self


class Limits(_Strict):
    """The most messages a person gets in a day and a week."""

    per_day: Annotated[int, Field(ge=1, le=5)]
    per_week: Annotated[int, Field(ge=1, le=10)]
    hold: Annotated[int, Field(ge=1, le=240)]  # minutes
    ahead: Days  # working days
    gap: Days  # working days
    review: Days  # working days

    def reached(self, heard: Sequence[date], *, today: date) -> str:
        """Name the limit that these days of unasked messages have reached; "" when there is none."""
        if heard.count(today) >= self.per_day:
            return "heard_today"
        return "weekly_cap" if sum(day > today - WEEK for day in heard) >= self.per_week else ""

    def free_morning(
        self, heard: Sequence[date], *, after: datetime, calendar: Calendar, zone: ZoneInfo
    ) -> datetime:
        """Find the first working morning after the day of a moment at which none of them is reached."""
        morning = calendar.morning_after(after, zone)
        while self.reached(heard, today=morning.date()):
            morning = calendar.morning_after(morning, zone)
        return morning


class Rule(_Strict):
    """One rule; its words stand under its trigger in `reminder_texts.toml`."""

    id: Annotated[str, Field(pattern=r"^[a-z_]{3,24}$")]
    trigger: Trigger
    readers: Readers
    soft: bool = False  # gives way to the steps of a deadline
    before: tuple[Days, ...] = ()
    after: tuple[Days, ...] = ()
    quiet: Days = 0  # working days without a touch
    missing: Annotated[int, Field(ge=0, le=20)] = 0
    unanswered: Annotated[int, Field(ge=0, le=5)] = 0
    weekdays: tuple[Literal["senin", "selasa", "rabu", "kamis", "jumat"], ...] = ()
    fresh: Annotated[int, Field(ge=0, le=20)] = 1  # working days after its day on which it may still be told

    @property
    def is_promised(self) -> bool:
        """Whether its day was promised to somebody: no limit keeps it back, and it counts to none."""
        return self.trigger in _PROMISED

    @field_validator("before")
    @classmethod
    def _farthest_first(cls, before: tuple[int, ...]) -> tuple[int, ...]:
        for farther, nearer in pairwise(before):
            if nearer >= farther:
                raise ValueError(f"expected {nearer} below {farther}, the farthest first")
        return before

    @model_validator(mode="after")
    def _complete(self) -> Rule:
        set_keys = {
            name
            for name in ("before", "after", "quiet", "missing", "unanswered", "weekdays")
            if getattr(self, name)
        }
        needed = _NEEDS.get(self.trigger, frozenset())
        if set_keys != needed:
            wanted = (
                ", ".join(sorted(needed)) or "none of before, after, quiet, missing, unanswered, weekdays"
            )
            raise ValueError(f'rule "{self.id}": expected {wanted} for the trigger "{self.trigger}"')
        to_desk = self.trigger in _OF_DESK
        to_office = not to_desk and self.trigger != "unanswered"
        if (self.readers == "office") != to_office or (to_desk and self.readers != "desk"):
            raise ValueError(
                f'rule "{self.id}": the readers "{self.readers}" do not hear of "{self.trigger}"'
            )
        return self


class ReminderRules(_Strict):
    """Hours, limits and rules, ranked."""

    hours: Hours
    limits: Limits
    rules: Annotated[tuple[Rule, ...], Field(alias="rule", min_length=1)]

    @field_validator("rules")
    @classmethod
    def _each_once(cls, rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
        ids = [rule.id for rule in rules]
        for name in ids:
            if ids.count(name) > 1:
                raise ValueError(f'expected "{name}" once')
        return rules

    @cached_property
    def by_id(self) -> dict[str, Rule]:
        return {rule.id: rule for rule in self.rules}

    def trigger_of(self, rule_id: str) -> str:
        """The trigger of a rule; "" of one that is told of in history and no longer stands here."""
        rule = self.by_id.get(rule_id)
        return rule.trigger if rule else ""

    @cached_property
    def promised(self) -> tuple[str, ...]:
        """The names of the rules that tell on a promised day."""
        return tuple(rule.id for rule in self.rules if rule.is_promised)

    @cached_property
    def rank(self) -> dict[str, int]:
        """The position of each rule: the lower is told first."""
        return {rule.id: position for position, rule in enumerate(self.rules)}

    def of(self, readers: Readers) -> tuple[Rule, ...]:
        """The rules these readers hear of."""
        return tuple(rule for rule in self.rules if rule.readers == readers)

    def minute(self, contact_id: int) -> int:
        """Return the minute after opening at which a person is written to, always the same one."""
        return contact_id * SPREAD_FACTOR % SPREAD_RANGE % self.hours.spread

    def slot(self, day: date, contact_id: int, zone: ZoneInfo) -> datetime:
        """The moment of a day at which a person is written to."""
        opens = datetime.combine(day, self.hours.opens, tzinfo=zone)
        return opens + timedelta(minutes=self.minute(contact_id))

    def next_run(self, moment: datetime, calendar: Calendar, zone: ZoneInfo) -> datetime:
        """The moment by which everybody's minute of the next morning has come: of today's while it is not
        over.
        """
        local = moment.astimezone(zone)
        early = calendar.is_working(local.date()) and local.time() < self.hours.opens
        today = early or self.is_morning(moment, calendar, zone)
        day = local.date() if today else calendar.plus(local.date(), 1)
        spread = datetime.combine(day, self.hours.opens, tzinfo=zone) + timedelta(minutes=self.hours.spread)
        return max(spread, local) if day == local.date() else spread

    def is_morning(self, moment: datetime, calendar: Calendar, zone: ZoneInfo) -> bool:
        """Whether unasked messages may leave now."""
        local = moment.astimezone(zone)
        closes = FRIDAY_PRAYER[0] if local.weekday() == FRIDAY else self.hours.closes
        return calendar.is_working(local.date()) and self.hours.opens <= local.time() < min(
            closes, self.hours.closes
        )


def read_reminders(text: str) -> ReminderRules:
    """Read rules; raises RulesError naming file, key, value and expectation."""
    return read(ReminderRules, text, name="reminders.toml")


@cache
def load_reminders() -> ReminderRules:
    """Read the packaged rules; raises RulesError."""
    return read_reminders((files("domain") / "data" / "reminders.toml").read_text(encoding="utf-8"))


__all__ = ["Readers", "ReminderRules", "Rule", "RulesError", "Trigger", "load_reminders", "read_reminders"]
