"""What is acknowledged after a disk that failed to sync: nothing that stands behind a hole in the log."""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path

import pytest

from storage.engine.database import Database
from storage.engine.errors import DiskFull
from tests.kit.failing_syncs import CAN_FAIL, fail_to_sync
from tests.kit.one_table import insert, values

pytestmark = pytest.mark.sqlite


@pytest.mark.skipif(not CAN_FAIL, reason="this system cannot have the syncs of a thread fail")
async def test_after_a_sync_that_failed_nothing_is_kept_before_the_log_began_anew(
    database: Database, tmp_path: Path
) -> None:
    log = tmp_path / "data" / "desk.db-wal"
    await database.run(insert(1))
    syncs = await fail_to_sync(database)
    await database.run(insert(2), lasting=False)  # may be missing on the disk, not in memory
    await database._writer.unit(lambda tx: tx.execute("PRAGMA busy_timeout = 0"))
    with closing(sqlite3.connect(tmp_path / "data" / "desk.db", isolation_level=None)) as reader:
        reader.execute("BEGIN")
        assert reader.execute("SELECT count(*) FROM t").fetchone() == (2,)
        for _ in range(2):
            with pytest.raises(DiskFull):
                await database.run(insert(3))
        syncs.failing = False
        with pytest.raises(DiskFull, match="being read"):
            await database.run(insert(4))
        assert database.commits.failing
    before = log.stat().st_size
    await database.run(insert(5))
    assert await database.read(values) == [1, 2, 5]
    assert log.stat().st_size < before
    assert not database.commits.failing


@pytest.mark.skipif(not CAN_FAIL, reason="this system cannot have the syncs of a thread fail")
@pytest.mark.parametrize("work", [Database.fold_log, Database.mark])
async def test_a_sync_that_failed_beside_the_commits_counts_as_well(
    database: Database, tmp_path: Path, work: Callable[[Database], Awaitable[None]]
) -> None:
    """As at night, when the log is emptied while nobody writes."""
    await database.run(insert(1))
    syncs = await fail_to_sync(database)
    with pytest.raises(sqlite3.OperationalError):
        await work(database)
    syncs.failing = False
    await database._writer.unit(lambda tx: tx.execute("PRAGMA busy_timeout = 0"))
    with closing(sqlite3.connect(tmp_path / "data" / "desk.db", isolation_level=None)) as reader:
        reader.execute("BEGIN")
        assert reader.execute("SELECT count(*) FROM t").fetchone() == (1,)
        with pytest.raises(DiskFull, match="being read"):
            await database.run(insert(2))
    await database.run(insert(3))
    assert await database.read(values) == [1, 3]
