"""Does the same for every item of a batch: one that raises is undone alone and passed over."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from storage.engine.database import Database
from storage.engine.errors import TransactionLost, is_away, is_full
from storage.engine.transaction import Transaction

T = TypeVar("T")
R = TypeVar("R")
ITEM_SECONDS = 2.0  # an item takes milliseconds; past this its query is interrupted


class CostTransaction(TransactionLost):
    """an item of a batch took the whole transaction with it"""

    def __init__(self, item: object, error: Exception) -> None:
        super().__init__(f"undone with everything before it: {type(error).__name__}")
        self.item, self.error = item, error


def for_each(
    tx: Transaction, items: Iterable[T], *, work: Callable[[Transaction, T], object]
) -> list[tuple[T, Exception]]:
    """Run work for every item under a savepoint of its own; returns the items that raised, with their errors.

    Raises what no savepoint contains: a full disk, a server away, and CostTransaction, by which `run_without`
    leaves an item out.
    """
    passed_over = []
    for item in items:
        if (error := _try(tx, item, work=work)) is not None:
            passed_over.append((item, error))
    return passed_over


def _try(tx: Transaction, item: T, *, work: Callable[[Transaction, T], object]) -> Exception | None:
    try:
        tx.attempt(lambda tx: work(tx, item), seconds=ITEM_SECONDS)
    except Exception as error:
        if not tx.in_transaction and not (is_full(error) or is_away(error)):
            raise CostTransaction(item, error) from error  # SQLite undoes everything with a slow write
        pass_on(tx, error)
        return error
    return None


def pass_on(tx: Transaction, error: Exception) -> None:
    """Raise what no savepoint contains: a full disk, a server away, a transaction that is lost."""
    if is_full(error) or is_away(error) or not tx.in_transaction:
        raise error


async def run_without(database: Database, unit: Callable[[Transaction, Mapping[object, Exception]], R]) -> R:
    """Run a unit that goes through items by `for_each`, and once more without each that cost the transaction.

    The unit is told these items, each with what it raised: it leaves them out and passes them over.
    """
    costly: dict[object, Exception] = {}
    while True:
        try:
            return await database.run(lambda tx: unit(tx, dict(costly)))
        except CostTransaction as lost:
            if lost.item in costly:
                raise
            costly[lost.item] = lost.error
