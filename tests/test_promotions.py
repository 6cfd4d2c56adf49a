"""A synchronous standby is promoted after its server died; `python -m bench.promotions` does it at length."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kit import server
from tests.kit.promotions import run_promotion
from tests.kit.two_servers import two_servers


@pytest.mark.serial
async def test_what_was_acknowledged_is_on_the_standby_and_the_desk_goes_on(tmp_path: Path) -> None:
    with two_servers() as servers:
        if servers is None:
            pytest.skip(server.NOT_INSTALLED)
        result = await run_promotion(tmp_path, servers, people=4, seed=1, after=12)
    assert result.acknowledged > 0
    assert (result.left.finished, result.left.submissions) == (4, [1] * 4)
    assert (result.left.lost, result.left.doubled) == (0, [])
