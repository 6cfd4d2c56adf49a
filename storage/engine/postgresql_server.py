"""The engine of a desk on a PostgreSQL server: two connections, opened again when they are lost."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial
from typing import Any, TypeVar

from psycopg import OperationalError, ProgrammingError, pq
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from storage.engine.engine_contract import Opening
from storage.engine.errors import ConnectionLost, LeaseLost, StorageError
from storage.engine.group import run_reading
from storage.engine.migrate import BehindDatabase, ForeignDatabase, Migration, NewerDatabase
from storage.engine.open_file import DatabaseRefused, OlderDatabase
from storage.engine.postgresql import PostgresTransaction, connect
from storage.engine.postgresql_migrate import migrate, refuse_other_version, run
from storage.engine.site import Server

T = TypeVar("T")
OLDEST = 15
CONNECT_SECONDS = 5
SIZE_SECONDS = 5.0
# An answer is waited for without the interpreter's lock, a dozen times a turn; by default another thread may
# keep the lock for ten times as long as the answer took.
SWITCH_SECONDS = 0.0005
# A server that is gone without a word is noticed within half a minute; where several hosts are named, the one
# that takes writes is used (https://www.postgresql.org/docs/15/libpq-connect.html).
_USUAL = {
    "application_name": "desk-inovasi",
    "connect_timeout": str(CONNECT_SECONDS),
    "target_session_attrs": "read-write",
    "keepalives_idle": "10",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "20000",
}
_OURS = {"client_encoding": "UTF8"}
# Plans are made once for each statement; what is acknowledged has been kept, whatever the server's default.
_SESSION = """
SET plan_cache_mode = force_generic_plan;
SET jit = off;
SET idle_in_transaction_session_timeout = 0;
SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'
"""
_READS = "only reads: it is a standby; name the server that takes writes"
_ANOTHER_WRITES = "session is read-only"  # libpq of a server, where one that takes writes is asked for
_ONLY_READS = "SELECT pg_is_in_recovery() OR current_setting('transaction_read_only') = 'on'"
_MAY_USE = "SELECT has_schema_privilege('{0}', 'USAGE') AND has_schema_privilege('{0}', 'CREATE')"
# the lease is there before the first start has made any table
_HAS_TABLES = """
SELECT EXISTS (SELECT 1 FROM information_schema.tables
               WHERE table_schema = current_schema() AND table_name <> 'desk_lease')
"""
_SIZE = """
SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0) FROM pg_class c
WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r'
"""


class Session:
    """A connection in a thread of its own."""

    def __init__(self, runner: PostgresTransaction) -> None:
        """Take over an open connection."""
        self.runner = runner
        self._thread: ThreadPoolExecutor | None = ThreadPoolExecutor(1, thread_name_prefix="database")

    async def unit(self, function: Callable[[PostgresTransaction], T]) -> T:
        """Run a plain function in that thread; raises ValueError once it is closed."""
        if self._thread is None:
            raise ValueError("the connection to the database is closed")
        return await asyncio.get_running_loop().run_in_executor(self._thread, function, self.runner)

    async def close(self) -> None:
        """Finish what waits and close the connection."""
        thread, self._thread = self._thread, None
        if thread is not None:
            await asyncio.to_thread(thread.shutdown)  # the loop goes on meanwhile: what waits may need it
            self.runner.close()


class PostgresServer:
    """Two connections to one schema; a lost one is opened again before the next units."""

    def __init__(self, site: Server, *, writer: Session, reader: Session) -> None:
        """Take over two open connections."""
        self.writer, self.reader = writer, reader
        self._site = site

    def check(self) -> None:
        """Do nothing: what the server has committed it keeps, and a lost connection tells of itself."""

    def ready(self, runner: PostgresTransaction) -> None:
        """Connect again where the connection was lost; raises ConnectionLost while the server is away."""
        if not runner.is_open():
            runner.take_over(_connect(self._site))

    async def check_pages(self) -> None:
        """Do nothing: the server checks its own pages, by their sums."""

    def backend(self) -> int:
        """The server's process of the connection that writes; 0 while it is lost."""
        return self.writer.runner.backend

    async def mark(self) -> None:
        """Do nothing: nobody copies a file over a server's database."""

    async def fold_log(self) -> None:
        """Do nothing: the log is the server's own."""

    async def size(self) -> int:
        """Return how many bytes the tables of the schema take with their indexes."""
        return await self.reader.unit(self._measure)

    def _measure(self, tx: PostgresTransaction) -> int:
        self.ready(tx)
        return int(run_reading(tx, lambda tx: tx.execute(_SIZE).fetchone()[0], seconds=SIZE_SECONDS))

    async def close(self) -> None:
        """Finish what waits and close both connections."""
        try:
            await self.reader.close()
        finally:
            await self.writer.close()


