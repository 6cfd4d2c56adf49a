"""A desk's data folder on disk, as a bot that was stopped leaves it."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from storage.engine.all_rows import OF_EACH_DATABASE
from tests.kit.clock_and_codes import MORNING
from tests.kit.databases import lay, reading, with_people, writing
from tests.kit.handed_in import handed_in
from tests.kit.tables import everything

TITLES = ("SIPANDU", "Antre Daring", "=SUM(A1)")


def desk_on_disk(data: Path) -> Path:
    """Lay out a database with three innovations and their evidence; returns the data folder."""
    data.mkdir(parents=True, exist_ok=True)
    lay(data / "desk.db", with_people())
    with connected(data) as tx:
        if isinstance(tx, sqlite3.Connection):
            tx.execute("PRAGMA journal_mode = WAL")
        for title in TITLES:
            handed_in(tx, title, now=MORNING, folder=data / "evidence")
    return data


def connected(data: Path) -> AbstractContextManager[Any]:
    """Write to the database of a data folder, kept at the end."""
    return writing(data / "desk.db")


def fingerprint(data: Path) -> Mapping[str, str]:
    """Hash every table and every evidence file."""
    with reading(data / "desk.db") as tx:
        marks = {
            table: hashlib.sha256("\n".join(rows).encode()).hexdigest()
            for table, rows in everything(tx, but=OF_EACH_DATABASE).items()
        }
    for path in sorted((data / "evidence").rglob("*")):
        if path.is_file():
            marks[str(path.relative_to(data))] = hashlib.sha256(path.read_bytes()).hexdigest()
    return marks
