"""A database of one table, written and read."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from storage.engine.transaction import Transaction

INSERT = "INSERT INTO t VALUES (?)"


def insert(value: Any) -> Any:
    return lambda tx: tx.execute(INSERT, (value,)).rowcount


def values(tx: Transaction) -> list[Any]:
    return [row[0] for row in tx.execute("SELECT n FROM t ORDER BY rowid")]


def on_disk(path: Path) -> list[Any]:
    """Read with a connection of another kind, as a person with a shell would."""
    connection = sqlite3.connect(path)
    try:
        return [row[0] for row in connection.execute("SELECT n FROM t ORDER BY rowid")]
    finally:
        connection.close()
