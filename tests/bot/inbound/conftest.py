"""What takes updates in has a dispatcher at work."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.kit.databases import migrated, on_disk
from tests.kit.dispatching import TurnBench


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[TurnBench]:
    """A dispatcher on a database of its own; it starts when something is waited for."""
    database = await on_disk(tmp_path / "desk.db", migrated())
    bench = TurnBench(database)
    yield bench
    await bench.stops()
    await database.close()
