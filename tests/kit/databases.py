"""Databases to begin a test with, each made once and then copied: making one takes longer than most tests.

With `--engine postgresql` what is a file otherwise is a database of the tests' own server, whose address
`site_at` gives for the path; what is a copy in memory otherwise is a transaction that is undone.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from storage.engine.database import Database
from storage.engine.migrate import migrate
from storage.engine.site import Site, address_of
from storage.engine.sqlite import SqliteTransaction
from tests.kit import on_server
from tests.kit.clock_and_codes import MORNING
from tests.kit.on_server import Template
from tests.kit.people import everywhere, seed

Content = bytes | Template
Filling = Callable[[Any], object]


def in_memory(content: Content) -> SqliteTransaction:
    """Open a copy of a database that goes when it is closed; the caller closes it."""
    if isinstance(content, Template):
        return on_server.undone_at_close(content)  # type: ignore[return-value]
    tx = sqlite3.connect(":memory:", factory=SqliteTransaction, isolation_level=None)
    tx.deserialize(content)
    tx.execute("PRAGMA foreign_keys = ON")
    return tx


async def on_disk(path: Path, content: Content) -> Database:
    """Open a copy of a database that lies on disk; the caller closes it."""
    lay(path, content)
    return await Database.open(site_at(path))


def lay(path: Path, content: Content) -> None:
    """Put a copy of a database where none is yet."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if isinstance(content, Template):
        on_server.lay(path, content)
        return
    path.touch(mode=0o600, exist_ok=False)
    path.write_bytes(content)


def is_laid(path: Path) -> bool:
    """Tell whether there is a database for this path."""
    return on_server.is_laid(path) if on_server.is_used() else path.exists()


def site_at(path: Path) -> Site:
    """Return where the database for this path is: the path itself, or its database on the tests' server."""
    return on_server.site_at(path) if on_server.is_used() else path


def url_at(path: Path) -> str:
    """Return the setting of a bot whose database this is; "" where it is the usual one."""
    return address_of(on_server.site_at(path)) if on_server.is_used() else ""


@contextmanager
def reading(path: Path) -> Iterator[Any]:
    """Read from the disk with a connection of its own, as a person with a shell would."""
    if on_server.is_used():
        with closing(on_server.connected(path)) as tx:
            yield tx
        return
    with closing(sqlite3.connect(path)) as connection:
        connection.row_factory = None
        yield connection


@contextmanager
def writing(path: Path) -> Iterator[Any]:
    """Write to the database for this path, kept at the end."""
    if on_server.is_used():
        with closing(on_server.connected(path)) as tx:
            tx.begin()
            yield tx
            tx.commit()
        return
    with closing(sqlite3.connect(path, factory=SqliteTransaction, isolation_level=None)) as tx:
        yield tx


def filled(content: Content, fill: Filling) -> Content:
    """Return a database with something more in it."""
    if isinstance(content, Template):
        return on_server.filled(content, fill)
    with closing(in_memory(content)) as tx:
        tx.execute("BEGIN")
        fill(tx)
        tx.execute("COMMIT")
        return tx.serialize()


@cache
def migrated() -> Content:
    """A database without a row of ours."""
    if on_server.is_used():
        return on_server.migrated()
    with closing(sqlite3.connect(":memory:", factory=SqliteTransaction, isolation_level=None)) as tx:
        migrate(tx, Path(":memory:"))
        return tx.serialize()


@cache
def with_people() -> Content:
    """The offices, a period, and the people of every test."""
    return filled(migrated(), lambda tx: seed(tx, MORNING))


@cache
def with_every_office() -> Content:
    """The same, and somebody in every office."""
    return filled(with_people(), lambda tx: everywhere(tx, MORNING))
