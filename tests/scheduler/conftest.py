"""The ticks work for three offices with their people, and the desk."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.engine.database import Database
from tests.kit.databases import on_disk
from tests.kit.three_offices import with_three_offices


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """A database on disk with the three offices in it."""
    opened = await on_disk(tmp_path / "desk.db", with_three_offices())
    yield opened
    await opened.close()
