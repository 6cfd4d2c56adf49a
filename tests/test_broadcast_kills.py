"""The bot is killed while it announces, on a bad day: nobody gets it twice, and what is not known is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kit.broadcast_kills import run_kills

RECIPIENTS, KILLS = 90, 2


@pytest.mark.serial
async def test_each_recipient_gets_it_once_or_is_named(tmp_path: Path) -> None:
    """The short run; `python -m bench.broadcast --kills` has the long one.

    What was leased and had not left goes out after the start: uncertain is what was in the air.
    """
    report = await run_kills(tmp_path / "data", recipients=RECIPIENTS, kills=KILLS, seed=20260302)
    assert report.ended
    assert report.twice == []
    assert report.unsaid == []
    assert sum(report.states.values()) == RECIPIENTS
    assert set(report.states) <= {"sent", "failed", "unknown"}
    assert report.unknown - report.unanswered <= report.in_the_air
