"""Where a clock that is moved stops on its way, so that every morning between is lived, and where it can be
moved to.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from domain.rules.calendar import ONE_DAY, WEEK, Calendar
from domain.rules.reminder_rules import ReminderRules

EVERY_MINUTES = 15  # of a morning: a reminder leaves at most so long after its person's minute
BESIDE = (time(12, 5), time(13, 35), time(16, 5), time(22))  # looks of every day beside the morning's
HOUR, MORNING = "hour", "morning"
WEEK_ON, DEADLINE = "week", "deadline"


@dataclass(frozen=True, slots=True)
class Stops:
    """Working days, the hours of reminding, and the zone they are meant in."""

    calendar: Calendar
    rules: ReminderRules
    zone: ZoneInfo

    def next(self, now: datetime) -> datetime:
        """Find the first stop after `now`."""
        local = now.astimezone(self.zone)
        day = local.date()
        while True:
            for stop in self._list_stops(day):
                if stop > local:
                    return stop
            day += ONE_DAY

    def _list_stops(self, day: date) -> Iterator[datetime]:
        """List the stops of a day: of a working one its morning in small steps, of any other a few looks."""
        opens = datetime.combine(day, self.rules.hours.opens, tzinfo=self.zone)
        if self.calendar.is_working(day):
            for minutes in range(0, self.rules.hours.spread + 1, EVERY_MINUTES):
                yield opens + timedelta(minutes=minutes)
        for at in BESIDE:
            yield datetime.combine(day, at, tzinfo=self.zone)

    def target(self, name: str, now: datetime, *, deadline: date | None) -> datetime | None:
        """Find the moment that is meant; None when there is none, such as a deadline that has passed."""
        if name == HOUR:
            return now + timedelta(hours=1)
        if name == WEEK_ON:
            return now + WEEK
        if name == MORNING:
            return self.end_of_morning(now)
        if name == DEADLINE and deadline is not None:
            at = self._end_of_spread(deadline)
            return at if at > now else None
        return None

    def end_of_morning(self, now: datetime) -> datetime:
        """Find the next working day's moment at which everybody's minute of the morning has come."""
        day = now.astimezone(self.zone).date()
        while True:
            at = self._end_of_spread(day)
            if self.calendar.is_working(day) and at > now:
                return at
            day += ONE_DAY

    def _end_of_spread(self, day: date) -> datetime:
        opens = datetime.combine(day, self.rules.hours.opens, tzinfo=self.zone)
        return opens + timedelta(minutes=self.rules.hours.spread)
