"""Which process owns a desk on a server: a row says so, and a fence at the head of every transaction of the
owner holds to it.

The fence shares a lock on the row's key; a takeover changes the key. So a new term begins only after the
transactions of the old one have ended, and none of the old one begins after it: whoever has lost the lease
cannot write, however long it slept. https://www.postgresql.org/docs/15/explicit-locking.html#LOCKING-ROWS
"""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable
from typing import Any, LiteralString

from psycopg import Connection, Error

from storage.engine.engine_contract import Opening
from storage.engine.errors import ConnectionLost, StorageError
from storage.engine.open_file import DatabaseRefused
from storage.engine.postgresql_errors import LOST
from storage.engine.postgresql_server import conninfo, refuse_unfit
from storage.engine.site import Server

LEASE_SECONDS = 4.0  # that it holds without being renewed
RENEWAL_SECONDS = 1.0  # between two renewals
AGAIN_SECONDS = 0.2  # between two tries to reach the server
_TABLE: LiteralString = """
CREATE TABLE IF NOT EXISTS desk_lease (
    name    TEXT PRIMARY KEY CHECK (name = 'desk'),
    owner   TEXT NOT NULL,         -- host and process, for people
    term    BIGINT NOT NULL,       -- grows with every owner
    backend INTEGER NOT NULL,      -- the server's process that writes for the owner
    until   TIMESTAMPTZ NOT NULL,  -- by the server's clock
    UNIQUE (name, term)            -- makes the term a part of the row's key, which the fence locks
)
"""
_FIRST: LiteralString = """
INSERT INTO desk_lease VALUES ('desk', '', 0, 0, '-infinity') ON CONFLICT (name) DO NOTHING
"""
HOLDER: LiteralString = "SELECT owner, term, until > clock_timestamp() FROM desk_lease"
# the old owner's process, and whoever is inside a transaction that the fence has let in; nobody where
# another stand-in has taken the lease since we looked
_END_OLD: LiteralString = """
SELECT pg_terminate_backend(a.pid) FROM pg_stat_activity a
WHERE EXISTS (SELECT 1 FROM desk_lease WHERE term = %s AND until <= clock_timestamp())
  AND a.datname = current_database() AND a.usename = current_user AND a.pid <> pg_backend_pid()
  AND (a.pid = (SELECT backend FROM desk_lease)
       OR a.pid IN (SELECT l.pid FROM pg_locks l
                    WHERE l.relation = 'desk_lease'::regclass AND l.mode = 'RowShareLock'))
"""
_TAKE: LiteralString = """
UPDATE desk_lease SET owner = %s, term = term + 1, backend = 0,
    until = clock_timestamp() + make_interval(secs => %s)
WHERE term = %s AND until <= clock_timestamp() RETURNING term
"""
_RENEW: LiteralString = """
UPDATE desk_lease SET until = clock_timestamp() + make_interval(secs => %s), backend = %s WHERE term = %s
"""
_RELEASE: LiteralString = "UPDATE desk_lease SET until = '-infinity' WHERE term = %s"
_LISTEN: LiteralString = """
DO $$ BEGIN EXECUTE format('LISTEN %I', 'desk intake ' || current_schema()); END $$
"""
_FENCE = f"""
SELECT coalesce((SELECT 1 FROM desk_lease WHERE name = 'desk' AND term = ? FOR KEY SHARE),
                CAST(CAST(? AS TEXT) AS INTEGER)) -- not a number: the server refuses it, saying "{LOST}"
"""
HINT = "SELECT pg_notify('desk intake ' || current_schema(), '')"  # tells the owner that updates were kept


class Lease:
    """The right to write to one desk, kept by a thread of its own so that a busy loop does not lose it."""

    def __init__(self, site: Server, *, owner: str = "") -> None:
        """`owner` is what people read: host and process unless given."""
        self._site = site
        self._owner = owner or f"{socket.gethostname()}, process {os.getpid()}"
        self._connection: Connection[tuple[Any, ...]] | None = None
        self._thread: threading.Thread | None = None
        self._ending = threading.Event()
        self.term = 0
        self.holder = ""  # who had it at the last look, if not we

    @property
    def fence(self) -> Opening:
        """The statements that open each transaction of the owner."""
        return [(_FENCE, (self.term, LOST))]

    def take(self) -> bool:
        """Take the lease if nobody holds it; raises DatabaseRefused, and ConnectionLost while the server is
        away.
        """
        try:
            connection = self._connect()
            row = connection.execute(HOLDER).fetchone()
            owner, term, is_held = row or ("", 0, True)
            self.holder = owner if is_held else ""
            if is_held:
                return False
            connection.execute(_END_OLD, (term,))
            taken = connection.execute(_TAKE, (self._owner, LEASE_SECONDS, term)).fetchone()
        except Error as error:
            self._disconnect()
            raise ConnectionLost(" ".join(str(error).split())) from error
        if taken is not None:
            self.term = taken[0]
        return taken is not None

    def keep(
        self,
        *,
        lost: Callable[[], object],
        hinted: Callable[[], object] = lambda: None,
        backend: Callable[[], int] = lambda: 0,
    ) -> None:
        """Renew it from now on; `lost` is called once when another has it, `hinted` when updates were kept.

        Both are called in another thread. `backend` tells the server's process that writes.
        """
        arguments = {"lost": lost, "hinted": hinted, "backend": backend}
        self._thread = threading.Thread(target=self._keep, kwargs=arguments, name="lease", daemon=True)
        self._thread.start()

    def release(self) -> None:
        """Stop renewing, and leave the lease to whoever stands by."""
        self._ending.set()
        if self._thread is not None:
            self._thread.join()
        try:
            if self.term:
                self._connect().execute(_RELEASE, (self.term,))
        except (Error, StorageError, DatabaseRefused):
            pass  # the server is away: it ends by itself
        finally:
            self._disconnect()

    def _keep(
        self, *, lost: Callable[[], object], hinted: Callable[[], object], backend: Callable[[], int]
    ) -> None:
        while not self._ending.is_set():
            try:
                connection = self._connect()
                renewal = (LEASE_SECONDS, backend(), self.term)
                if connection.execute(_RENEW, renewal).rowcount != 1:
                    lost()
                    return
                # the whole second, however many hints come: a renewal is a commit, which waits for the disk
                for _ in connection.notifies(timeout=RENEWAL_SECONDS):
                    hinted()
            except (Error, StorageError, DatabaseRefused):
                # while the server is away nobody else gets the lease either
                self._disconnect()
                self._ending.wait(AGAIN_SECONDS)

    def _connect(self) -> Connection[tuple[Any, ...]]:
        if self._connection is None:
            connection = Connection.connect(conninfo(self._site), autocommit=True)
            try:
                refuse_unfit(connection.pgconn, self._site)
                connection.execute("SET lock_timeout = '1s'")
                connection.execute("SET statement_timeout = '3s'")
                connection.execute(_TABLE)
                connection.execute(_FIRST)
                connection.execute(_LISTEN)
            except BaseException:
                connection.close()
                raise
            self._connection = connection
        return self._connection

    def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()
