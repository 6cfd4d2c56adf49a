"""What modules see of the database: the statements of one transaction, whatever the engine under it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Protocol, TypeVar

T = TypeVar("T")


class Rows(Protocol):
    """What a statement brought; an engine may wait for its answer only when this is read."""

    @property
    def rowcount(self) -> int:
        """Number of rows that an INSERT, UPDATE or DELETE changed, of all together for many."""
        ...

    @property
    def description(self) -> Any:
        """One sequence for each column, its name first (PEP 249)."""
        ...

    def fetchone(self) -> Any:
        """Return the next row, None when there is no more."""
        ...

    def fetchall(self) -> list[Any]:
        """Return the rows that are left."""
        ...

    def __iter__(self) -> Iterator[Any]:
        """Go through the rows that are left without holding them."""
        ...


class Transaction(Protocol):
    """A transaction under way: modules run statements in it and neither begin nor end it."""

    @property
    def in_transaction(self) -> bool:
        """False once the engine has undone everything since the beginning; the unit can only fail then."""
        ...

    def execute(self, sql: str, parameters: Sequence[Any] = ..., /) -> Rows:
        """Run one statement with `?` for each parameter."""
        ...

    def executemany(self, sql: str, parameters: Iterable[Sequence[Any]], /) -> Rows:
        """Run one statement that returns no rows for each set of parameters."""
        ...

    def attempt(self, work: Callable[[Transaction], T], *, seconds: float) -> T:
        """Run work that is undone alone when it raises, with a time of its own.

        Raises what the work raises; an engine's error that has a name in `storage.engine.errors` by that
        name.
        """
        ...
