"""The composition root: opens, connects and starts everything, and stops it in order."""

from __future__ import annotations

import asyncio
import fcntl
import random
import secrets
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import UTC, datetime
from itertools import chain, repeat
from time import monotonic
from typing import TYPE_CHECKING, Any

from bot import log as logging
from bot.attachments.broadcast_results import Results
from bot.attachments.making import Maker
from bot.attachments.my_data import MyData
from bot.channels import SendError
from bot.channels.telegram.channel import TelegramChannel
from bot.config import Settings
from bot.exporting.queue import Exporter, Finished
from bot.inbound.dispatcher import Dispatcher, Looker
from bot.inbound.files import Fetcher
from bot.inbound.flood import Flood
from bot.inbound.intake import Poller
from bot.inbound.links import Links
from bot.inbound.turns import where
from bot.listening import bind
from bot.outbound.pace import Pace
from bot.outbound.sender import Sender
from domain.desk_data import House
from domain.rules.load import load_offices, load_published
from handlers.desk import Desk, build
from storage import broadcasts, contacts, exports, inbox, offices, outbox, profile
from storage.engine.database import Database
from storage.engine.transaction import Transaction

if TYPE_CHECKING:
    from bot.outbound.broadcast_feeder import Feeder

MENU_SECONDS = 0.05  # between two menus
ASIDE_SECONDS = 0.3  # until web and scheduler are imported
DRAIN_SECONDS = 2.0  # for the turns that wait when the bot stops
CONNECT_TRIES_SECONDS = (0.5, 1, 2, 4, 8, 15, 30)  # the last is repeated


class StartRefused(RuntimeError):
    """the bot cannot start"""


class PartEnded(RuntimeError):
    """a part of the bot ended by itself"""


def utc_now() -> datetime:
    """The machine's clock; the only place that reads it."""
    return datetime.now(UTC)


class App:
    """A running bot."""

    def __init__(
        self,
        settings: Settings,
        *,
        database: Database,
        desk: Desk,
        dispatcher: Dispatcher,
        sender: Sender,
        exporter: Exporter,
        poller: Poller | None,
        clock: Callable[[], datetime],
        log: Any,
    ) -> None:
        """Hold the parts together."""
        self.settings, self.database, self.desk = settings, database, desk
        self.dispatcher, self.sender, self.exporter, self.poller = dispatcher, sender, exporter, poller
        self.clock, self.log = clock, log
        self.feeder: Feeder | None = None  # it comes a little after the start
        self.tasks: list[asyncio.Task[None]] = []
        self.last_tick: Callable[[], float] = monotonic  # of the reminders, once the scheduler runs

    def last_feed(self) -> float:
        """When announcements were last looked at (monotonic)."""
        return self.feeder.last_round if self.feeder is not None else monotonic()

    def last_intake(self) -> float:
        """When the last poll came back (monotonic); a webhook is never stalled by itself."""
        return self.poller.last_poll if self.poller else self.dispatcher.last_round

    async def idle(self) -> None:
        """Return when nothing waits for its turn, nothing is being made and nothing is to be sent."""
        while True:
            await self.dispatcher.idle()
            await self.sender.idle()
            if self.feeder is not None and await self.database.read(self._to_feed):
                await self.feeder.idle()
            if not await self.database.read(self._to_do):
                return
            self.exporter.look()
            await asyncio.sleep(0.005)

    def _to_feed(self, tx: Transaction) -> bool:
        return bool(broadcasts.active(tx, now=self.clock()))

    def _to_do(self, tx: Transaction) -> bool:
        waits = self.feeder is None and self._to_feed(tx)
        waits = waits or exports.open_count(tx) > 0
        return waits or inbox.due_count(tx) > 0 or outbox.coming_count(tx, now=self.clock()) > 0

    async def ended(self) -> None:
        """Wait until a part dies; raises PartEnded, which names it."""
        done, _ = await asyncio.wait(self.tasks, return_when=asyncio.FIRST_COMPLETED)
        task = done.pop()
        error = task.exception()
        why = {} if error is None else where(error)
        self.log.error("part_ended", part=task.get_name(), **why)
        told = f" ({why['error']} in {why['at']})" if why else ""
        raise PartEnded(f"the {task.get_name()} ended by itself{told}; what came in is kept, start again") from error


