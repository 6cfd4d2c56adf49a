"""What takes updates in has a dispatcher at work."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.kit.databases import migrated, on_disk
from tests.kit.dispatching import Place


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    """A dispatcher on a database of its own; it starts when something is waited for."""
    database = await on_disk(tmp_path / "desk.db", migrated())
    place = Place(database)
    yield place
    await place.stops()
    await database.close()
