"""The bot is killed while people talk to it: nothing is lost, nothing is doubled, nothing goes too fast."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kit.kills import RATE, run_kills

PEOPLE, KILLS = 8, 6
JITTER = 0.2  # messages a chat may be ahead, from the time between leaving and arriving


@pytest.mark.serial
async def test_everybody_finishes_once_whatever_is_killed(tmp_path: Path) -> None:
    """The short run; `python -m bench.kills` has the long one, at the platform's own pace for a chat."""
    report = await run_kills(
        tmp_path / "data", people=PEOPLE, kills=KILLS, seed=20260302, chat_rate=4, chat_burst=4
    )
    assert report.finished == PEOPLE
    assert list(report.submissions.values()) == [1] * PEOPLE
    assert report.lost == []
    assert report.misplaced == []
    assert report.busiest_second <= RATE
    assert report.fastest_chat <= JITTER
