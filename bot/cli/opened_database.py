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
async def opened(settings: Settings, *, opening: Opening | None = None) -> AsyncIterator[Database]:
    """Open it, migrated and prepared; refused where evidence lies beside a database that is not there, and
    where it is another regency's.

    `opening` is as `open_at_this_version` takes it.
    """
    from bot.belonging import refuse_other_regency
    from bot.startup import prepare, utc_now
    from bot.store.evidence import refuse_new_database
    from bot.store.opening import open_store
    from storage import belongings

    refuse_new_database(settings.database, open_store(settings.store_site))
    database = await open_at_this_version(settings, opening=opening)
    try:
        known = await database.read(belongings.load)
        refuse_other_regency(known, settings, what=str(settings.database))
        await prepare(database, now=utc_now())
        yield database
    finally:
        await database.close()


async def open_at_this_version(settings: Settings, *, opening: Opening | None = None) -> Database:
    """Open the database of a command; only who has the desk alone brings it to this version, or makes it.

    `opening` is what `owned` yields to a command that has the desk; others take it for a moment if need be.
    Raises OwnedElsewhere while another process works with tables of an older version.
    """
    from bot.ownership import OwnedElsewhere, owned
    from storage.engine.database import Database
    from storage.engine.open_file import OlderDatabase

    site = settings.database
    if opening is not None:
        return await Database.open(site, opening=opening)
    try:
        return await Database.open(site, migrating=False)
    except OlderDatabase as older:
        try:
            with owned(settings) as fence:
                await (await Database.open(site, opening=fence)).close()
        except OwnedElsewhere as error:
            raise OwnedElsewhere(f"{older}; {error}") from None
    return await Database.open(site, migrating=False)
