"""A desk's data folder on disk, as a bot that was stopped leaves it."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from storage.engine.sqlite import SqliteTransaction
from tests.kit.clock_and_codes import MORNING
from tests.kit.databases import lay, with_people
from tests.kit.handed_in import handed_in

TITLES = ("SIPANDU", "Antre Daring", "=SUM(A1)")


def desk_on_disk(data: Path) -> Path:
    """Lay out a database with three innovations and their evidence; returns the data folder."""
    data.mkdir(parents=True, exist_ok=True)
    lay(data / "desk.db", with_people())
    with connected(data) as tx:
        tx.execute("PRAGMA journal_mode = WAL")
        for title in TITLES:
            handed_in(tx, title, now=MORNING, folder=data / "evidence")
    return data


def connected(data: Path) -> closing[SqliteTransaction]:
    """Open the database of a data folder."""
    return closing(sqlite3.connect(data / "desk.db", factory=SqliteTransaction, isolation_level=None))


def fingerprint(data: Path) -> Mapping[str, str]:
    """Hash every table and every evidence file."""
    marks = {}
    with connected(data) as tx:
        tables = [
            name for (name,) in tx.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1")
        ]
        for table in tables:
            rows = sorted(map(repr, tx.execute(f"SELECT * FROM {table}")))
            marks[table] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
    for path in sorted((data / "evidence").rglob("*")):
        if path.is_file():
            marks[str(path.relative_to(data))] = hashlib.sha256(path.read_bytes()).hexdigest()
    return marks
