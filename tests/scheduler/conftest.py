"""The ticks work for three offices with their people, and the desk."""

from __future__ import annotations

import pytest

from storage.engine.database import Database
from tests.kit.three_offices import seed


@pytest.fixture
async def database(database: Database) -> Database:
    """A database on disk with the three offices in it."""
    await database.run(seed)
    return database
