"""What a database file must be to be opened, and who may read it."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest

from storage.engine.database import Database, DatabaseRefused

pytestmark = pytest.mark.sqlite


async def test_folder_and_files_are_for_our_eyes_only(tmp_path: Path) -> None:
    before = os.umask(0o000)
    try:
        database = await Database.open(tmp_path / "data" / "desk.db")
        await database.run(lambda tx: tx.execute("CREATE TABLE t (n)") and None)
        modes = {found.name: found.stat().st_mode & 0o777 for found in (tmp_path / "data").iterdir()}
        await database.close()
    finally:
        os.umask(before)
    assert modes == {"desk.db": 0o600, "desk.db-wal": 0o600, "desk.db-shm": 0o600}
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700


async def test_it_refuses_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "desk.db").write_text("this is a shopping list, not a database\n" * 100)
    with pytest.raises(DatabaseRefused) as refused:
        await Database.open(tmp_path / "desk.db")
    assert str(refused.value) == f"{tmp_path}/desk.db cannot be opened as a database: file is not a database"


async def test_it_refuses_another_programs_database_and_leaves_it_alone(tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "desk.db")
    other.execute("CREATE TABLE recipes (n)")
    other.close()
    with pytest.raises(DatabaseRefused, match=r'desk\.db: found the table "recipes"'):
        await Database.open(tmp_path / "desk.db")
    other = sqlite3.connect(tmp_path / "desk.db")
    assert other.execute("SELECT name FROM sqlite_master").fetchall() == [("recipes",)]
    other.close()


async def test_it_refuses_a_newer_database_naming_both_versions(tmp_path: Path) -> None:
    database = await Database.open(tmp_path / "desk.db")
    await database.run(
        lambda tx: tx.execute("INSERT INTO schema_migrations VALUES (9999, 'x', 'y')") and None
    )
    await database.close()
    with pytest.raises(
        DatabaseRefused, match=r"desk\.db: found version 9999, this program knows \d+; install"
    ):
        await Database.open(tmp_path / "desk.db")


async def test_it_refuses_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DatabaseRefused, match=r"file/desk\.db cannot be written: .*; set DESK_DATA_DIR"):
        await Database.open(tmp_path / "file" / "desk.db")


async def test_it_refuses_a_folder_in_the_place_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "desk.db").mkdir()
    with pytest.raises(DatabaseRefused, match="cannot be written: Is a directory"):
        await Database.open(tmp_path / "desk.db")
