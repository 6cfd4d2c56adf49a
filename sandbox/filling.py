"""Fills a new folder of the sandbox with what its scenario begins with."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from sandbox.data_folder import note_contents
from sandbox.scenarios import Filling
from storage.engine.database import Database
from storage.engine.transaction import Transaction

ZONE = ZoneInfo("Asia/Jakarta")
DATABASE, EVIDENCE = "desk.db", "evidence"
MAKING = ".making"  # where the database of a new folder is made
FILLING_SECONDS = 300.0  # for one unit: nobody waits for a turn yet, and the machine may be slow


async def fill(data: Path, scenario: str, *, now: datetime) -> None:
    """Make the database of a new folder beside its place, and move it there once it is whole.

    A kill meanwhile leaves no database, and the next start begins again; what papers it has laid down no row
    names, and they would keep the bot from starting.
    """
    database, making = data / DATABASE, data / MAKING
    if database.exists():
        return
    for left_over in (making, data / EVIDENCE):
        shutil.rmtree(left_over, ignore_errors=True)
    filling = Filling(scenario, now=now, zone=ZONE)
    await _run_all(filling.units(), making / DATABASE)
    for paper in filling.papers:
        paper.put(data / EVIDENCE)
    note_contents(data)
    (making / DATABASE).replace(database)
    making.rmdir()


async def _run_all(units: Iterable[Callable[[Transaction], object]], path: Path) -> None:
    database = await Database.open(path, unit_seconds=FILLING_SECONDS)
    try:
        for unit in units:
            await database.run(unit)
    finally:
        await database.close()
