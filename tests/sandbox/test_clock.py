"""The sandbox's clock: moved forward only, kept between starts, and lived through morning by morning."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from domain.rules.calendar import load_calendar
from domain.rules.reminder_rules import load_reminders
from sandbox.clock import FILE, LIVE, SETTLE, WorldClock
from sandbox.clock_moves import Moves
from sandbox.clock_stops import DEADLINE, HOUR, MORNING, WEEK_ON, Stops

ZONE = ZoneInfo("Asia/Jakarta")
STOPS = Stops(load_calendar(), load_reminders(), ZONE)
FRIDAY_EVENING = datetime(2026, 11, 27, 18, tzinfo=ZONE)
LAST_DAY = date(2026, 12, 14)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (HOUR, datetime(2026, 11, 27, 19, tzinfo=ZONE)),
        (MORNING, datetime(2026, 11, 30, 10, tzinfo=ZONE)),
        (WEEK_ON, datetime(2026, 12, 4, 18, tzinfo=ZONE)),
        (DEADLINE, datetime(2026, 12, 14, 10, tzinfo=ZONE)),
        ("gestern", None),
    ],
)
def test_where_the_clock_can_be_moved_to(name: str, expected: datetime | None) -> None:
    assert STOPS.target(name, FRIDAY_EVENING, deadline=LAST_DAY) == expected


def test_a_deadline_that_is_over_cannot_be_moved_to() -> None:
    assert STOPS.target(DEADLINE, FRIDAY_EVENING, deadline=date(2026, 11, 20)) is None
    assert STOPS.target(DEADLINE, FRIDAY_EVENING, deadline=None) is None


def test_a_clock_never_goes_back_and_is_kept(tmp_path: Path) -> None:
    clock = WorldClock(tmp_path)
    start = clock.now()
    clock.move_to(start - timedelta(days=1))
    assert not (tmp_path / FILE).exists()
    clock.move_to(start + timedelta(days=3))
    clock.move_to(start + timedelta(days=2))
    again = WorldClock(tmp_path)
    assert timedelta(0) <= again.now() - start - timedelta(days=3) < timedelta(minutes=1)


class Lives:
    """A bot that notes what it is asked, and the moment."""

    def __init__(self, clock: WorldClock) -> None:
        self.clock = clock
        self.asked: list[tuple[str, datetime]] = []
        self.next: datetime | None = None

    async def __call__(self, what: str) -> Mapping[str, Any]:
        now = self.clock.now()
        self.asked.append((what, now))
        due = self.next
        if due is not None and due <= now:
            self.next = None
        return {"settled": True, "next": due.isoformat() if due else None}

    @property
    def lived(self) -> list[datetime]:
        """The moments it was asked to live, by the minute and local."""
        return [
            at.astimezone(ZONE).replace(second=0, microsecond=0) for what, at in self.asked if what == LIVE
        ]


async def test_every_working_morning_on_the_way_is_lived_in_small_steps(tmp_path: Path) -> None:
    clock = WorldClock(tmp_path)
    start = (clock.now() + timedelta(days=8)).astimezone(ZONE).replace(hour=18, minute=0)
    clock.move_to(start)
    bot = Lives(clock)
    await Moves(clock, STOPS, ask=bot).go(start + timedelta(days=7))
    assert bot.asked[0][0] == SETTLE
    mornings = {at.date() for at in bot.lived if (at.hour, at.minute) == (8, 15)}
    days = (start.date() + timedelta(days=n) for n in range(1, 8))
    assert mornings == {day for day in days if STOPS.calendar.is_working(day)}
    assert bot.lived == sorted(bot.lived)
    assert clock.now() >= start + timedelta(days=7)


async def test_a_message_that_was_put_off_is_a_stop_of_its_own(tmp_path: Path) -> None:
    clock = WorldClock(tmp_path)
    bot = Lives(clock)
    start = (clock.now() + timedelta(days=1)).astimezone(ZONE).replace(hour=22, minute=30, second=0)
    clock.move_to(start)
    bot.next = start + timedelta(minutes=7)
    await Moves(clock, STOPS, ask=bot).go(start + timedelta(minutes=9))
    assert (start + timedelta(minutes=7)).replace(microsecond=0) in bot.lived


async def test_time_passes_where_no_bot_lives_it(tmp_path: Path) -> None:
    clock, asked = WorldClock(tmp_path), []
    until = clock.now() + timedelta(days=30)

    async def nobody(what: str) -> None:
        asked.append(what)

    await Moves(clock, STOPS, ask=nobody).go(until)
    assert clock.now() >= until
    assert asked == [SETTLE, SETTLE, LIVE, LIVE]  # each twice: the first may have died over it


async def test_a_move_can_be_ended_at_its_next_stop(tmp_path: Path) -> None:
    clock = WorldClock(tmp_path)
    start = clock.now()

    async def ends(what: str) -> Mapping[str, Any]:
        if what == LIVE:
            moves.play(0)
        return {}

    moves = Moves(clock, STOPS, ask=ends)
    await moves.go(start + timedelta(days=30))
    assert clock.now() < start + timedelta(days=2)
    assert moves.until is None
    assert clock.now().tzinfo is UTC
