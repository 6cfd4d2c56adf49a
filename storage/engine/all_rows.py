"""All rows of a desk: gone through table by table, copied from one engine to the other, and compared.

The rows of two databases are compared by one mark for each table: how many there are, and the sum of their
hashes, which is the same in whatever order they come.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from storage.engine.engine_contract import Runner

ROWS_AT_ONCE = 1_000
OF_EACH_DATABASE = frozenset({"schema_migrations", "moved"})  # what tells of the database and not of the desk
_SUM = 1 << 256
_encode = json.JSONEncoder(
    ensure_ascii=False, separators=(",", ":"), default=lambda value: value.hex()
).encode


class RowsDiffer(RuntimeError):
    """the rows that were copied are not those that were read"""


@dataclass(frozen=True, slots=True)
class Table:
    """A table and its columns, the same in every engine."""

    name: str
    columns: tuple[str, ...]

    @property
    def select(self) -> str:
        """The statement that reads all of it."""
        return f"SELECT {', '.join(self.columns)} FROM {self.name}"

    @property
    def insert(self) -> str:
        """The statement that writes one row."""
        marks = ", ".join("?" for _ in self.columns)
        return f"INSERT INTO {self.name} ({', '.join(self.columns)}) VALUES ({marks})"


@dataclass(slots=True)
class Mark:
    """How many rows there are, and the sum of their hashes."""

    rows: int = 0
    total: int = 0

    def add(self, row: Sequence[Any]) -> None:
        """Count one row."""
        digest = hashlib.sha256(_encode(list(row)).encode()).digest()
        self.rows += 1
        self.total = (self.total + int.from_bytes(digest, "big")) % _SUM


Marks = Mapping[str, Mark]


_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"


def tables_of(tx: sqlite3.Connection) -> list[Table]:
    """List the tables of a desk as SQLite has them; PostgreSQL has the same."""
    names = [name for (name,) in tx.execute(_TABLES)]
    return [
        Table(name, tuple(row[1] for row in tx.execute(f"PRAGMA table_info({name})")))
        for name in names
        if name not in OF_EACH_DATABASE and not name.startswith("sqlite_")
    ]


def rows_of(tx: Runner, table: Table) -> Iterator[Sequence[Any]]:
    """Go through the rows of a table without holding them; called inside a transaction."""
    if isinstance(tx, sqlite3.Connection):
        yield from tx.execute(table.select)
        return
    # an answer of the server is held whole otherwise
    tx.execute(f"DECLARE all_{table.name} NO SCROLL CURSOR FOR {table.select}")
    while rows := tx.execute(f"FETCH {ROWS_AT_ONCE} FROM all_{table.name}").fetchall():
        yield from rows
    tx.execute(f"CLOSE all_{table.name}")


def marks_of(tx: Runner, tables: Sequence[Table]) -> Marks:
    """Mark every table; called inside a transaction."""
    marks = {table.name: Mark() for table in tables}
    for table in tables:
        for row in rows_of(tx, table):
            marks[table.name].add(row)
    return marks


def copy(
    source: Runner, target: Runner, *, tables: Sequence[Table], progress: Callable[[int, int], None]
) -> Marks:
    """Write every row of one database into the empty tables of another, and read it back there.

    Both are inside a transaction; returns the marks. Raises RowsDiffer naming the first table that differs,
    or whose rows the target does not take.
    """
    marks = {table.name: Mark() for table in tables}
    for number, table in enumerate(tables, 1):
        try:
            target.executemany(table.insert, _marked(rows_of(source, table), marks[table.name]))
        except ValueError as error:
            raise RowsDiffer(f"{table.name}: {error}") from error
        progress(number, len(tables))
    compare(marks, marks_of(target, tables))
    return marks


def _marked(rows: Iterator[Sequence[Any]], mark: Mark) -> Iterator[Sequence[Any]]:
    for row in rows:
        mark.add(row)
        yield row


def compare(expected: Marks, seen: Marks) -> None:
    """Raise RowsDiffer with the first table whose rows are not the same."""
    for name, mark in expected.items():
        if seen[name] != mark:
            raise RowsDiffer(f"{name}: {seen[name].rows} rows are not the {mark.rows} that were read")
