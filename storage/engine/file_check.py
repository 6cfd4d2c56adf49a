"""Looks at a database in a file without changing it: `check` may run beside an older program."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from storage.engine.migrate import APPLIED, migrations

_TABLES = "SELECT count(*) FROM sqlite_master WHERE name IN ('schema_migrations', 'inbox')"
_SENT = """
SELECT category, coalesce(sum(billable), 0), count(*) FROM outbox
WHERE category IS NOT NULL AND sent_at >= ? GROUP BY category ORDER BY category
"""
_HELD = "SELECT count(*) FROM outbox WHERE state = 'waiting' AND reason = 'window'"
_MOVED = "SELECT address FROM moved ORDER BY at DESC LIMIT 1"
_RULES = "SELECT rule_year, content FROM rules_in_use ORDER BY rule_year"
_NEWEST = "SELECT max(received_at) FROM inbox"


@dataclass(frozen=True, slots=True)
class Look:
    """What the check found; `newest` is the time of the last update, as UTC text."""

    fine: bool
    summary: str
    newest: str | None = None
    sent: tuple[tuple[str, int, int], ...] = ()  # category of price, messages paid for, all messages
    held_back: int = 0  # messages that wait for their recipients to write
    rules: tuple[tuple[int, str], ...] = ()  # what moves the index, as JSON, by the year that uses it


def look_at_file(path: Path, *, since: str) -> Look:
    """Read the version of a file, check its pages and count what was sent since then, a UTC text."""
    if not path.exists():
        return Look(True, "not there yet, the first start makes it")
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            return _inspect(connection, since)
    except sqlite3.Error as error:
        return Look(False, f"cannot be read as a database: {error}")


def _inspect(connection: sqlite3.Connection, since: str) -> Look:
    if connection.execute(_TABLES).fetchone()[0] < 2:
        empty = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0
        return Look(empty, "empty, the first start fills it" if empty else "belongs to another program")
    version, newest = connection.execute(APPLIED).fetchone()[0], migrations()[-1][0]
    if version > newest:
        return Look(False, f"is at version {version}, this program knows {newest}")
    pages: str = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    if pages != "ok":
        return Look(False, f"is damaged: {pages}")
    summary = f"SQLite {sqlite3.sqlite_version}, {say_version(version, newest)}"
    return gather(connection, summary, since=since, is_of_now=version == newest)


def gather(tx: Any, summary: str, *, since: str, is_of_now: bool) -> Look:
    """Say what the tables hold; older ones may lack what is counted. `tx` is of either engine."""
    received = tx.execute(_NEWEST).fetchone()[0]
    if not is_of_now:
        return Look(True, summary, received)
    if moved := tx.execute(_MOVED).fetchone():
        return Look(False, f"{summary}, the desk has moved: set DESK_DATABASE_URL={moved[0]}", received)
    sent = tuple(tx.execute(_SENT, (since,)).fetchall())
    rules = tuple(tx.execute(_RULES).fetchall())
    return Look(True, summary, received, sent, tx.execute(_HELD).fetchone()[0], rules)


def say_version(version: int, newest: int) -> str:
    """Say which version of the tables there is, and what the next start will do about an older one."""
    if version == newest:
        return f"version {version}"
    return f"version {version}, the next start brings it to {newest}"
