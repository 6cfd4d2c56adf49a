"""Takeovers between two hosts under busy people; `python -m bench.takeovers` does it a hundred times."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.engine.site import Server, site_from
from tests.kit import server
from tests.kit.takeovers import run_takeovers


@pytest.fixture
def site() -> Iterator[Server]:
    """A schema on a server of its own."""
    running = server.started()
    if running is None:
        pytest.skip(server.NOT_INSTALLED)
    site = site_from(f"{running.url('postgres')}&schema=desk")
    assert isinstance(site, Server)
    try:
        yield site
    finally:
        running.stop()


@pytest.mark.serial
async def test_the_other_host_goes_on_and_who_slept_writes_nothing(tmp_path: Path, site: Server) -> None:
    result = await run_takeovers(tmp_path, site, people=3, kills=1, freezes=1, seed=1)
    assert (result.left.finished, result.left.submissions) == (3, [1] * 3)
    assert (result.left.lost, result.left.doubled) == (0, [])
    assert result.woken == [1]
    assert len(result.seconds) == 2
