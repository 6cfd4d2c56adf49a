"""The tests of the engine work on a file with one table."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.engine.database import Database


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = await Database.open(tmp_path / "data" / "desk.db", unit_seconds=0.4)
    await database.run(lambda tx: tx.execute("CREATE TABLE t (n)") and None)
    yield database
    await database.close()
