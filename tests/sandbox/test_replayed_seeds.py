"""Whole periods of other seeds, read from their logs alone: nothing unasked outside decent hours."""

from __future__ import annotations

import asyncio
import re
from datetime import date, datetime, time
from pathlib import Path

import pytest

from domain.rules.calendar import FRIDAY, load_calendar
from sandbox.replay import Wanted, replay

SEEDS = 40
MONTHS = ("Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober",
          "November", "Desember")  # fmt: skip
_HEARD = re.compile(rf"^\w+, (\d+) ({'|'.join(MONTHS)}) (\d{{4}}) pukul (\d\d)\.(\d\d) \w+ → ", re.MULTILINE)


def heard(log: str) -> list[datetime]:
    """The local moment of every message that arrived."""
    return [
        datetime.combine(date(int(year), MONTHS.index(month) + 1, int(day)), time(int(hour), int(minute)))
        for day, month, year, hour, minute in _HEARD.findall(log)
    ]


def check(folder: Path, seed: int) -> None:
    """Replay a period, longer with each seed, and look at the moment of everything that arrived."""
    replayed = asyncio.run(replay(folder, Wanted(seed=seed, days=55 + seed * 2)))
    calendar, moments = load_calendar(), heard(replayed.log)
    assert len(moments) > 20
    for at in moments:
        assert calendar.is_working(at.date()), at
        assert time(8) <= at.time() < time(16), at
        assert not (at.weekday() == FRIDAY and time(11) <= at.time() < time(13, 30)), at


def test_nothing_arrives_outside_decent_hours(tmp_path: Path) -> None:
    check(tmp_path, 1)


@pytest.mark.every
@pytest.mark.parametrize("seed", range(2, SEEDS + 1))
def test_nothing_arrives_outside_decent_hours_whatever_the_seed(tmp_path: Path, seed: int) -> None:
    check(tmp_path, seed)
