"""What a database asks of the engine under it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol, TypeVar

from storage.engine.transaction import Transaction

T = TypeVar("T")
Unit = Callable[[Transaction], Any]
Opening = Sequence[
    tuple[str, Sequence[Any]]
]  # statements that begin every transaction that writes, with their values
Outcome = tuple[Any, BaseException | None]  # what a unit returned, or what it raised


class Runner(Transaction, Protocol):
    """A connection that begins and ends transactions; modules see the part of it that is a `Transaction`."""

    def begin(self, *, reading: bool = False, lasting: bool = True) -> None:
        """Begin a transaction; one for reading sees one state of the database until its end.

        One that is not `lasting` is committed without waiting for the disk.
        """
        ...

    def commit(self) -> None:
        """Commit; raises when nothing was kept."""
        ...

    def undo(self) -> None:
        """Undo everything since the beginning, if anything was begun."""
        ...

    def rename(self, error: BaseException) -> BaseException:
        """Return an error of the engine by the name that callers know; others as they are."""
        ...

    def close(self) -> None:
        """Close the connection."""
        ...

    def limit(self, seconds: float) -> None:
        """Interrupt what runs longer than this from now on."""
        ...


class Worker(Protocol):
    """A connection in a thread of its own."""

    async def unit(self, function: Callable[[Any], T]) -> T:
        """Run a plain function with the connection's `Runner` in that thread."""
        ...


class Engine(Protocol):
    """A writer, a reader, and what keeps watch over the site they are connected to."""

    @property
    def writer(self) -> Worker:
        """The only connection that writes."""
        ...

    @property
    def reader(self) -> Worker:
        """A connection that reads beside it."""
        ...

    def check(self) -> None:
        """Raise where what is written would not be kept by the database that was opened."""
        ...

    def ready(self, runner: Any) -> None:
        """Make sure of the connection before a group of units; raises where there is none to be had."""
        ...

    async def check_pages(self) -> None:
        """Read every page, as far as that is ours to do; raises DatabaseDamaged."""
        ...

    def backend(self) -> int:
        """The server's process that writes for us; 0 where there is none."""
        ...

    async def mark(self) -> None:
        """Write a new mark into the database, by which an older copy is known."""
        ...

    async def fold_log(self) -> None:
        """Take away what was deleted from the logs too, as far as that is ours to do."""
        ...

    async def size(self) -> int:
        """Return how many bytes the database takes."""
        ...

    async def close(self) -> None:
        """Finish what waits and close both connections."""
        ...
