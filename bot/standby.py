"""What a host does while another owns the desk: it keeps what is pushed to it, and takes over when it may.

On SQLite there is nothing to stand by for: the file is locked, and a second process is refused.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

from bot import web
from bot.cancelling import cancel_and_wait
from bot.channels import Channel
from bot.config import Settings
from bot.listening import bind
from bot.service_manager import ServiceManager
from bot.startup import utc_now
from domain.event_log import EventLog, where
from storage import inbox
from storage.engine.database import Database
from storage.engine.errors import LeaseLost, StorageError
from storage.engine.site import Server
from storage.engine.transaction import Transaction
from storage.inbox import Arrival

if TYPE_CHECKING:
    from storage.engine.lease import Lease

LOOK_SECONDS = 0.25  # between two looks whether the lease is free


class Ownership:
    """The lease of a running bot: whether it is lost, and what its thread hears."""

    def __init__(self, lease: Lease) -> None:
        """Take over a lease that was taken, and keep it from now on."""
        self.lease = lease
        self.hinted: Callable[[], None] = lambda: None  # called in the loop when another host kept updates
        self.backend: Callable[[], int] = lambda: 0
        self._lost = asyncio.Event()
        loop = asyncio.get_running_loop()
        lease.keep(
            lost=lambda: loop.call_soon_threadsafe(self._lost.set),
            hinted=lambda: loop.call_soon_threadsafe(self._hear),
            backend=lambda: self.backend(),
        )

    def _hear(self) -> None:
        self.hinted()

    async def watch(self) -> None:
        """Wait until another host has taken the desk over; raises LeaseLost."""
        await self._lost.wait()
        raise LeaseLost("another host has taken this desk over; start again to stand by")

    async def release(self) -> None:
        """Leave the desk to whoever stands by."""
        await asyncio.to_thread(self.lease.release)


async def become_owner(
    site: Server, settings: Settings, channels: Mapping[str, Channel], *, log: EventLog
) -> Ownership:
    """Return once this process owns the desk; until then what is pushed here is kept for the owner."""
    from storage.engine.lease import Lease  # only who uses a server loads its client library

    lease = Lease(site)
    if await asyncio.to_thread(lease.take):  # a server that is away ends the first start with its sentence
        return Ownership(lease)
    log.warning("standing_by", owner=lease.holder)
    try:
        ownership = await _stand_by(site, lease, settings, channels=channels, log=log)
    except BaseException:
        await asyncio.to_thread(lease.release)
        raise
    log.warning("taken_over", term=lease.term)
    return ownership


async def _stand_by(
    site: Server, lease: Lease, settings: Settings, *, channels: Mapping[str, Channel], log: EventLog
) -> Ownership:
    """Keep what is pushed for the owner until the desk is ours."""
    async with AsyncExitStack() as stack:
        host = Standby(site, lease, channels, log=log)
        stack.push_async_callback(host.close)
        listener = bind(settings.web_host, settings.web_port)
        stack.callback(listener.close)
        serving = asyncio.create_task(web.serve(web.standby_application(host), listener))
        stack.push_async_callback(cancel_and_wait, serving)
        manager = ServiceManager()
        manager.tell("READY=1")
        alive = asyncio.create_task(manager.keep_alive(lambda: not serving.done()))
        stack.push_async_callback(cancel_and_wait, alive)
        await _wait_for(lease, log)
        return Ownership(lease)  # kept from now on, however long the ending of the rest takes


async def _wait_for(lease: Lease, log: EventLog) -> None:
    is_away = False
    while True:
        try:
            if await asyncio.to_thread(lease.take):
                return
            is_away = False
        except StorageError as error:
            if not is_away:
                log.warning("server_away", **where(error))
            is_away = True
        await asyncio.sleep(LOOK_SECONDS)


class Standby:
    """Keeps what is pushed for the owner, and takes no turns."""

    def __init__(self, site: Server, lease: Lease, channels: Mapping[str, Channel], *, log: EventLog) -> None:
        """`lease` tells who the owner is."""
        self.channels, self.log = channels, log
        self._site, self._lease = site, lease
        self._database: Database | None = None
        self._opening = asyncio.Lock()

    async def take_in(self, channel: str, arrivals: Sequence[Arrival], *, somebody_waits: bool) -> None:
        """Keep updates and give the owner a hint; returns after the commit.

        Raises DatabaseRefused while the tables are of another version than this program's.
        """
        from storage.engine.lease import HINT

        now = utc_now()

        def unit(tx: Transaction) -> None:
            inbox.insert(tx, channel, arrivals=arrivals, now=now)
            tx.execute(HINT)

        await (await self._open()).run(unit)

    async def _open(self) -> Database:
        async with self._opening:
            if self._database is None:
                self._database = await Database.open(self._site, migrating=False)
            return self._database

    def tell_health(self) -> str:
        """Tell that this host stands by, and for whom; it carries no secret and no name of a person."""
        return json.dumps({"ok": True, "standing_by": True, "owner": self._lease.holder})

    async def close(self) -> None:
        """Close the connections."""
        if self._database is not None:
            await self._database.close()
