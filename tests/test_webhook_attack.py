"""The WhatsApp webhook under attack at its rate; `python -m bench.webhooks` does it for longer, and with a
clock.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kit.webhook_attack import ATTACKS, HEAPS, attack, pushes

COUNT, HEAPS_EVERY = 240, 80


@pytest.mark.serial
async def test_everything_is_refused_or_stored_and_what_the_platform_sends_is_handled(tmp_path: Path) -> None:
    report = await attack(tmp_path, count=COUNT, rate=100, seed=1, heaps_every=HEAPS_EVERY)
    assert report.wrong == []
    assert len(report.every) == COUNT
    assert (report.stored, report.unhandled) == (report.ordinary, 0)


def test_the_run_holds_every_kind_of_attack() -> None:
    labels = {push.label for push in pushes(COUNT, seed=1, heaps_every=HEAPS_EVERY)}
    wanted = {made(1).label for made in (*ATTACKS, *HEAPS)}
    assert wanted <= labels
