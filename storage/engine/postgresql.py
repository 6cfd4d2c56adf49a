"""The PostgreSQL driver: one connection, statements prepared once, sent ahead and awaited only when read."""

from __future__ import annotations

import math
import select
from collections.abc import Callable, Iterable, Sequence
from time import monotonic
from typing import Any, TypeVar

from psycopg import Error, pq

from storage.engine.errors import ConnectionLost, LeaseLost, StorageError, TransactionLost
from storage.engine.postgresql_answers import Answer, Statement
from storage.engine.postgresql_errors import connection_lost, name_error
from storage.engine.postgresql_kinds import kind_of
from storage.engine.postgresql_reads import Reads
from storage.engine.postgresql_text import dump, for_postgresql
from storage.engine.transaction import Transaction

T = TypeVar("T")

AHEAD_AT_MOST = 500  # statements sent before their answers are read
PREPARED_AT_MOST = 2_000  # a statement past these is read anew each time
CANCEL_SECONDS = 5.0  # in which a cancelled statement has to end; a server that does not answer is gone
_FINE = (pq.ExecStatus.TUPLES_OK, pq.ExecStatus.COMMAND_OK, pq.ExecStatus.EMPTY_QUERY)


class PostgresTransaction:
    """A connection inside a transaction; what runs past `deadline` (monotonic seconds) is cancelled."""

    def __init__(self, connection: pq.abc.PGconn) -> None:
        """Take over an open connection."""
        self.opening: list[tuple[str, Sequence[Any]]] = []
        self.take_over(connection)

    def take_over(self, connection: pq.abc.PGconn) -> None:
        """Go on with this connection, which has nothing of what a lost one had."""
        connection.enter_pipeline_mode()
        self._connection = connection
        self._arrivals = select.poll()
        self._arrivals.register(connection.socket, select.POLLIN)
        self._statements: dict[str, Statement] = {}
        self._ahead: list[
            tuple[Answer | None, str]
        ] = []  # sent and not read; without an answer: a preparation
        self._reads: Reads | None = None  # of a transaction that writes
        self.deadline = math.inf
        self._depth = 0  # of attempts inside one another
        self.in_transaction = False
        self.failure: BaseException | None = None  # until it is undone every statement is refused

    def execute(self, sql: str, parameters: Sequence[Any] = (), /) -> Answer:
        """Send one statement."""
        statement = self._statement(sql)
        values = dump(statement.text, parameters)
        if self._reads is None:
            answer = Answer(self, statement)
            self._send(answer, sql, values=values)
            return answer
        known = self._reads.recall(statement.kind, statement.name, values)
        if known is not None:
            return known.again()
        answer = Answer(self, statement)
        self._reads.keep(statement.kind, statement.name, values, answer=answer)
        self._send(answer, sql, values=values)
        return answer

    def executemany(self, sql: str, parameters: Iterable[Sequence[Any]], /) -> Answer:
        """Send one statement for each set of parameters."""
        statement = self._statement(sql)
        answer = Answer(self, statement)
        if self._reads is not None:
            self._reads.forget()
        for values in parameters:
            self._send(answer, sql, values=dump(statement.text, values))
        return answer if answer.missing else self.execute("SELECT 1 WHERE 1 = 0")

    def _statement(self, sql: str) -> Statement:
        """Return the prepared statement; a new one is prepared on the way."""
        if self.failure is not None:
            raise self.failure
        statement = self._statements.get(sql)
        if statement is None:
            if len(self._statements) >= PREPARED_AT_MOST:
                self._forget_statements()
            text = for_postgresql(sql)
            statement = Statement(b"s%d" % len(self._statements), text, kind=kind_of(sql))
            self._statements[sql] = statement
            self._try(lambda: self._connection.send_prepare(statement.name, text.sql))
            self._ahead.append((None, sql))
        return statement

    def _forget_statements(self) -> None:
        if self._reads is not None:
            self._reads.forget()  # it knows statements by their names
        self.settle()
        self._statements.clear()
        self.execute("DEALLOCATE ALL")
        self.settle()
        self._statements.clear()

    def _send(self, answer: Answer, sql: str, *, values: Sequence[bytes | None]) -> None:
        if len(self._ahead) >= AHEAD_AT_MOST:
            self.settle()
        statement = self._statements[sql]
        answer.missing += 1
        self._try(lambda: self._connection.send_query_prepared(statement.name, values))
        self._ahead.append((answer, sql))

    def settle(self, *, ends: bool = False) -> None:
        """Wait for every answer; raises the first error among them.

        In a transaction the answers are only asked for; where it `ends`, outside of one, and after an error
        the server closes what was sent together (a Sync of its protocol).
        """
        if not self._ahead:
            return
        ahead, self._ahead = self._ahead, []
        closes = ends or not self.in_transaction
        self._try(self._connection.pipeline_sync if closes else self._ask)
        for answer, sql in ahead:
            self._take(answer, sql, result=self._next_result())
        if self.failure is not None and not closes:
            self._try(self._connection.pipeline_sync)
        if self.failure is not None or closes:
            self._next_result()
        if self.failure is not None:
            raise self.failure

    def _ask(self) -> None:
        self._connection.send_flush_request()
        self._connection.flush()

    def _take(self, answer: Answer | None, sql: str, *, result: pq.abc.PGresult) -> None:
        self._connection.get_result()  # None: the end of this statement
        if result.status in _FINE:
            if answer is not None:
                answer.take(result)
            return
        if answer is None:
            self._statements.pop(sql, None)  # it was not prepared
        if result.status == pq.ExecStatus.FATAL_ERROR and self.failure is None:
            self.failure = name_error(result)
            if isinstance(self.failure, ConnectionLost):
                raise self._lose(self.failure)

    def _next_result(self) -> pq.abc.PGresult:
        """Wait for the next result; a statement that is late is cancelled."""
        connection = self._connection
        cancelled = False
        while connection.is_busy():
            wait = CANCEL_SECONDS if cancelled else self.deadline - monotonic()
            if self._arrivals.poll(None if wait == math.inf else max(0.0, wait) * 1000):
                self._try(connection.consume_input)
            elif cancelled:
                raise self._lose(ConnectionLost("the server does not answer"))
            else:
                cancelled = True
                self._try(lambda: connection.get_cancel().cancel())
        result = connection.get_result()
        if result is None or connection.status == pq.ConnStatus.BAD:
            raise self._lose(connection_lost(connection))
        return result

    def _try(self, call: Callable[[], object]) -> None:
        """Call the client library; what fails there has lost the connection."""
        try:
            call()
        except Error as error:
            raise self._lose(connection_lost(self._connection, error)) from error

    def _lose(self, lost: ConnectionLost) -> ConnectionLost:
        """Close a connection that is of no use any more; returns why, to be raised."""
        self.failure, self.in_transaction = lost, False
        self._ahead.clear()
        self._connection.finish()
        return lost

    def is_open(self) -> bool:
        """Tell whether the connection can be used; what has arrived between transactions may be its end."""
        if self._connection.status != pq.ConnStatus.OK:
            return False
        if not self._ahead and self._arrivals.poll(0):
            try:
                self.execute("SELECT 1").fetchone()
            except StorageError:
                return False
        return True

    def begin(self, *, reading: bool = False, lasting: bool = True) -> None:
        """Begin a transaction; a fence among `opening` is its first statement and refuses all that follow.

        Nothing is waited for: the fence's refusal is the first error that anything read brings.
        """
        if self._connection.status == pq.ConnStatus.OK:
            self.failure = None  # of a transaction that is gone
        self.in_transaction = True
        self._reads = None if reading else Reads()
        self.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY" if reading else "BEGIN")
        if not reading:
            for sql, parameters in self.opening:
                self.execute(sql, parameters)
            if not lasting:
                self.execute("SET LOCAL synchronous_commit TO off")

    def commit(self) -> None:
        """Commit; raises where the server has undone everything instead."""
        self.execute("COMMIT")
        self.settle(ends=True)
        self.in_transaction = False
        self._reads = None

    def undo(self) -> None:
        """Undo everything since the beginning, if anything was begun."""
        if self.in_transaction:
            self._go_back("ROLLBACK")
            self.in_transaction = False
        self._reads = None

    def _go_back(self, *commands: str) -> None:
        """Give up what is under way and run the commands that undo it; raises when the connection is lost."""
        outer, self.deadline = self.deadline, math.inf  # undoing is never interrupted
        try:
            try:
                self.settle()
            except ConnectionLost:
                raise
            except Exception:
                pass  # it is undone
            if isinstance(self.failure, LeaseLost) and "ROLLBACK" not in commands:
                raise self.failure  # the fence came before any savepoint: there is none to go back to
            self.failure = None
            for command in commands:
                self.execute(command)
            self.settle(ends=True)
        finally:
            self.deadline = outer

    def attempt(self, work: Callable[[Transaction], T], *, seconds: float) -> T:
        """Run work under a savepoint and with a time of its own; what raises is undone alone, and raised.

        Every answer is waited for, so that an error belongs to the work that made it.
        Where `in_transaction` is false afterwards everything since the beginning was undone: the connection
        was lost, or an error came from before the savepoint.
        """
        started, outer = monotonic(), self.deadline
        savepoint = f"attempt_{self._depth + 1}"  # of the same name the inner one would hide the outer one
        self.execute(f"SAVEPOINT {savepoint}")
        self._depth += 1
        self.deadline = started + seconds
        try:
            result = work(self)
            self.settle()
        except BaseException:
            if self.in_transaction:
                self._go_back_to(savepoint)
            raise
        finally:
            self._depth -= 1
            self.deadline = outer + (monotonic() - started)  # this time is not charged to the work around it
        self.execute(f"RELEASE {savepoint}")
        return result

    def _go_back_to(self, savepoint: str) -> None:
        """Undo what was done since a savepoint; all since the beginning where an error came before it."""
        try:
            self._go_back(f"ROLLBACK TO {savepoint}", f"RELEASE {savepoint}")
        except ConnectionLost:
            raise
        except StorageError:
            self.undo()
            self.failure = TransactionLost("the work goes on after its transaction was rolled back")

    def limit(self, seconds: float) -> None:
        """Cancel what runs longer than this from now on."""
        self.deadline = monotonic() + seconds

    def rename(self, error: BaseException) -> BaseException:
        """Return an error as it is: those of the server have their names when they arrive."""
        return error

    @property
    def backend(self) -> int:
        """The server's process of this connection; 0 where it is lost."""
        return self._connection.backend_pid if self._connection.status == pq.ConnStatus.OK else 0

    def close(self) -> None:
        """Close the connection."""
        self._connection.finish()


def connect(conninfo: str) -> pq.abc.PGconn:
    """Open a connection; raises ConnectionLost with what the server or the network said."""
    connection = pq.PGconn.connect(conninfo.encode())
    if connection.status != pq.ConnStatus.OK:
        lost = connection_lost(connection)
        connection.finish()
        raise lost
    connection.notice_handler = None
    return connection
