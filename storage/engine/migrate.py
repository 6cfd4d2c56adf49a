"""Numbered SQL files, each committed together with its record."""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from storage.engine.reread import lend
from storage.engine.utc import utc_text

Migration = tuple[int, str, str]  # version, name, SQL

_NAME = re.compile(r"(\d{4})_\w+\.sql")
_RECORDS = """
CREATE TABLE IF NOT EXISTS schema_migrations (
    version INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at TEXT NOT NULL
) STRICT
"""
_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table'"
APPLIED = "SELECT coalesce(max(version), 0) FROM schema_migrations"
_RECORD = "INSERT INTO schema_migrations (version, name, applied_at) VALUES (?, ?, ?)"


class NewerDatabase(RuntimeError):
    """the database is newer than this program"""


class BehindDatabase(RuntimeError):
    """the database is older than this program"""


class ForeignDatabase(RuntimeError):
    """the database belongs to another program"""


def migrations() -> list[Migration]:
    """List version, name and text of every packaged migration, in order; raises ValueError for a number
    used twice.
    """
    return read_folder(files("storage") / "migrations")


def read_folder(folder: Traversable) -> list[Migration]:
    """List the migrations of a folder in order; raises ValueError for a number used twice."""
    by_version: dict[int, Migration] = {}
    for entry in folder.iterdir():
        if match := _NAME.fullmatch(entry.name):
            version = int(match[1])
            if version in by_version:
                raise ValueError(f"{entry.name} and {by_version[version][1]} have the same number")
            by_version[version] = (version, entry.name, entry.read_text(encoding="utf-8"))
    return sorted(by_version.values())


def migrate(
    tx: sqlite3.Connection,
    path: Path,
    *,
    known: Sequence[Migration] | None = None,
    tell: Callable[[str], object] = lambda line: None,
) -> int:
    """Bring the database to this program's version; returns the version.

    An older database is copied beside itself first.
    `tell` hears what a migration has to say: each row that a SELECT of it returns is one sentence.
    Raises NewerDatabase when it was written by a newer program, ForeignDatabase when by another one.
    """
    known = migrations() if known is None else known
    newest = known[-1][0]
    applied = _read_version(tx)
    if applied > newest:
        refuse_version(applied, newest=newest)
    if 0 < applied < newest:
        _copy(tx, path, version=applied)
    if applied < newest:
        lend(tx)
        _apply_all(tx, known, tell=tell)
    return newest


def refuse_other_version(tx: sqlite3.Connection, *, known: Sequence[Migration] | None = None) -> None:
    """Raise where the database is not at this program's version: NewerDatabase, or BehindDatabase."""
    refuse_version(_read_version(tx), newest=(migrations() if known is None else known)[-1][0])


def refuse_version(applied: int, *, newest: int) -> None:
    """Raise NewerDatabase or BehindDatabase where the tables are of another version than the newest."""
    if applied > newest:
        raise NewerDatabase(
            f"found version {applied}, this program knows {newest};"
            " install the newer program, or restore a backup"
        )
    if applied < newest:
        raise BehindDatabase(
            f"found version {applied}, this program brings it to {newest} once it has the desk alone"
        )


def _apply_all(tx: sqlite3.Connection, known: Sequence[Migration], *, tell: Callable[[str], object]) -> None:
    # a table can be rebuilt; the check before each commit stands in
    tx.execute("PRAGMA foreign_keys = OFF")
    try:
        for migration in known:
            for line in _apply(tx, migration):
                tell(line)
    finally:
        tx.execute("PRAGMA foreign_keys = ON")


def _read_version(tx: sqlite3.Connection) -> int:
    tables = {name for (name,) in tx.execute(_TABLES)}
    if "schema_migrations" in tables:
        return int(tx.execute(APPLIED).fetchone()[0])
    if tables:
        raise ForeignDatabase(
            f'found the table "{min(tables)}" and no record of our own; it is another program\'s'
        )
    return 0


def _copy(tx: sqlite3.Connection, path: Path, *, version: int) -> None:
    """Keep the database as it was; a copy that a failed try left is replaced, never a half one."""
    copy, part = Path(f"{path}.version-{version:04d}"), Path(f"{path}.part")
    part.unlink(missing_ok=True)
    os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        tx.execute("VACUUM INTO ?", (str(part),))
        part.replace(copy)
    finally:
        part.unlink(missing_ok=True)


def _apply(tx: sqlite3.Connection, migration: Migration) -> list[str]:
    """Apply one file with its record, unless somebody has; returns what it has to say, once that is
    committed.
    """
    version, name, text = migration
    sentences: list[str] = []
    tx.execute("BEGIN IMMEDIATE")
    try:
        tx.execute(_RECORDS)
        if tx.execute(APPLIED).fetchone()[0] < version:  # another process may have been faster
            for statement in statements(text):
                sentences += [str(line) for (line,) in tx.execute(statement)]
            if broken := tx.execute("PRAGMA foreign_key_check").fetchone():
                raise sqlite3.IntegrityError(
                    f'{name}: a row of "{broken[0]}" refers to nothing in "{broken[2]}"'
                )
            tx.execute(_RECORD, (version, name, utc_text(datetime.now(UTC))))
        tx.execute("COMMIT")
    except BaseException:
        if tx.in_transaction:
            tx.execute("ROLLBACK")
        raise
    return sentences


def statements(text: str) -> Iterator[str]:
    """Split a script into statements; what stands inside a trigger, a string or a comment stays together."""
    statement = ""
    for piece in re.split(r"(?<=;)", text):
        statement += piece
        if sqlite3.complete_statement(statement):
            yield statement.strip()
            statement = ""
    if statement.strip():
        yield statement.strip()  # a comment does nothing, a statement without an end fails