@asynccontextmanager
async def running(
    settings: Settings,
    *,
    clock: Callable[[], datetime] = utc_now,
    new_code: Callable[[], str] | None = None,
    links: Looker | None = None,
) -> AsyncIterator[App]:
    """Run everything in this process until the block ends; `links` looks at links, the internet's way unless given.

    1. Lock the data folder, open the database, take back what a former process left under way.
    2. Connect the channel and put the desk together.
    3. Start dispatcher and sender, then the intake, then the web server and the scheduler.

    Raises StartRefused, DatabaseRefused, PortTaken or a data file's own error, each with one sentence.
    """
    log = logging.logger()
    async with AsyncExitStack() as stack:
        _lock(settings, stack)
        database = await Database.open(settings.database_path)
        stack.push_async_callback(database.close)
        for line in database.migrated:
            log.warning("migrated", told=line)
        await prepare(database, now=clock())
        channel = _channel(settings)
        stack.push_async_callback(channel.close)
        await _insist(channel.open, "DESK_TELEGRAM_TOKEN", log)
        desk = build(
            timezone=settings.timezone,
            language=settings.language,
            bot_name=channel.username,
            contact=settings.contact,
            retention_days=settings.retention_days,
            new_code=new_code,
        )
        looker = links or Links(seconds=settings.link_seconds)
        maker = _maker(settings, database, desk)
        stack.push_async_callback(maker.close)
        app = await _assembled(settings, database, channel, desk, clock, maker, looker, log)
        await _started(app, channel, stack)
        log.info("started", bot=channel.username)
        yield app


def _lock(settings: Settings, stack: AsyncExitStack) -> None:
    """Hold the data folder for this process alone."""
    folder = settings.data_dir
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = stack.enter_context((folder / "desk.lock").open("w"))
    except OSError as error:
        raise StartRefused(f"{folder} cannot be written to: {error.strerror}; set DESK_DATA_DIR") from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        raise StartRefused(f"another desk-inovasi is running with {folder}; stop it, or set DESK_DATA_DIR") from error


async def prepare(database: Database, *, now: datetime) -> None:
    """Give a new database the packaged list of offices, and the results that were published before it began."""

    def unit(tx: Transaction) -> None:
        if offices.is_empty(tx):
            offices.upsert(tx, load_offices())
        profile.publish_packaged(tx, load_published(), now=now)

    await database.run(unit)


def _channel(settings: Settings) -> TelegramChannel:
    if settings.telegram_token is None:
        raise StartRefused("no channel is configured; set DESK_TELEGRAM_TOKEN, or start the sandbox")
    token = settings.telegram_token.get_secret_value()
    return TelegramChannel(token, root=settings.telegram_api_url, rate=settings.telegram_rate)


async def _insist(call: Callable[[], Awaitable[None]], setting: str, log: Any) -> None:
    """Call the platform; one that cannot be reached is waited for, one that refuses the setting ends the start."""
    for wait in chain(CONNECT_TRIES_SECONDS, repeat(CONNECT_TRIES_SECONDS[-1])):
        try:
            return await call()
        except SendError as error:
            if error.down or not error.retry:
                raise StartRefused(f"Telegram refuses {setting}: {error}") from None
            log.warning("telegram_unreachable", kind=type(error).__name__, wait=wait)
            await asyncio.sleep(max(wait, error.retry_after))


def _maker(settings: Settings, database: Database, desk: Desk) -> Maker:
    made = settings.data_dir / "made"
    results = Results(
        database, desk.house.words, desk.house.timezone, folder=made, new_name=lambda: secrets.token_hex(16)
    )
    mine = MyData(database, folder=made, new_name=lambda: secrets.token_hex(16))
    finished = Finished(database, settings.exports_dir)
    more = {"broadcast": results.make, "my_data": mine.make, "export": finished.find}
    return Maker(database, evidence=settings.evidence_dir, drawn=settings.data_dir / "drawn", more=more)


async def _assembled(
    settings: Settings,
    database: Database,
    channel: TelegramChannel,
    desk: Desk,
    clock: Callable[[], datetime],
    maker: Maker,
    links: Looker,
    log: Any,
) -> App:
    pace = Pace(settings.telegram_rate, settings.telegram_chat_rate, settings.telegram_chat_burst)
    sender = Sender(
        database,
        channel,
        clock=clock,
        pace=pace,
        maker=maker,
        log=log,
        jitter=random.random,
        may_leave=_last_look(desk.house),
    )
    channels = {channel.name: channel}
    fetcher = Fetcher(
        database,
        channels,
        folder=settings.evidence_dir,
        clock=clock,
        new_name=lambda: secrets.token_hex(16),
        log=log,
    )
    await fetcher.prepare()
    await sender.prepare()
    dispatcher = Dispatcher(
        database,
        desk,
        clock=clock,
        channels=channels,
        sender=sender,
        fetcher=fetcher,
        links=links,
        flood=Flood(settings.person_rate),
        log=log,
    )
    exporter = Exporter(
        database,
        path=settings.database_path,
        folder=settings.exports_dir,
        evidence=settings.evidence_dir,
        words=desk.house.words,
        timezone=settings.timezone,
        clock=clock,
        wake=sender.wake,
        log=log,
    )
    poller = None
    if not settings.telegram_webhook_url:
        poller = Poller(database, channel, take_in=dispatcher.take_in, log=log)
    return App(
        settings,
        database=database,
        desk=desk,
        dispatcher=dispatcher,
        sender=sender,
        exporter=exporter,
        poller=poller,
        clock=clock,
        log=log,
    )


