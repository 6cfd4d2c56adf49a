"""The tables of a database and everything in them, whatever the engine."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from storage.engine.transaction import Transaction

_OF_SQLITE = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
_OF_POSTGRESQL = """
SELECT tablename FROM pg_tables WHERE schemaname = current_schema() AND tablename <> 'desk_lease' ORDER BY 1
"""


def table_names(tx: Transaction) -> list[str]:
    """List the tables of the desk."""
    sql = _OF_SQLITE if isinstance(tx, sqlite3.Connection) else _OF_POSTGRESQL
    return [name for (name,) in tx.execute(sql).fetchall()]


def columns(tx: Transaction, table: str) -> list[str]:
    """List the columns of a table, in their order."""
    return [column[0] for column in tx.execute(f"SELECT * FROM {table} LIMIT 0").description]


def everything(tx: Transaction, *, but: frozenset[str] | set[str] = frozenset()) -> dict[str, list[Any]]:
    """Return the rows of every table that is not left out, in an order of their own values."""
    return {
        name: sorted(map(repr, tx.execute(f"SELECT * FROM {name}").fetchall()))
        for name in table_names(tx)
        if name not in but
    }


@contextmanager
def tried_and_undone(tx: Transaction) -> Iterator[None]:
    """Undo at the end what is written inside."""
    tx.execute("SAVEPOINT tried")
    try:
        yield
    finally:
        tx.execute("ROLLBACK TO tried")
        tx.execute("RELEASE tried")
