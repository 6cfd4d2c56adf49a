"""Does the same for every item of a batch: one that raises is undone alone and passed over."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from storage.engine.errors import is_away, is_full
from storage.engine.transaction import Transaction

T = TypeVar("T")
ITEM_SECONDS = 2.0  # an item takes milliseconds; past this its query is interrupted


def for_each(
    tx: Transaction, items: Iterable[T], *, work: Callable[[Transaction, T], object]
) -> list[tuple[T, Exception]]:
    """Run work for every item under a savepoint of its own; returns the items that raised, with their errors.

    Raises what `pass_on` does.
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
        pass_on(tx, error)
        return error
    return None


def pass_on(tx: Transaction, error: Exception) -> None:
    """Raise what no savepoint contains: a full disk, a server away, a transaction that is lost."""
    if is_full(error) or is_away(error) or not tx.in_transaction:
        raise error
