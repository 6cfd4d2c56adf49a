"""Opens the database for one command, at this program's version."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.config import Settings
    from storage.engine.database import Database
    from storage.engine.engine_contract import Opening


@asynccontextmanager
async def opened(settings: Settings, *, opening: Opening = ()) -> AsyncIterator[Database]:
    """Open it, migrated and prepared; refused where evidence lies beside a database that is not there, and
    where it is another regency's.

    `opening` is what `owned` yields to a command that has the desk for itself.
    """
    from bot.belonging import refuse_other_regency
    from bot.startup import prepare, utc_now
    from bot.store.evidence import refuse_new_database
    from bot.store.opening import open_store
    from storage import belongings
    from storage.engine.database import Database

    refuse_new_database(settings.database, open_store(settings.store_place))
    database = await Database.open(settings.database, opening=opening)
    try:
        known = await database.read(belongings.load)
        refuse_other_regency(known, settings, what=str(settings.database))
        await prepare(database, now=utc_now())
        yield database
    finally:
        await database.close()
