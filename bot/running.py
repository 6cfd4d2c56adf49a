"""The composition root: takes the data of a desk, opens its channels, and runs the parts until it is left."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime

from bot import connecting, last_run, parts, startup, templates
from bot import log as logging
from bot.app import App
from bot.belonging import keep_belongings
from bot.channels import Channel
from bot.channels.registry import CHANNELS, NONE_CONFIGURED, configured
from bot.config import Settings
from bot.connecting import Faults
from bot.inbound.dispatcher import Looker
from bot.meters import RESTARTED, CountingLog, Meters
from bot.ownership import own
from bot.parts import APART, Helpers, SharedParts
from bot.standby import Ownership, become_owner
from bot.store.contract import FileStore
from bot.store.evidence import refuse_new_database
from bot.store.opening import open_store
from domain.event_log import EventLog
from storage import rules_in_use
from storage.engine.database import Database
from storage.engine.site import Server


@asynccontextmanager
async def running(
    settings: Settings,
    *,
    clock: Callable[[], datetime] = startup.utc_now,
    new_code: Callable[[], str] | None = None,
    links: Looker | None = None,
    helpers: Helpers = APART,
) -> AsyncIterator[App]:
    """Run everything until the block ends; `links` looks at links, the internet's way unless given.

    Raises StartRefused, OtherDesk, OwnedElsewhere, DatabaseRefused, PortTaken or a data file's own error,
    each with one sentence.
    """
    meters = Meters()
    log = CountingLog(logging.logger(), meters)
    async with AsyncExitStack() as stack:
        await own(settings, stack, seconds=helpers.waits.locked)
        channels = _configure(settings)
        ownership = await _own_on_server(settings, channels, stack=stack, log=log)
        store = open_store(settings.store_site, links=True)
        database = await _prepare(settings, stack, store=store, ownership=ownership, now=clock(), log=log)
        await startup.keep_channels_off(database, CHANNELS.keys() - channels.keys())
        faults = await _connect(channels, stack, log=log)
        editions = await database.read(rules_in_use.editions)
        desk = parts.build_desk(settings, channels, editions=editions, new_code=new_code)
        shared = SharedParts(settings, database, channels, desk, clock, log, store, helpers, meters)
        await _settle_with_former(shared, stack)
        app = App(shared, links=links)
        await _start(app, stack, ownership=ownership, faults=faults)
        yield app


def _configure(settings: Settings) -> Mapping[str, Channel]:
    """Make the channels the settings name; raises StartRefused where they name none."""
    channels = configured(settings)
    if not channels:
        raise startup.StartRefused(
            f"no channel is configured: {NONE_CONFIGURED}; set one, or start the sandbox"
        )
    return channels


async def _connect(channels: Mapping[str, Channel], stack: AsyncExitStack, *, log: EventLog) -> Faults:
    """Open the channels; returns the faults of those that could not be opened."""
    for channel in channels.values():
        stack.push_async_callback(channel.close)
    return await connecting.connect(channels, log=log)


async def _start(app: App, stack: AsyncExitStack, *, ownership: Ownership | None, faults: Faults) -> None:
    """Start the parts, under watch of who owns the desk, and say what has started."""
    if ownership:
        app.follow(ownership, stack)
    await app.start(stack, faults=faults)
    app.log.info("started", **app.start_facts())


async def _settle_with_former(shared: SharedParts, stack: AsyncExitStack) -> None:
    """Hold rules of counting and templates against what was in use, and learn how the last run ended."""
    database, desk_data = shared.database, shared.desk.desk_data
    clock, log = shared.clock, shared.log
    await startup.adopt_rules(database, desk_data, now=clock())
    await templates.learn_everywhere(
        database, shared.channels, stack=stack, ours=desk_data.templates, clock=clock, log=log
    )
    if await last_run.begin(database, now=clock()):
        log.error(RESTARTED)
    stack.push_async_exit(last_run.Ending(database, log))


async def _own_on_server(
    settings: Settings, channels: Mapping[str, Channel], *, stack: AsyncExitStack, log: EventLog
) -> Ownership | None:
    """Wait until this process owns a desk on a server; None where the desk is a file."""
    site = settings.database
    if not isinstance(site, Server):
        return None
    ownership = await become_owner(site, settings, channels, log=log)
    stack.push_async_callback(ownership.release)
    return ownership


async def _prepare(
    settings: Settings,
    stack: AsyncExitStack,
    *,
    store: FileStore,
    ownership: Ownership | None,
    now: datetime,
    log: EventLog,
) -> Database:
    """Open the database, bring it to this version, fill a new one, and take back what a former process left
    under way.
    """
    opening = ownership.lease.fence if ownership else ()
    await asyncio.to_thread(refuse_new_database, settings.database, store)
    database = await Database.open(settings.database, opening=opening)
    stack.push_async_callback(database.close)
    for line in database.migrated:
        log.warning("migrated", told=line)
    await keep_belongings(database, settings, now=now)
    await startup.prepare(database, now=now)
    await startup.refuse_changed_rules(database, now=now)  # before any platform is waited for
    await database.mark()
    return database
