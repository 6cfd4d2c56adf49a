"""The answers of the server: sent for ahead, and waited for when they are read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

from psycopg import abc, pq
from psycopg.adapt import Transformer

from storage.engine.errors import StorageError
from storage.engine.postgresql_kinds import Kind
from storage.engine.postgresql_text import Text
from storage.engine.postgresql_values import VALUES

ROWS_AT_ONCE = 256  # taken from an answer that is gone through


class Settling(Protocol):
    """The transaction that answers belong to."""

    failure: BaseException | None

    def settle(self) -> None:
        """Wait for every answer; raises the first error among them."""
        ...


class Statement:
    """A statement the server has prepared, and how its rows are read."""

    __slots__ = ("kind", "name", "rows", "text", "typed")

    def __init__(self, name: bytes, text: Text, *, kind: Kind) -> None:
        self.name, self.text = name, text
        self.kind = kind
        self.rows: abc.Transformer = Transformer(VALUES)
        self.typed = False  # whether `rows` knows the columns


class Answer:
    """What a statement brings; waited for when it is read."""

    __slots__ = ("_at", "_changed", "_result", "_same", "_statement", "_transaction", "missing")

    def __init__(self, transaction: Settling, statement: Statement) -> None:
        self._transaction, self._statement = transaction, statement
        self._result: pq.abc.PGresult | None = None
        self._same: Answer | None = None  # whose result is ours too, until it is here
        self._changed, self._at = 0, 0
        self.missing = 0  # results that were not read yet; of a statement for many there are many

    def again(self) -> Answer:
        """Return an answer to the same question, to be read from its first row."""
        other = Answer(self._transaction, self._statement)
        other._same = self
        return other

    def take(self, result: pq.abc.PGresult) -> None:
        """Keep what came; of a statement for many, the sum of the rows it changed."""
        self._result = result
        self.missing -= 1
        self._changed += result.command_tuples or 0

    @property
    def rowcount(self) -> int:
        """Number of rows changed."""
        self._wait()
        return self._changed

    @property
    def description(self) -> Any:
        """The names of the columns."""
        result = self._wait()
        return [((result.fname(at) or b"").decode(),) for at in range(result.nfields)]

    def fetchone(self) -> Any:
        """Return the next row, None when there is no more."""
        result = self._wait()
        if self._at >= result.ntuples:
            return None
        self._at += 1
        return self._load(result).load_row(self._at - 1, tuple)

    def fetchall(self) -> list[Any]:
        """Return the rows that are left."""
        result = self._wait()
        first, self._at = self._at, result.ntuples
        return self._load(result).load_rows(first, result.ntuples, tuple) if first < self._at else []

    def __iter__(self) -> Iterator[Any]:
        """Go through the rows that are left."""
        result = self._wait()
        while self._at < result.ntuples:
            first, self._at = self._at, min(self._at + ROWS_AT_ONCE, result.ntuples)
            yield from self._load(result).load_rows(first, self._at, tuple)

    def _wait(self) -> pq.abc.PGresult:
        if self._same is not None:
            self._result = self._same._wait()
            self._changed = self._same._changed
            self._same = None
        if self.missing:
            self._transaction.settle()
        if self.missing or self._result is None:
            raise self._transaction.failure or StorageError("the statement was undone before it was read")
        return self._result

    def _load(self, result: pq.abc.PGresult) -> abc.Transformer:
        statement = self._statement
        statement.rows.set_pgresult(result, set_loaders=not statement.typed)
        statement.typed = True
        return statement.rows
