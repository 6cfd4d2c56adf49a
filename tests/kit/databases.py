"""Databases to begin a test with, each made once and then copied: making one takes longer than most tests."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from functools import cache
from pathlib import Path

from storage.engine.database import Database
from storage.engine.migrate import migrate
from storage.engine.sqlite import SqliteTransaction
from tests.kit.clock_and_codes import MORNING
from tests.kit.people import everywhere, seed

Filling = Callable[[SqliteTransaction], object]


def in_memory(content: bytes) -> SqliteTransaction:
    """Open a copy of a database in memory; the caller closes it."""
    tx = sqlite3.connect(":memory:", factory=SqliteTransaction, isolation_level=None)
    tx.deserialize(content)
    tx.execute("PRAGMA foreign_keys = ON")
    return tx


async def on_disk(path: Path, content: bytes) -> Database:
    """Open a copy of a database that lies on disk; the caller closes it."""
    lay(path, content)
    return await Database.open(path)


def lay(path: Path, content: bytes) -> None:
    """Put a copy of a database where none is yet."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.touch(mode=0o600, exist_ok=False)
    path.write_bytes(content)


def filled(content: bytes, fill: Filling) -> bytes:
    """Return a database with something more in it."""
    with closing(in_memory(content)) as tx:
        tx.execute("BEGIN")
        fill(tx)
        tx.execute("COMMIT")
        return tx.serialize()


@cache
def migrated() -> bytes:
    """A database without a row of ours."""
    with closing(sqlite3.connect(":memory:", factory=SqliteTransaction, isolation_level=None)) as tx:
        migrate(tx, Path(":memory:"))
        return tx.serialize()


@cache
def with_people() -> bytes:
    """The offices, a period, and the people of every test."""
    return filled(migrated(), lambda tx: seed(tx, MORNING))


@cache
def with_every_office() -> bytes:
    """The same, and somebody in every office."""
    return filled(with_people(), lambda tx: everywhere(tx, MORNING))