async def open_engine(
    site: Server,
    *,
    known: Sequence[Migration] | None,
    tell: Callable[[str], object],
    opening: Opening = (),
    migrating: bool = True,
) -> PostgresServer:
    """Connect, look whether the schema is ours to use, and migrate it; raises DatabaseRefused.

    `opening` are the statements that begin every transaction that writes. Without `migrating` a schema of
    another version is refused.
    """
    sys.setswitchinterval(SWITCH_SECONDS)
    bring = partial(migrate, known=known, tell=tell, opening=opening) if migrating else refuse_other_version
    writer = await asyncio.to_thread(partial(_open, site, bring=bring))
    try:
        reader = await asyncio.to_thread(_connect, site)
    except BaseException:
        writer.finish()
        raise
    writing = PostgresTransaction(writer)
    writing.opening.extend(opening)
    return PostgresServer(site, writer=Session(writing), reader=Session(PostgresTransaction(reader)))


def connect_to_read(site: Server) -> PostgresTransaction:
    """Open a connection for a process of its own that only reads; raises DatabaseRefused."""
    try:
        connection = _connect(site)
    except StorageError as error:
        raise DatabaseRefused(f"{site}: {error}") from error
    run(connection, "SET default_transaction_read_only = on")
    return PostgresTransaction(connection)


def connect_to_write(site: Server, *, opening: Opening = ()) -> PostgresTransaction:
    """Open a connection of one command to the schema at this program's version; raises DatabaseRefused.

    `opening` are the statements that begin every transaction.
    """
    writing = PostgresTransaction(_open(site, bring=partial(migrate, opening=opening)))
    writing.opening.extend(opening)
    return writing


def holds_anything(site: Server) -> bool:
    """Tell whether the schema has a table; raises DatabaseRefused for a server that is away."""
    with closing(connect_to_read(site)) as tx:
        return bool(tx.execute(_HAS_TABLES).fetchone()[0])


def _open(site: Server, *, bring: Callable[[pq.abc.PGconn], object]) -> pq.abc.PGconn:
    """Connect and bring the schema to this program's version; raises DatabaseRefused or LeaseLost."""
    try:
        connection = _connect(site)
    except StorageError as error:
        raise DatabaseRefused(f"{site}: {error}") from error
    try:
        refuse_unfit(connection, site)
        bring(connection)
    except BaseException as error:
        connection.finish()
        if isinstance(error, LeaseLost):
            raise
        if isinstance(error, BehindDatabase):
            raise OlderDatabase(f"{site}: {error}") from error
        if isinstance(error, NewerDatabase | ForeignDatabase | StorageError):
            raise DatabaseRefused(f"{site}: {error}") from error
        raise
    return connection


def conninfo(site: Server) -> str:
    """Return what the client library needs to reach the schema; raises ConnectionLost for no address."""
    try:
        of_url = conninfo_to_dict(site.url)
    except ProgrammingError as error:
        raise ConnectionLost(site.without_passwords(str(error).strip())) from error
    options = f"{of_url.get('options') or ''} -c search_path={site.schema}".strip()
    settings: dict[str, Any] = {**_USUAL, **of_url, **_OURS, "options": options}
    return make_conninfo(**settings)


def _connect(site: Server) -> pq.abc.PGconn:
    """Open a connection whose statements mean this schema; raises ConnectionLost."""
    try:
        connection = connect(conninfo(site))
    except ConnectionLost as error:
        if _ANOTHER_WRITES not in str(error):
            raise
        raise ConnectionLost(f"{_READS}; {error}") from error
    try:
        run(connection, _SESSION)
    except (StorageError, OperationalError) as error:
        connection.finish()
        raise ConnectionLost(str(error)) from error
    return connection


def refuse_unfit(connection: pq.abc.PGconn, site: Server) -> None:
    """Make the schema where it is missing; raises DatabaseRefused for a server or rights that do not do."""
    version = connection.server_version // 10_000
    if version < OLDEST:
        raise DatabaseRefused(
            f"{site} is PostgreSQL {version}; the desk needs {OLDEST} or newer, so upgrade the server"
        )
    encoding = (connection.parameter_status(b"server_encoding") or b"").decode()
    if encoding != "UTF8":
        raise DatabaseRefused(
            f"{site} keeps its texts as {encoding}; make the database with ENCODING 'UTF8' TEMPLATE template0"
        )
    if run(connection, _ONLY_READS) == [["t"]]:
        raise DatabaseRefused(f"{site} {_READS}")
    _take_schema(connection, site)


def _take_schema(connection: pq.abc.PGconn, site: Server) -> None:
    exists = run(connection, f"SELECT 1 FROM pg_namespace WHERE nspname = '{site.schema}'")
    user, may_make = run(
        connection, "SELECT current_user, has_database_privilege(current_database(), 'CREATE')"
    )[0]
    if not exists:
        if may_make != "t":
            raise DatabaseRefused(
                f"{site}: there is no schema {site.schema}, and {user} may make none; as its owner run"
                f" CREATE SCHEMA {site.schema} AUTHORIZATION {user}"
            )
        run(connection, f"CREATE SCHEMA IF NOT EXISTS {site.schema}")
    if run(connection, _MAY_USE.format(site.schema)) != [["t"]]:
        raise DatabaseRefused(
            f"{site}: {user} may not make tables in the schema {site.schema}; as its owner run"
            f" GRANT USAGE, CREATE ON SCHEMA {site.schema} TO {user}"
        )
