"""Handles inbox rows: the oldest of each address, many people in one commit."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from time import monotonic
from typing import Any, Protocol, TypeVar

from bot.channels import Channel
from bot.inbound import albums
from bot.inbound.fetched import fetched_json
from bot.inbound.files import shown_name
from bot.inbound.flood import Flood
from bot.inbound.strangers import Strangers
from bot.inbound.turn_contract import Deliverer, Desk
from bot.inbound.turns import TRIES, TURN_SECONDS, LostTransaction, Round, Turns
from bot.meters import Meters
from bot.store.contract import StoreAway
from domain.event_log import EventLog, where
from domain.message import CheckedLink, Fetched, FetchedAlbum, FileRefusal, ReadList, StoredFile
from domain.wants import Wants, WantsFile, WantsLink
from storage import inbox, inbox_counts
from storage.engine.database import Database
from storage.engine.errors import is_full
from storage.engine.transaction import Transaction
from storage.inbox import Arrival, InboxRow

T = TypeVar("T")
KEPT_AT_ONCE = 500  # updates of one body in one commit
FETCHES_AT_ONCE = 4  # files of 20 MB in memory
LOOKS_AT_ONCE = 8  # links, of which nothing but the head of an answer is kept
FETCH_BACKOFF = 4  # seconds, to the power of the failed tries: 1, 4, 16, 64
STORE_TRIES = 60  # while our own store is away: an hour, for the sender has done nothing wrong
LONGEST_POWER = 3
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0  # seconds between tries while the database takes nothing
RETRY_LOOK_SECONDS = 0.25  # between looks while a postponed row waits
IDLE_SECONDS = 60.0  # between looks when nothing wakes us
SHARED_IDLE_SECONDS = 1.0  # where another host may keep updates: its hint can be lost, what it kept cannot


class Fetcher(Protocol):
    """Downloads the files a turn needs."""

    async def fetch(self, channel: str, wants: WantsFile) -> StoredFile | FileRefusal | ReadList:
        """Bring it, checked and stored, or say why not; what raises is tried again."""


class Looker(Protocol):
    """Checks the links a turn needs."""

    async def look(self, url: str) -> CheckedLink:
        """Return the state of a link, in bounded time."""


@dataclass(frozen=True, slots=True)
class TurnMeans:
    """What turns are taken with."""

    database: Database
    desk: Desk
    clock: Callable[[], datetime]
    channels: Mapping[str, Channel]
    sender: Deliverer
    fetcher: Fetcher
    links: Looker
    log: EventLog
    meters: Meters = field(default_factory=Meters)
    flood: Flood | None = None
    strangers: Strangers | None = None
    turn_seconds: float = TURN_SECONDS
    gather_seconds: float = albums.GATHER_SECONDS
    idle_seconds: float = IDLE_SECONDS  # between looks when nothing wakes the dispatcher


class Dispatcher:
    """Handles waiting rows until there are none, then sleeps until it is woken."""

    def __init__(self, means: TurnMeans) -> None:
        self._idle_seconds = means.idle_seconds
        self._gather_seconds = means.gather_seconds
        self._database, self._clock = means.database, means.clock
        self._turns = Turns(
            means.desk,
            channels=means.channels,
            sender=means.sender,
            flood=means.flood,
            strangers=means.strangers,
            turn_seconds=means.turn_seconds,
        )
        self._sender = means.sender
        self._fetcher = means.fetcher
        self._links = means.links
        self._log = means.log
        self._meters = means.meters
        self._woken = asyncio.Event()
        self._quiet = asyncio.Event()
        self._fetching: set[asyncio.Task[None]] = set()
        self._permits, self._looks = asyncio.Semaphore(FETCHES_AT_ONCE), asyncio.Semaphore(LOOKS_AT_ONCE)
        self._postponed = True  # rows may wait for their time; known only after a look
        self.last_round = monotonic()

    def wake(self) -> None:
        """Wake the dispatcher, as there are rows."""
        self._quiet.clear()
        self._woken.set()

    async def take_in(self, channel: str, arrivals: Sequence[Arrival]) -> int:
        """Keep updates and take their turns in the same commit; returns how many were new.

        Raises what the database raises when it takes nothing: then nothing may be acknowledged.
        A turn that costs its transaction does not cost the updates: they are kept alone and wait for the
        loop.
        """
        now = self._clock()
        if len(arrivals) > KEPT_AT_ONCE:
            return await self._take_in_pieces(channel, arrivals, now=now)
        try:
            new, done = await self._database.run(
                lambda tx: self._turns.take_in(tx, channel, arrivals, now=now)
            )
        except Exception:
            # whatever it was, the updates alone come first; a full disk refuses them here again
            new = await self._database.run(lambda tx: inbox.insert(tx, channel, arrivals=arrivals, now=now))
            self._meters.updates[channel] += new
            self.wake()
            return new
        self._meters.updates[channel] += new
        self._act(done)
        if done.more or done.notes:
            self.wake()
        return new

    async def _take_in_pieces(self, channel: str, arrivals: Sequence[Arrival], *, now: datetime) -> int:
        """Keep a heap in several commits, so that the turns of others come between; all before it is told.

        What was kept before a failure is known by its id when the platform delivers the heap again.
        """
        new = 0
        for start in range(0, len(arrivals), KEPT_AT_ONCE):
            piece = arrivals[start : start + KEPT_AT_ONCE]
            keep = partial(inbox.insert, channel=channel, arrivals=piece, now=now)
            new += await self._database.run(keep)
        self._meters.updates[channel] += new
        self.wake()
        return new

    async def prepare(self) -> None:
        """After a start, before anything is sent again: take what is known of what was under way.

        A status that cannot be taken keeps neither the bot from starting nor another from being taken: it
        has a turn of its own later.
        """
        now, count = self._clock(), 0
        for kept in await self._database.read(self._turns.kept_statuses):
            take = partial(self._turns.take_kept, kept=kept, now=now)
            try:
                await self._database.run(take, lasting=False)  # what follows waits for the disk
                count += 1
            except Exception as error:
                self._log.error("send_not_settled", inbox=kept.row_id, **where(error))
        if count:
            self._log.info("sends_settled", count=count)

    async def run(self) -> None:
        """Work until cancelled; a full disk pauses everything and loses nothing."""
        try:
            await self._insist(lambda: self._database.run(inbox.release_fetching))
            while True:
                self._woken.clear()
                more = await self._insist(self._handle_round)
                self.last_round = monotonic()
                if not more:
                    await self._insist(self._sleep)
        finally:
            for task in self._fetching:
                task.cancel()

    async def _insist(self, work: Callable[[], Awaitable[T]]) -> T:
        """Repeat until it succeeds; the fault is in what all share, so no row's tries are counted."""
        pause = FIRST_PAUSE
        while True:
            try:
                return await work()
            except Exception as error:
                self._log.error(
                    "disk_full" if is_full(error) else "round_failed", pause=pause, **where(error)
                )
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _sleep(self) -> None:
        if self._postponed:
            now = self._clock()
            self._postponed = (
                await self._database.read(lambda tx: inbox_counts.next_due(tx, now=now)) is not None
            )
        if not self._woken.is_set() and not self._fetching:
            self._quiet.set()
        try:
            async with asyncio.timeout(RETRY_LOOK_SECONDS if self._postponed else self._idle_seconds):
                await self._woken.wait()
        except TimeoutError:
            return

    async def _handle_round(self) -> bool:
        """Handle one transaction's worth of turns; returns whether there are more."""
        now = self._clock()
        try:
            done = await self._database.run(lambda tx: self._turns.take(tx, now=now))
        except LostTransaction as lost:
            done = await self._stand_aside(lost, now)
        self._act(done)
        return done.more

    async def _stand_aside(self, lost: LostTransaction, now: datetime) -> Round:
        """Count a try of the row that broke the transaction; the turns of others are repeated without it."""
        cause = lost.__cause__ or lost

        def unit(tx: Transaction, apology: bool = True) -> Round:
            return self._turns.count_failure(tx, lost.row, error=cause, now=now, apology=apology)

        try:
            return await self._database.run(unit)
        except LostTransaction:
            # the apology did the same again: without it, or this row would stop everybody for ever
            return await self._database.run(lambda tx: unit(tx, apology=False))

    def _act(self, done: Round) -> None:
        """Do after the commit what follows from it."""
        if done.rows:  # a look that found nothing has taken its time too, and is no turn
            self._meters.turns += done.rows
            self._meters.turn_seconds += done.seconds
        for event, pairs in done.notes:
            self._postponed = True
            self._log.warning(event, **pairs)
        for channel in done.refusing:
            self._meters.refused(channel)
            self._log.error("sends_refused_later", channel=channel)
        self._sender.take(done.outgoing)
        for row, wants in done.fetches:
            self._begin(self._bring(row, wants))
        for row in done.gathers:
            self._begin(self._gather(row))

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        self._quiet.clear()
        task = asyncio.create_task(work)
        self._fetching.add(task)
        task.add_done_callback(self._fetching.discard)

    async def _gather(self, row: InboxRow) -> None:
        """Wait until no further file of an album comes, then give its first row the turn.

        The files are rows meanwhile, so that a kill loses none: after a start the wait begins anew.
        """
        seen = -1
        for _ in range(albums.LOOKS):
            waiting = await self._database.read(lambda tx: len(inbox.behind(tx, row, limit=albums.MOST)))
            if waiting == seen:
                break
            seen = waiting
            await asyncio.sleep(self._gather_seconds)
        await self._insist(
            lambda: self._database.run(lambda tx: inbox.store_fetched(tx, row.id, fetched=albums.GATHERED))
        )
        self.wake()

    async def _bring(self, row: InboxRow, wants: Wants) -> None:
        """Fetch what lies outside any transaction, then make the row due again."""
        brought = await (
            self._look(row, wants) if isinstance(wants, WantsLink) else self._fetch_all(row, wants)
        )
        if brought is None:
            until = self._clock() + timedelta(seconds=FETCH_BACKOFF ** min(row.attempts, LONGEST_POWER))
            self._postponed = True
            await self._insist(
                lambda: self._database.run(lambda tx: inbox.fetch_again(tx, row.id, until=until))
            )
        else:
            fetched = fetched_json(brought)
            await self._insist(
                lambda: self._database.run(lambda tx: inbox.store_fetched(tx, row.id, fetched=fetched))
            )
        self.wake()

    async def _fetch_all(self, row: InboxRow, wants: WantsFile) -> Fetched | None:
        """Fetch a file, or all of an album; None to try again later."""
        if not wants.album:
            return await self._fetch(row, wants)
        results = [await self._fetch(row, want) for want in wants.each()]
        files = tuple(want for want in results if isinstance(want, StoredFile | FileRefusal))
        return FetchedAlbum(files) if len(files) == len(results) else None

    async def _fetch(self, row: InboxRow, wants: WantsFile) -> StoredFile | FileRefusal | ReadList | None:
        """Fetch a file; None to try again later, a refusal when that has been done often enough."""
        async with self._permits:
            try:
                return await self._fetcher.fetch(row.channel, wants)
            except Exception as error:
                self._log.warning("fetch_failed", inbox=row.id, tries=row.attempts + 1, **where(error))
                tries = STORE_TRIES if isinstance(error, StoreAway) else TRIES
        return None if row.attempts + 1 < tries else FileRefusal("gone", shown_name(wants.ref.name))

    async def _look(self, row: InboxRow, wants: WantsLink) -> Fetched:
        """Look at a link once; it is only a warning, so nobody waits for a second look."""
        async with self._looks:
            try:
                return await self._links.look(wants.url)
            except Exception as error:
                self._log.warning("look_failed", inbox=row.id, **where(error))
        return CheckedLink(wants.url, "unknown")

    async def idle(self) -> None:
        """Return when nothing waits for its turn."""
        while True:
            await self._quiet.wait()
            if self._fetching or self._woken.is_set():
                self._quiet.clear()
                continue
            return
