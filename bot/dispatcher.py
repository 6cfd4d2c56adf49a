"""Turns inbox rows into state and outbox rows: the oldest of each address, many people in one commit."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from time import monotonic
from typing import Any, Protocol

from bot.channels import Channel
from domain.message import FileRefusal, Inbound, Message, StoredFile, WantsFile, split
from storage import inbox, outbox
from storage.database import Database, Transaction, is_full
from storage.inbox import InboxRow
from storage.outbox import Outgoing

AT_ONCE = 64  # addresses in one transaction
TRIES = 5  # of a turn that raises, then it is given up
TURN_SECONDS = 2.0  # a turn takes about a millisecond; past this its query is interrupted
ROUND_SECONDS = 0.5  # after which a round commits what it has: nobody waits for another's slow turn
FETCHES_AT_ONCE = 4  # files of 20 MB in memory
FETCH_BACKOFF = 4  # seconds, to the power of the tries: the last is a minute after the fourth
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0  # seconds between tries while the database takes nothing
CHANNEL_OFF = timedelta(hours=1)  # between looks at the rows of a channel that is not configured
RETRY_LOOK_SECONDS = 0.25  # between looks while a postponed row waits
IDLE_SECONDS = 60.0  # between looks when nothing wakes us


class Desk(Protocol):
    """Who answers a turn."""

    def take(
        self, tx: Transaction, inbound: Inbound, *, fetched: StoredFile | FileRefusal | None, now: datetime
    ) -> Sequence[Message]:
        """Answer; raises WantsFile when the turn needs the file."""

    def given_up(self, tx: Transaction, inbound: Inbound, *, now: datetime) -> Sequence[tuple[str, str, Message]]:
        """Say who is told what about a turn that failed every time."""


class Deliverer(Protocol):
    """Who sends what the turns wrote."""

    def claim(self, tx: Transaction, now: datetime) -> list[Outgoing]:
        """Lease what can leave now, inside the turn's own transaction."""

    def take(self, rows: Sequence[Outgoing]) -> None:
        """Send these: they are leased and committed."""


class Fetcher(Protocol):
    """Who brings a file."""

    async def fetch(self, channel: str, wants: WantsFile) -> StoredFile | FileRefusal:
        """Bring it, checked and stored, or say why not."""


class LostTransaction(Exception):
    """a turn that cost the whole transaction"""

    def __init__(self, row: InboxRow) -> None:
        """Name the row that has to stand aside."""
        super().__init__(f"inbox row {row.id}")
        self.row = row


@dataclass(slots=True)
class _Round:
    """What one transaction did, to be acted upon after its commit."""

    rows: int = 0
    fetches: list[tuple[InboxRow, WantsFile]] = field(default_factory=list)
    outgoing: list[Outgoing] = field(default_factory=list)
    notes: list[tuple[str, dict[str, Any]]] = field(default_factory=list)


