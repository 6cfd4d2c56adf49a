"""Runs units in one transaction, a savepoint each, whatever the engine."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from storage.engine.engine_contract import Outcome, Runner, Unit
from storage.engine.errors import is_away, is_full

T = TypeVar("T")


def run_group(tx: Runner, units: Sequence[Unit], *, seconds: float, lasting: bool = True) -> list[Outcome]:
    """Run units in one transaction, a savepoint each, and commit them together; the disk is waited for where
    that is `lasting`.

    1. A unit that raises is undone alone.
    2. Where it took the whole transaction with it (an interrupted write), the others run again without it.
    3. Where the disk is full, the server away, or the commit fails, every unit has failed.
    """
    outcomes: list[Outcome] = [(None, None)] * len(units)
    try:
        while True:
            tx.undo()
            tx.begin(lasting=lasting)
            if _run_and_commit(tx, units, outcomes=outcomes, seconds=seconds):
                break
    except BaseException as error:
        tx.undo()
        failure = tx.rename(error)
        return [(None, own or failure) for _, own in outcomes]
    return outcomes


def _run_and_commit(tx: Runner, units: Sequence[Unit], *, outcomes: list[Outcome], seconds: float) -> bool:
    """Run the units that have not failed yet; False when one of them cost the transaction."""
    for index, unit in enumerate(units):
        if outcomes[index][1] is not None:
            continue
        try:
            outcomes[index] = (tx.attempt(unit, seconds=seconds), None)
        except BaseException as error:
            outcomes[index] = (None, error)
            if not tx.in_transaction:
                if is_full(error) or is_away(error):
                    raise
                return False
    tx.commit()
    return True


def run_reading(tx: Runner, unit: Callable[[Any], T], *, seconds: float) -> T:
    """Run a unit that only reads, on one state of the database and with a time of its own."""
    tx.undo()
    tx.begin(reading=True)
    tx.limit(seconds)
    try:
        return unit(tx)
    except Exception as error:
        failure = tx.rename(error)
        if failure is error:
            raise
        raise failure from failure.__cause__
    finally:
        tx.limit(math.inf)
        tx.undo()
