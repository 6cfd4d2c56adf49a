"""Units that share one commit, whatever the machine is busy with."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from threading import Event
from typing import Any

from storage.engine.database import Database
from storage.engine.transaction import Transaction
from tests.kit.patience import PATIENCE


async def run_together(database: Database, *units: Callable[[Transaction], Any]) -> list[Any]:
    """Run units in one commit; returns what each returned or raised.

    The database's thread is held until all of them wait: it would begin with those that are there.
    """
    is_held, may_go_on = Event(), Event()

    def hold(tx: Transaction) -> None:
        is_held.set()
        assert may_go_on.wait(PATIENCE)

    holding = asyncio.create_task(database.run(hold))
    while not is_held.is_set():
        await asyncio.sleep(0)
    waiting = [asyncio.create_task(database.run(unit)) for unit in units]
    await asyncio.sleep(0)  # each has begun to wait
    may_go_on.set()
    await holding
    return await asyncio.gather(*waiting, return_exceptions=True)