def _last_look(house: House) -> Callable[[Transaction, int, datetime], bool]:
    """Have reminders judged again before they leave; what that imports waits, so that it does not delay the start."""

    def may_leave(tx: Transaction, outbox_id: int, now: datetime) -> bool:
        from scheduler.reminders import may_leave as judged

        return judged(tx, house, outbox_id, now=now)

    return may_leave


async def _started(app: App, channel: TelegramChannel, stack: AsyncExitStack) -> None:
    """Start the parts; they stop in the reverse order: intake first, sender last."""
    parts = ((app.sender.run(), "sender"), (app.exporter.run(), "exports"), (app.dispatcher.run(), "dispatcher"))
    for work, name in parts:
        stack.push_async_callback(_cancelled, _start(app, work, name))
    stack.push_async_callback(_drained, app)
    if app.poller is not None:
        polling = _start(app, app.poller.run(), "intake")
        stack.push_async_callback(app.poller.stop, polling)
    listener = bind(app.settings.web_host, app.settings.web_port)
    stack.callback(listener.close)
    stack.push_async_callback(_cancelled, _start(app, _aside(app, listener), "web and scheduler"))
    stack.push_async_callback(_cancelled, _start(app, _feed(app), "feeder"))
    if app.settings.telegram_webhook_url:
        secret = app.settings.telegram_webhook_secret
        url, told = app.settings.telegram_webhook_url, secret.get_secret_value() if secret else ""
        await _insist(lambda: channel.set_webhook(url, told), "DESK_TELEGRAM_WEBHOOK_URL", app.log)
    menus = asyncio.create_task(_menus(app, channel))
    stack.push_async_callback(_cancelled, menus)


async def _aside(app: App, listener: socket.socket) -> None:
    """Serve the web and tick; what they import waits, so that it does not delay the first answer."""
    if not app.settings.telegram_webhook_url:
        await asyncio.sleep(ASIDE_SECONDS)
    from bot import web
    from scheduler import Scheduler

    scheduler = Scheduler(app.database, app.desk.house, clock=app.clock, wake=app.sender.wake, log=app.log)
    app.last_tick = lambda: scheduler.last_round
    scheduler.start()
    try:
        await web.serve(app, listener)
    finally:
        scheduler.stop()


async def _feed(app: App) -> None:
    """Feed announcements; like the web, after the first answer."""
    await asyncio.sleep(ASIDE_SECONDS)
    from bot.outbound.broadcast_feeder import Feeder

    rate, sender = app.settings.telegram_rate, app.sender
    app.feeder = Feeder(app.database, app.desk.house, clock=app.clock, rate=rate, wake_sender=sender.wake, log=app.log)
    await app.feeder.run()


def _start(app: App, work: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
    task = asyncio.create_task(work, name=name)
    app.tasks.append(task)
    return task


async def _drained(app: App) -> None:
    """Let everybody whose update is kept have their turn before the dispatcher stops; the rest has it next time."""
    with suppress(TimeoutError):
        async with asyncio.timeout(DRAIN_SECONDS):
            await app.dispatcher.idle()


async def _cancelled(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.wait({task})
    if not task.cancelled():
        task.exception()  # `ended` has told it; unread, it would be told again at exit


async def _menus(app: App, channel: TelegramChannel) -> None:
    """Show strangers and everybody we know the commands of this version, slowly: answers go first."""
    await asyncio.sleep(ASIDE_SECONDS)
    for role, language, commands in app.desk.menus():
        if role is None:
            told = "" if language == app.settings.language else language
            await _menu(app, channel, commands, language=told)
    known = await app.database.read(lambda tx: contacts.everybody(tx, channel.name))
    for address, contact in known:
        await _menu(app, channel, app.desk.menu(contact.roles, contact.language), address=address)
        await asyncio.sleep(MENU_SECONDS)


async def _menu(
    app: App, channel: TelegramChannel, commands: Sequence[tuple[str, str]], *, language: str = "", address: str = ""
) -> None:
    try:
        await channel.set_menu(commands, language=language, address=address)
    except SendError as error:
        app.log.warning("menu_not_set", kind=type(error).__name__)
