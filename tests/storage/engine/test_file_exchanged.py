"""A database file that is deleted, exchanged or written over while it is open."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from storage.engine.database import Database, DatabaseGone, one_state, read_beside
from storage.engine.transaction import Transaction
from tests.kit.one_table import insert, values

pytestmark = pytest.mark.sqlite


@pytest.mark.parametrize("what", ["deleted", "exchanged", "folder moved"])
async def test_a_file_that_is_deleted_or_exchanged_takes_nothing_more(
    database: Database, tmp_path: Path, what: str
) -> None:
    """A unit that was under way when it happened is not acknowledged either."""
    path = tmp_path / "data" / "desk.db"
    await database.run(insert(1))

    def strike(tx: Transaction) -> None:
        insert(2)(tx)
        if what == "folder moved":
            path.parent.rename(tmp_path / "elsewhere")
        else:
            path.unlink()
        if what == "exchanged":
            path.write_bytes(b"another database")

    for work in (database.run(strike), database.run(insert(3)), database.read(values)):
        with pytest.raises(DatabaseGone, match="deleted, exchanged or written over"):
            await work


async def test_an_older_copy_written_over_the_open_file_is_noticed(
    database: Database, tmp_path: Path
) -> None:
    path, copy = tmp_path / "data" / "desk.db", tmp_path / "copy.db"
    await database.mark()
    shutil.copyfile(path, copy)
    await database.mark()
    await database.run(insert(1))
    assert await database.read(values)

    def strike(tx: Transaction) -> None:
        insert(2)(tx)
        shutil.copyfile(copy, path)

    for work in (database.run(strike), database.run(insert(3)), database.mark(), database.fold_log()):
        with pytest.raises(DatabaseGone):
            await work
    await database.close()
    assert path.read_bytes() == copy.read_bytes()
    assert sorted(entry.name for entry in path.parent.iterdir()) == [
        "desk.db",
        "desk.db-shm.left",
        "desk.db-wal.left",
    ]


async def test_a_log_deleted_while_the_database_is_open_is_noticed(
    database: Database, tmp_path: Path
) -> None:
    """What was committed since the log was last folded lies there alone."""
    await database.run(insert(1))
    (tmp_path / "data" / "desk.db-wal").unlink()
    with pytest.raises(DatabaseGone):
        await database.run(insert(2))


async def test_a_mark_that_a_reader_keeps_out_of_the_file_is_expected_beside_the_former(
    database: Database, tmp_path: Path
) -> None:
    path = tmp_path / "data" / "desk.db"
    await database.mark()
    with read_beside(path) as tx, one_state(tx):
        tx.execute("SELECT count(*) FROM sqlite_master").fetchone()
        await database.run(insert(1))
        await database.mark()
        await database.run(insert(2))
    await database.mark()
    await database.run(insert(3))
    assert await database.read(values) == [1, 2, 3]
