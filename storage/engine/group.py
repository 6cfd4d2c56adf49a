"""Runs units in one transaction, a savepoint each where they are several, whatever the engine."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, TypeVar

from storage.engine.engine_contract import Outcome, Runner, Unit
from storage.engine.errors import TransactionLost, is_away, is_full

T = TypeVar("T")


def run_group(tx: Runner, units: Sequence[Unit], *, seconds: float, lasting: bool = True) -> list[Outcome]:
    """Run units in one transaction, a savepoint each where they are several, and commit them together; the
    disk is waited for where that is `lasting`.

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
    """Run the units that have not failed yet; False when one of several cost the transaction."""
    left = [index for index, (_, error) in enumerate(outcomes) if error is None]
    is_alone = len(left) == 1
    for index in left:
        try:
            run = partial(_run_alone, tx) if is_alone else tx.attempt
            outcomes[index] = (run(units[index], seconds=seconds), None)
        except BaseException as error:
            outcomes[index] = (None, error)
            if not tx.in_transaction:
                if is_full(error) or is_away(error):
                    raise
                return is_alone
    tx.commit()
    return True


def _run_alone(tx: Runner, unit: Unit, *, seconds: float) -> Any:
    """Run the only unit of a transaction, without a savepoint: where it raises, everything is undone."""
    tx.limit(seconds)
    try:
        result = unit(tx)
        if not tx.in_transaction:
            raise TransactionLost("the unit went on after its transaction was rolled back")
    except BaseException as error:
        tx.limit(math.inf)  # undoing is never interrupted
        tx.undo()
        failure = tx.rename(error)
        raise failure from failure.__cause__
    tx.limit(math.inf)
    return result


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
