"""The distance of Kotim's published 58,09 to 65,01, and what would close it (F54)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing

import pytest

from domain.message import plain
from storage import reports
from storage.engine.sqlite import SqliteTransaction
from tests.kit.clock_and_codes import MORNING
from tests.kit.databases import in_memory, with_people
from tests.kit.estimating import PERIOD, take
from tests.kit.people import WATI
from tests.kit.regency import AFFAIRS, INDICATORS, RULE, SPD, filled, hand_in, levels_of

# 47 innovations, 4,083 points, the profile of the worked example: (40,50 + 86,87 + 17,86) / 2,5
MATURITIES = (87,) * 41 + (86,) * 6


@pytest.fixture
def tx() -> Iterator[SqliteTransaction]:
    with closing(in_memory(with_people())) as connection:
        for number, points in enumerate(MATURITIES):
            affair = AFFAIRS[number % 5]
            hand_in(
                connection,
                office=number + 1,
                title=f"Layanan {number}",
                affair=affair,
                levels=levels_of(points),
                now=MORNING,
            )
        filled(connection, len(SPD), now=MORNING)
        yield connection


def test_the_gap_is_said_in_points_and_in_the_three_cheapest_upgrades(tx: SqliteTransaction) -> None:
    assert str(reports.period_figures(tx, PERIOD, rule=RULE).claimed.index) == "58.09"
    assert "Target 65,01: kurang 6,92" in plain(take(tx, WATI, "/status")[0].text)
    text = plain(take(tx, WATI, "/simulasi")[0].text)
    assert "Perkiraan 58,09, target 65,01, kurang 6,92." in text
    upgrades = re.findall(r"• (\d+) [^:]+: (\d+) kenaikan tingkat, \+(\d+) poin", text)
    assert len(upgrades) == 3
    brought = [int(points) for _, _, points in upgrades]
    assert brought == sorted(brought, reverse=True)
    assert brought == [INDICATORS.by_no[int(no)].weight * int(times) for no, times, _ in upgrades]
