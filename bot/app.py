"""The parts of a running bot, connected: they start in order and stop in reverse."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack, suppress
from typing import Any

from bot import connecting, parts, private_web, templates, web
from bot.cancelling import cancel_and_wait
from bot.channels import Channel, SendError
from bot.connecting import Faults
from bot.health import list_stalled
from bot.inbound.dispatcher import Looker
from bot.inbound.gathering import Gathering
from bot.leftovers import Leftovers
from bot.listening import bind
from bot.menus import show_menus
from bot.page_check import PageCheck
from bot.parts import SharedParts
from bot.service_manager import ServiceManager
from bot.standby import Ownership
from bot.start_facts import start_facts
from bot.watch import Watch
from domain.event_log import where
from handlers import notices
from storage import broadcasts, exports, inbox_counts, outbox_counts
from storage.engine.database import DatabaseRefused
from storage.engine.errors import LeaseLost
from storage.engine.transaction import Transaction
from storage.inbox import Arrival

DATABASE_LOOK_SECONDS = 1.0  # between looks whether the database file is still the one that was opened
DRAIN_SECONDS = 2.0  # for the turns that wait when the bot stops


class PartEnded(RuntimeError):
    """a part of the bot ended by itself"""


class App:
    """A running bot."""

    def __init__(self, shared: SharedParts, *, links: Looker | None) -> None:
        self.settings = shared.settings
        self.database = shared.database
        self.desk = shared.desk
        self.channels, self.clock = shared.channels, shared.clock
        self.store = shared.store
        self.log, self.meters = shared.log, shared.meters
        self.measure_disk, self.waits = shared.helpers.measure_disk, shared.helpers.waits
        self.maker = parts.build_maker(shared)
        self.sender = parts.build_senders(shared, self.maker)
        self.fetcher = parts.build_fetcher(shared)
        self.dispatcher = parts.build_dispatcher(
            shared, senders=self.sender, fetcher=self.fetcher, links=links
        )
        self.gathering = Gathering(self.dispatcher.take_in)
        self.exporter = parts.build_exporter(shared, wake=self.sender.wake)
        self.remover = parts.build_remover(shared)
        self.feeder = parts.build_feeder(shared, wake=self.sender.wake)
        self.nightly = parts.build_nightly(shared, wake=self.sender.wake)
        self.scheduler = parts.build_scheduler(shared, wake=self.sender.wake)
        self.pollers = parts.build_pollers(shared, self.dispatcher)
        self.tasks: list[asyncio.Task[None]] = []
        self.evidence_looked_at: asyncio.Task[None] | None = None  # once the start has begun
        self.watch = Watch(self, self.desk.desk_data, wake=self.sender.wake)
        # of the web servers, once they listen; the settings may have left it to the machine
        self.port = self.private_port = 0

    async def take_in(self, channel: str, arrivals: Sequence[Arrival], *, somebody_waits: bool) -> None:
        """Keep what was pushed; returns after the commit."""
        await self.gathering.take_in(channel, arrivals, somebody_waits=somebody_waits)

    def last_rounds(self) -> Mapping[str, float]:
        """When each part last came round (monotonic); a webhook is never stalled by itself."""
        polls = [poller.last_round for poller in self.pollers.values()]
        return {
            "dispatcher": self.dispatcher.last_round,
            "sender": self.sender.last_round,
            "intake": min(polls, default=self.dispatcher.last_round),
            "reminders": self.scheduler.last_round,
            "announcements": self.feeder.last_round,
        }

    def start_facts(self) -> dict[str, str]:
        """Say what has started: channels, addresses, database, next tick."""
        ports = (self.port, self.private_port)
        return start_facts(self.settings, self.channels, ports=ports, tick=self.scheduler.next_tick)

    async def idle(self) -> None:
        """Return when nothing waits for its turn, nothing is being made and nothing is to be sent."""
        was_quiet = False  # nothing was under way when the feeder began its round
        while True:
            await self.dispatcher.idle()
            await self.sender.idle()
            # the end of an announcement is told when the news before has arrived, so it takes a round more
            feeding = await self.database.read(self._is_feeding)
            if feeding:
                await self.feeder.idle()
            quiet = not await self.database.read(self._is_busy)
            if quiet and (was_quiet or not feeding):
                return
            was_quiet = quiet
            self.exporter.look()
            await asyncio.sleep(0.005)

    def _is_feeding(self, tx: Transaction) -> bool:
        return bool(broadcasts.active(tx, now=self.clock()))

    def _is_busy(self, tx: Transaction) -> bool:
        waits = exports.open_count(tx) > 0 or inbox_counts.due_count(tx, now=self.clock()) > 0
        return waits or outbox_counts.coming_count(tx, now=self.clock()) > 0

    async def ended(self) -> None:
        """Wait until a part dies; raises PartEnded, which names it, DatabaseRefused or LeaseLost."""
        done, _ = await asyncio.wait(self.tasks, return_when=asyncio.FIRST_COMPLETED)
        task = done.pop()
        error = task.exception()
        if isinstance(error, DatabaseRefused):
            self.log.error("database_gone", kind=type(error).__name__)
            await self.watch.tell_of_end()
            raise error
        if isinstance(error, LeaseLost):
            self.log.error("lease_lost")
            raise error
        why = {} if error is None else where(error)
        self.log.error("part_ended", part=task.get_name(), **why)
        reason = f" ({why['error']} in {why['at']})" if why else ""
        raise PartEnded(
            f"the {task.get_name()} ended by itself{reason}; what came in is kept, start again"
        ) from error

    async def _refuse_foreign_evidence(self) -> bool:
        """Look at the evidence where the database knows no file, as it may be the wrong one; tells whether
        that was done.
        """
        if await self.fetcher.knows_files():
            return False
        await self.fetcher.prepare(self._tell_unknown_files)
        return True

    async def _look_at_evidence(self) -> None:
        """Put the evidence right once all parts run: years of files take longer to list than all else."""
        try:
            await self.fetcher.prepare(self._tell_unknown_files)
        except Exception as error:
            # a store that is away: what it would have put right is put right by the next start
            self.log.error("evidence_not_looked_at", **where(error))

    def _look_at_evidence_later(self, stack: AsyncExitStack) -> None:
        self.evidence_looked_at = asyncio.create_task(self._look_at_evidence(), name="evidence")
        stack.push_async_callback(cancel_and_wait, self.evidence_looked_at)

    async def _tell_unknown_files(self, count: int) -> None:
        """Tell the desk of files in the evidence folder that no row names, before they are set aside."""
        words, now = self.desk.desk_data.words, self.clock()
        await self.database.run(lambda tx: notices.tell_of_unknown_files(tx, words, count=count, now=now))

    async def _watch_database(self) -> None:
        """End, with its sentence, when the database file is deleted, exchanged or written over."""
        while True:
            self.database.check()
            await asyncio.sleep(DATABASE_LOOK_SECONDS)

    def follow(self, ownership: Ownership, stack: AsyncExitStack) -> None:
        """End when another host takes the desk over, and handle what others keep for us."""
        ownership.backend = self.database.backend
        ownership.hinted = self.dispatcher.wake
        self._keep_running(stack, ownership.watch(), name="lease")

    async def start(self, stack: AsyncExitStack, *, faults: Faults) -> None:
        """Start the parts on the stack, which stops them in reverse: intake first, senders last.

        `faults` names the channels that are not open yet: each is tried again beside the others.
        """
        stack.push_async_callback(self.maker.close)
        stack.push_async_callback(self.fetcher.close)
        is_looked_at = await self._refuse_foreign_evidence()
        await self._take_up()
        self._keep_running(stack, self._watch_database(), name="look at the database")
        for name, sender in self.sender.by_channel.items():
            self._keep_running(stack, sender.run(), name=f"{name} sender")
        self._keep_running(stack, self.exporter.run(), name="exports")
        self._keep_running(stack, self.dispatcher.run(), name="dispatcher")
        stack.push_async_callback(self._drain)
        for name, poller in self.pollers.items():
            stack.push_async_callback(poller.stop, self._start_task(poller.run(), f"{name} intake"))
        self._serve(stack)
        self._keep_running(stack, self.watch.run(), name="watch")
        self._keep_running(stack, self.feeder.run(), name="feeder")
        self._keep_house(stack)
        self.scheduler.start()
        stack.callback(self.scheduler.stop)
        manager = ServiceManager()
        self._keep_running(stack, manager.keep_alive(lambda: not list_stalled(self)), name="signs of life")
        await self._reach_out(stack, faults=faults)
        manager.tell("READY=1")
        if not is_looked_at:
            self._look_at_evidence_later(stack)
        stack.callback(manager.tell, "STOPPING=1")

    async def _take_up(self) -> None:
        """Settle what was under way when the process before this one ended: first by what is known of it."""
        await self.dispatcher.prepare()
        await self.sender.prepare()

    def _keep_house(self, stack: AsyncExitStack) -> None:
        """Start what removes, copies and checks beside the talk."""
        pages = PageCheck(self.database, zone=self.desk.desk_data.timezone, clock=self.clock, log=self.log)
        leftovers = Leftovers(self.settings, clock=self.clock, log=self.log)
        self._keep_running(stack, self.remover.run(), name="removal of files")
        self._keep_running(stack, self.nightly.run(), name="nightly backup")
        self._keep_running(stack, pages.run(), name="page check")
        self._keep_running(stack, leftovers.run(), name="leftovers")

    def _serve(self, stack: AsyncExitStack) -> None:
        """Serve the webhooks, and on the private address the figures and the page for people."""
        settings, say = self.settings, self.desk.desk_data.words.in_(self.settings.language)
        public = bind(settings.web_host, settings.web_port)
        stack.callback(public.close)
        private = bind(settings.metrics_host, settings.metrics_port, setting="DESK_METRICS_PORT")
        stack.callback(private.close)
        self.port, self.private_port = (int(server.getsockname()[1]) for server in (public, private))
        self._keep_running(stack, web.serve(web.application(self), public), name="web")
        self._keep_running(stack, web.serve(private_web.application(self, say), private), name="private web")

    async def _reach_out(self, stack: AsyncExitStack, *, faults: Faults) -> None:
        """Have updates pushed where they are not polled for, and show the menus."""
        is_only_one = len(self.channels) == 1
        for name, channel in self.channels.items():
            fault, not_pushed = faults.get(name), None
            if fault is not None:
                self.meters.not_polled(name)
            elif name not in self.pollers:
                not_pushed = await connecting.subscribe(channel, is_only_one=is_only_one, log=self.log)
            reaching = self._reach(channel, fault=fault, not_pushed=not_pushed)
            stack.push_async_callback(cancel_and_wait, asyncio.create_task(reaching, name=f"{name} menus"))

    async def _reach(
        self, channel: Channel, *, fault: SendError | None, not_pushed: SendError | None
    ) -> None:
        """Show the menus of a channel, once it is open and its updates are pushed to us."""
        if fault is not None:
            await self._repeat(channel.open, channel, fault=fault)
            self.meters.polled(channel.name)
            ours, now = self.desk.desk_data.templates, self.clock()
            await templates.learn(self.database, channel, ours=ours, now=now, log=self.log)
        if channel.name not in self.pollers and (fault or not_pushed):
            await self._repeat(channel.subscribe, channel, fault=not_pushed)
        language = self.settings.language
        await show_menus(self.database, channel, desk=self.desk, language=language, log=self.log)

    async def _repeat(
        self, call: Callable[[], Awaitable[None]], channel: Channel, *, fault: SendError | None
    ) -> None:
        await connecting.until_taken(
            call, channel, fault=fault, refused_seconds=self.waits.refused, log=self.log
        )

    def _keep_running(self, stack: AsyncExitStack, work: Coroutine[Any, Any, None], *, name: str) -> None:
        stack.push_async_callback(cancel_and_wait, self._start_task(work, name))

    def _start_task(self, work: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
        task = asyncio.create_task(work, name=name)
        self.tasks.append(task)
        return task

    async def _drain(self) -> None:
        """Let everybody whose update is kept have their turn before the dispatcher stops; the rest has it
        next time.
        """
        with suppress(TimeoutError):
            async with asyncio.timeout(DRAIN_SECONDS):
                await self.dispatcher.idle()
