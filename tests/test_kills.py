"""The bot is killed while people talk to it: nothing is lost, nothing is doubled, nothing goes too fast, and
backups that are made meanwhile are whole.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kit.backups import back_up, restored_whole
from tests.kit.kills import RATE, run_kills

PEOPLE, KILLS, BACKUPS = 8, 6, 3
JITTER = 0.9  # of a message a chat may be ahead: a send may have been on its way for a fifth of a second


@pytest.mark.serial
async def test_everybody_finishes_once_whatever_is_killed(tmp_path: Path) -> None:
    """The short run; `python -m bench.kills` has the long one, at the platform's own pace for a chat."""
    data = tmp_path / "data"
    report = await run_kills(
        data,
        people=PEOPLE,
        kills=KILLS,
        seed=20260302,
        chat_rate=4,
        chat_burst=4,
        beside=lambda: back_up(data, tmp_path / "kept", times=BACKUPS, pause=1.0),
    )
    assert report.finished == PEOPLE
    assert list(report.submissions.values()) == [1] * PEOPLE
    assert report.lost == []
    assert report.misplaced == []
    assert report.busiest_second <= RATE
    assert report.fastest_chat <= JITTER
    assert restored_whole(tmp_path / "kept", tmp_path / "restored") == BACKUPS
