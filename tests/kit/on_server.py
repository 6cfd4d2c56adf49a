"""The databases of a test run on PostgreSQL: templates made once, copied for a test, dropped after it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cache
from itertools import count
from pathlib import Path

from psycopg import pq

from storage.engine.postgresql import PostgresTransaction, connect
from storage.engine.postgresql_migrate import migrate, run
from storage.engine.postgresql_text import for_postgresql
from storage.engine.site import Site, site_from

SERVER = "TESTS_POSTGRESQL_SERVER"  # the folder of the socket, for the processes of one run
_COUNTERS = """
SELECT quote_literal(format('%I.%I', schemaname, sequencename)), coalesce(last_value, start_value),
       last_value IS NOT NULL
FROM pg_sequences ORDER BY 1
"""


@dataclass(frozen=True, slots=True)
class Template:
    """A database nobody is connected to, to be copied."""

    name: str


def is_used() -> bool:
    """Tell whether this run's databases are on the server."""
    return bool(os.environ.get(SERVER))


def use(folder: Path | None) -> None:
    """Have this run's databases on the server with this socket, or in files."""
    os.environ.pop(SERVER, None)
    if folder is not None:
        os.environ[SERVER] = str(folder)


_laid: dict[Path, str] = {}
_idle: list[_Undone] = []  # the newest last
IDLE_AT_MOST = 40  # for each process: a server lets in 200
_numbers = count(1)


def url(database: str) -> str:
    """Return the address of a database."""
    return f"postgresql:///{database}?host={os.environ[SERVER]}&user=desk"


@cache
def migrated() -> Template:
    """A database without a row of ours."""
    template = Template(_new_name())
    run(_commands(), f"CREATE DATABASE {template.name}")
    connection = connect(url(template.name))
    migrate(connection)
    connection.finish()
    return template


def filled(content: Template, fill: Callable[[PostgresTransaction], object]) -> Template:
    """Return a template with something more in it."""
    template = _copy(content)
    with closing(PostgresTransaction(connect(url(template.name)))) as tx:
        tx.begin()
        fill(tx)
        tx.commit()
    return template


def lay(path: Path, content: Template) -> None:
    """Copy a database for this path."""
    assert path not in _laid, path
    _laid[path] = _copy(content).name


def is_laid(path: Path) -> bool:
    """Tell whether there is a database for this path."""
    return path in _laid


def site_at(path: Path) -> Site:
    """Return where the database for this path is; a new one is empty."""
    if path not in _laid:
        _laid[path] = _new_name()
        run(_commands(), f"CREATE DATABASE {_laid[path]} STRATEGY file_copy")
    return site_from(url(_laid[path]))


def connected(path: Path) -> PostgresTransaction:
    """Connect to the database for this path."""
    return PostgresTransaction(connect(url(_laid[path])))


def empty(path: Path) -> None:
    """Take away what the database for this path holds."""
    connection = connect(url(_laid[path]))
    run(connection, "DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    connection.finish()


def end_connections(path: Path) -> int:
    """End every connection to the database for this path; returns how many there were."""
    ended = run(
        _commands(),
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
        f" WHERE datname = '{_laid[path]}' AND pid <> pg_backend_pid()",
    )
    return int(ended[0][0])


def undone_at_close(content: Template) -> PostgresTransaction:
    """Open a copy in a transaction that is undone when it is closed; the copy is used again."""
    at = next((at for at, idle in enumerate(_idle) if idle.content == content), None)
    tx = _Undone(content) if at is None else _idle.pop(at)
    tx.begin()
    return tx


@contextmanager
def dropped() -> Iterator[None]:
    """Drop at the end what was made inside."""
    before = set(_laid)
    try:
        yield
    finally:
        for path in _laid.keys() - before:
            run(_commands(), f"DROP DATABASE IF EXISTS {_laid.pop(path)} WITH (FORCE)")


def refusal(content: Template, statement: str) -> str:
    """Return why the server does not take a statement; "" where it does."""
    result = _asking(content).prepare(b"", for_postgresql(statement).sql)
    return "" if result.status == pq.ExecStatus.COMMAND_OK else result.get_error_message()


@cache
def _asking(content: Template) -> pq.abc.PGconn:
    return connect(url(_copy(content).name))


class _Undone(PostgresTransaction):
    """A transaction that goes back to the pool when it is closed; what is begun in it is a part of it."""

    def __init__(self, content: Template) -> None:
        self._name = _copy(content).name
        super().__init__(connect(url(self._name)))
        self.content = content
        self._begun = False
        counters = self.execute(_COUNTERS).fetchall()
        self._reset = ", ".join(f"setval({name}, {value}, {bool(used)})" for name, value, used in counters)

    def begin(self, *, reading: bool = False, lasting: bool = True) -> None:
        if self.in_transaction:
            self.execute("SAVEPOINT begun")
            self._begun = True
            return
        self._begun = False
        super().begin(reading=reading, lasting=lasting)

    def commit(self) -> None:
        if self._begun:
            self.execute("RELEASE begun")
            self.settle()
            self._begun = False

    def undo(self) -> None:
        if self._begun and self.in_transaction:
            self._go_back("ROLLBACK TO begun", "RELEASE begun")
            self._begun = False

    def close(self) -> None:
        super().undo()
        if not self.is_open():
            super().close()
            return
        self.execute(f"SELECT {self._reset}").fetchone()  # numbers that were given are not undone
        _idle.append(self)
        if len(_idle) > IDLE_AT_MOST:
            _idle.pop(0).drop()

    def drop(self) -> None:
        """Close the connection and drop its database."""
        super().close()
        run(_commands(), f"DROP DATABASE IF EXISTS {self._name} WITH (FORCE)")


def _copy(content: Template) -> Template:
    copy = Template(_new_name())
    run(_commands(), f"CREATE DATABASE {copy.name} TEMPLATE {content.name} STRATEGY file_copy")
    return copy


def _new_name() -> str:
    return f"t_{os.getpid()}_{next(_numbers)}"


@cache
def _commands() -> pq.abc.PGconn:
    return connect(url("postgres"))
