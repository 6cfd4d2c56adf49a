"""Carries a desk between a server and a file of SQLite: every row, in one transaction, and compared."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from storage.engine.all_rows import Marks, copy, tables_of
from storage.engine.beside import one_state, read_beside
from storage.engine.engine_contract import Opening, Runner
from storage.engine.migrate import APPLIED, NewerDatabase, migrate, migrations
from storage.engine.site import Server
from storage.engine.sqlite import SqliteTransaction, connect_to_read

Progress = Callable[[int, int], None]  # so many tables of so many


def into_file(site: Server, target: Path, *, progress: Progress) -> Marks:
    """Write one state of a server's desk to a new file for our eyes only, while others write to it.

    The file appears when it is whole.

    Raises FileExistsError when there is a file at `target`, RowsDiffer, NewerDatabase.
    """
    if target.exists() and target.stat().st_size:
        raise FileExistsError(f"{target} is there already")
    part = target.with_name(f"{target.name}.part")
    part.unlink(missing_ok=True)
    os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    try:
        marks = _fill(part, site, progress=progress)
        with part.open("rb") as written:
            os.fsync(written.fileno())
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return marks


def _fill(path: Path, site: Server, *, progress: Progress) -> Marks:
    connection = sqlite3.connect(path, factory=SqliteTransaction, isolation_level=None)
    with closing(connection) as tx, read_beside(site) as source, one_state(source):
        _make_tables(tx, path, version=int(source.execute(APPLIED).fetchone()[0]))
        tx.begin()
        tx.execute("PRAGMA defer_foreign_keys = ON")
        marks = copy(source, tx, tables=tables_of(tx), progress=progress)
        tx.commit()
    return marks


def _make_tables(tx: SqliteTransaction, path: Path, *, version: int) -> None:
    """Make the tables of a version in a new file."""
    known = [migration for migration in migrations() if migration[0] <= version]
    if not known or known[-1][0] != version:
        raise NewerDatabase(f"found version {version}, this program knows {migrations()[-1][0]}")
    migrate(tx, path, known=known)


def into_server(path: Path, site: Server, *, progress: Progress, opening: Opening = ()) -> Marks:
    """Write a file's desk, which is at this program's version, into a new schema of a server.

    All or nothing, in a transaction that `opening` begins; raises RowsDiffer, DatabaseRefused.
    """
    from storage.engine import postgresql_server  # only who uses it loads its client library

    writing = postgresql_server.connect_to_write(site, opening=opening)
    with closing(writing) as tx, closing(connect_to_read(path)) as source:
        source.begin(reading=True)
        tx.begin()
        with _without_references(tx):
            marks = copy(source, tx, tables=tables_of(source), progress=progress)
        for (sequence,) in tx.execute(_SEQUENCES).fetchall():
            tx.execute(sequence).fetchone()
        tx.commit()
    return marks


_REFERENCES = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE contype = 'f' AND connamespace = current_schema()::regnamespace ORDER BY 1, 2
"""
# a number that was given to a row is never given again
_SEQUENCES = """
SELECT format('SELECT setval(%L, coalesce(max(id), 1), max(id) IS NOT NULL) FROM %I',
    pg_get_serial_sequence(quote_ident(table_name), 'id'), table_name)
FROM information_schema.columns
WHERE table_schema = current_schema() AND column_name = 'id' AND is_identity = 'YES'
"""


@contextmanager
def _without_references(tx: Runner) -> Iterator[None]:
    """Take the foreign keys away while rows come in whatever order; put back, they look at all rows."""
    references = tx.execute(_REFERENCES).fetchall()
    for table, name, _ in references:
        tx.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    yield
    for table, name, definition in references:
        tx.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
