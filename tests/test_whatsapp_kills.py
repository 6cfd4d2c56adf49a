"""Kills while people hand in on WhatsApp; `python -m bench.whatsapp_kills` does it with 200 people."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kit.whatsapp_kills import run_kills


@pytest.mark.serial
async def test_kills_on_whatsapp_lose_nothing_and_send_nothing_twice(tmp_path: Path) -> None:
    report = await run_kills(tmp_path, people=3, kills=2, seed=1, between=(0.2, 1.5))
    assert (report.finished, report.submissions) == (3, [1] * 3)
    assert (report.lost, report.doubled, report.thrice, report.pair_refusals) == (0, [], [], 0)
    assert report.statuses > report.messages