class Dispatcher:
    """Takes waiting rows until there are none, then sleeps until it is woken."""

    def __init__(
        self,
        database: Database,
        desk: Desk,
        *,
        clock: Callable[[], datetime],
        channels: Mapping[str, Channel],
        sender: Deliverer,
        fetcher: Fetcher,
        log: Any,
    ) -> None:
        """Bind everything; `run` does the work."""
        self._database, self._desk, self._clock = database, desk, clock
        self._channels, self._sender, self._fetcher, self._log = channels, sender, fetcher, log
        self._woken = asyncio.Event()
        self._quiet = asyncio.Event()
        self._fetching: set[asyncio.Task[None]] = set()
        self._places = asyncio.Semaphore(FETCHES_AT_ONCE)
        self._postponed = True  # rows may wait for their time; known only after a look
        self.last_round = monotonic()

    def wake(self) -> None:
        """Say that there are rows."""
        self._quiet.clear()
        self._woken.set()

    # the loop

    async def run(self) -> None:
        """Work until cancelled; a full disk pauses everything and loses nothing."""
        try:
            await self._insist(lambda: self._database.run(inbox.release_fetching))
            while True:
                self._woken.clear()
                found = await self._insist(self._round)
                self.last_round = monotonic()
                if not found:
                    await self._insist(self._sleep)
        finally:
            for task in self._fetching:
                task.cancel()

    async def _insist(self, work: Callable[[], Any]) -> Any:
        """Try until it is done; what fails here fails for everybody, so nobody's row is counted."""
        pause = FIRST_PAUSE
        while True:
            try:
                return await work()
            except Exception as error:
                self._log.error(
                    "disk_full" if is_full(error) else "round_failed", pause=pause, error=type(error).__name__
                )
                self._log.debug("round_failed", detail=repr(error))
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _sleep(self) -> None:
        if self._postponed:
            now = self._clock()
            self._postponed = await self._database.read(lambda tx: inbox.next_due(tx, now=now)) is not None
        if not self._woken.is_set() and not self._fetching:
            self._quiet.set()
        try:
            async with asyncio.timeout(RETRY_LOOK_SECONDS if self._postponed else IDLE_SECONDS):
                await self._woken.wait()
        except TimeoutError:
            return

    async def _round(self) -> int:
        """Take one transaction's worth of turns; returns how many rows were looked at."""
        now = self._clock()
        try:
            done = await self._database.run(lambda tx: self._turns(tx, now))
        except LostTransaction as lost:
            done = await self._stand_aside(lost, now)
        for event, pairs in done.notes:
            self._postponed = True
            self._log.warning(event, **pairs)
        self._sender.take(done.outgoing)
        for row, wants in done.fetches:
            task = asyncio.create_task(self._fetch(row, wants))
            self._fetching.add(task)
            task.add_done_callback(self._fetching.discard)
        return done.rows

    async def _stand_aside(self, lost: LostTransaction, now: datetime) -> _Round:
        """Count the failed try of a row that cost everybody's transaction, in one of its own."""
        if is_full(lost):
            raise lost
        cause = lost.__cause__ or lost
        try:
            return await self._database.run(lambda tx: self._alone(tx, lost.row, cause, now, apology=True))
        except LostTransaction as again:
            if is_full(again):
                raise
            return await self._database.run(lambda tx: self._alone(tx, lost.row, cause, now, apology=False))

    def _alone(self, tx: Transaction, row: InboxRow, cause: BaseException, now: datetime, *, apology: bool) -> _Round:
        done = _Round(rows=1)
        self._failed(tx, row, cause, now, done, apology=apology)
        return done

    # the turns: plain functions in the database's thread, which may run twice

    def _turns(self, tx: Transaction, now: datetime) -> _Round:
        """Take the turn of each address's oldest row."""
        started, done = monotonic(), _Round()
        for row in inbox.claim(tx, now=now, limit=AT_ONCE):
            done.rows += 1
            if row.channel in self._channels:
                self._turn(tx, row, now, done)
            else:
                inbox.hold(tx, row.id, until=now + CHANNEL_OFF)
                done.notes.append(("channel_off", {"inbox": row.id, "channel": row.channel}))
            if monotonic() - started > ROUND_SECONDS:
                break
        if done.rows:
            done.outgoing = self._sender.claim(tx, now)
        return done

    def _turn(self, tx: Transaction, row: InboxRow, now: datetime, done: _Round) -> None:
        try:
            inbound = self._channels[row.channel].parse(json.loads(row.raw))
        except Exception as error:
            inbox.mark_unreadable(tx, row.id, type(error).__name__)
            done.notes.append(("update_unreadable", {"inbox": row.id, "error": type(error).__name__}))
            return
        try:
            tx.attempt(lambda tx: self._answer(tx, row, inbound, now), seconds=TURN_SECONDS)
        except Exception as error:
            _pass_on(tx, row, error)
            if isinstance(error, WantsFile) and row.fetched is None:
                inbox.mark_fetching(tx, row.id)
                done.fetches.append((row, error))
            else:
                self._failed(tx, row, error, now, done)

    def _answer(self, tx: Transaction, row: InboxRow, inbound: Inbound, now: datetime) -> None:
        messages = self._desk.take(tx, inbound, fetched=_fetched(row), now=now)
        number = 0
        for message in messages:
            for part in split(message):
                outbox.insert(
                    tx,
                    channel=row.channel,
                    address=row.address,
                    message=part,
                    now=now,
                    dedupe_key=f"reply:{row.id}:{number}",
                    inbox_id=row.id,
                )
                number += 1
        inbox.mark_handled(tx, row.id)

    def _failed(
        self,
        tx: Transaction,
        row: InboxRow,
        error: BaseException,
        now: datetime,
        done: _Round,
        *,
        apology: bool = True,
    ) -> None:
        """Count a failed turn and move it into the future; the fifth time give it up and say so."""
        tries = row.attempts + 1
        pairs = {"inbox": row.id, "tries": tries, **_where(error)}
        if tries < TRIES:
            inbox.postpone(tx, row.id, until=now + timedelta(seconds=2 ** (tries - 1)), note=type(error).__name__)
            done.notes.append(("turn_failed", pairs))
            return
        inbox.give_up(tx, row.id, note=type(error).__name__)
        done.notes.append(("turn_given_up", pairs))
        if not apology:
            return
        try:
            tx.attempt(lambda tx: self._apologise(tx, row, now), seconds=TURN_SECONDS)
        except Exception as second:
            _pass_on(tx, row, second)
            # the apology must not bring back what was given up
            done.notes.append(("apology_failed", {"inbox": row.id, **_where(second)}))

    def _apologise(self, tx: Transaction, row: InboxRow, now: datetime) -> None:
        inbound = self._channels[row.channel].parse(json.loads(row.raw))
        for number, (channel, address, message) in enumerate(self._desk.given_up(tx, inbound, now=now)):
            key = f"given_up:{row.id}:{number}"
            outbox.insert(tx, channel=channel, address=address, message=message, now=now, dedupe_key=key)

    # files

    async def _fetch(self, row: InboxRow, wants: WantsFile) -> None:
        """Bring a file outside any transaction, then give the row its turn back."""
        found: StoredFile | FileRefusal | None = None
        async with self._places:
            try:
                found = await self._fetcher.fetch(row.channel, wants)
            except Exception as error:
                self._log.warning("fetch_failed", inbox=row.id, tries=row.attempts + 1, **_where(error))
        if found is None and row.attempts + 1 < TRIES:
            until = self._clock() + timedelta(seconds=FETCH_BACKOFF**row.attempts)
            self._postponed = True
            await self._insist(lambda: self._database.run(lambda tx: inbox.fetch_again(tx, row.id, until=until)))
        else:
            fetched = _fetched_json(found or FileRefusal("gone", wants.ref.name))
            await self._insist(lambda: self._database.run(lambda tx: inbox.store_fetched(tx, row.id, fetched)))
        self.wake()

    async def idle(self) -> None:
        """Return when nothing waits for its turn."""
        while True:
            await self._quiet.wait()
            if self._fetching or self._woken.is_set():
                self._quiet.clear()
                continue
            return


def _pass_on(tx: Transaction, row: InboxRow, error: Exception) -> None:
    """Raise what this row's own savepoint cannot contain: a full disk, and a transaction that is gone."""
    if is_full(error):
        raise error
    if not tx.in_transaction:
        raise LostTransaction(row) from error


def _where(error: BaseException) -> dict[str, str]:
    """Name an error's kind and place, not its words: they may quote what a person wrote."""
    trace, place = error.__traceback__, ""
    while trace is not None:
        code = trace.tb_frame.f_code
        place, trace = f"{code.co_qualname}:{trace.tb_lineno}", trace.tb_next
    return {"error": type(error).__name__, "at": place}


def _fetched_json(found: StoredFile | FileRefusal) -> str:
    return json.dumps({"is": type(found).__name__, **asdict(found)})


def _fetched(row: InboxRow) -> StoredFile | FileRefusal | None:
    if row.fetched is None:
        return None
    fields = json.loads(row.fetched)
    return (StoredFile if fields.pop("is") == "StoredFile" else FileRefusal)(**fields)
