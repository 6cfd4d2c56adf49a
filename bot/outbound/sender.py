"""Delivers outbox rows: under a lease, at the platform's pace, one at a time to each address."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from heapq import heapify, heappop, heappush
from math import ceil
from time import monotonic

from bot.outbound.one_message import STATUS_SECONDS, Account, Means, NotFollowed, Sending
from bot.outbound.pace import PERMIT_SECONDS
from storage import outbox_leases
from storage.engine.transaction import Transaction
from storage.engine.utc import utc_text
from storage.outbox import REPLY
from storage.outbox_leases import Outgoing
from storage.outbox_outcomes import Outcome

LEASE = timedelta(seconds=60)
AT_ONCE = 256  # replies leased and not yet settled
# of pace: reminders and broadcasts leased ahead, so that the pace never waits for a lease
AHEAD_SECONDS = 0.12
RECOVER_SECONDS = 20.0  # between looks for leases that ran out
SETTLE_SECONDS = 0.05  # an outcome waits this long for a turn whose commit it can share
SETTLE_SOON_SECONDS = 0.002  # … and this long when a message waits for the one before it to the same address
# between looks when nothing wakes us: the clock may have been set, a row written by somebody else
IDLE_SECONDS = 1.0
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0  # seconds between tries while the database takes nothing


class Leased(list[Outgoing]):
    """Rows that were leased, and the outcomes written down in the same transaction."""

    settled: tuple[Outcome, ...] = ()
    not_followed: NotFollowed = ()  # of these, what was raised by what should have followed
    behind = False  # messages are due that wait for the one under way to their address


class Sender:
    """Sends for one channel."""

    def __init__(
        self, means: Means, *, recover_seconds: float = RECOVER_SECONDS, first_pause: float = FIRST_PAUSE
    ) -> None:
        """Every `recover_seconds` `run` looks for leases that ran out; `first_pause` (seconds) is doubled
        with each try while the database takes nothing.
        """
        self._database, self._channel = means.database, means.channel
        self._clock = means.clock
        self._recover_seconds, self._first_pause = recover_seconds, first_pause
        self._meters = means.meters
        self._pace = means.pace
        self._log = means.log
        self._account = Account()
        self._sending = Sending(means, account=self._account)
        self._held: list[tuple[int, int, Outgoing, float]] = []  # priority, id, row, lease until (monotonic)
        self._bulk = 0  # of the held ones, those that are no replies
        self._ahead = ceil(means.pace.rate * AHEAD_SECONDS)
        self._more = False  # the last look found as many of these as it asked for
        self._under_way: set[asyncio.Task[None]] = set()
        self._woken = asyncio.Event()
        self._leasing = False
        self._behind = False  # a message waits for the one before it
        self._later: asyncio.TimerHandle | None = None
        self._next_due: float | None = None
        self.last_round = monotonic()

    # leasing

    def claim(self, tx: Transaction, now: datetime, *, bulk: int = 0) -> Leased:
        """Write down outcomes and lease the replies there is room for; runs in the database's thread.

        It is called inside somebody else's transaction, so that a turn and the turn before it cost one
        commit.
        `bulk` is how many others may come along: never in a turn, nobody's answer waits for them.
        """
        settled = tuple(self._account.outcomes)
        not_followed = self._sending.write_down(tx, settled, now=now) if settled else ()
        room = AT_ONCE + self._bulk - len(self._held) - len(self._under_way) + bulk
        until = now + LEASE
        rows = (
            outbox_leases.claim(tx, self._channel.name, now=now, until=until, limit=room, bulk=bulk)
            if room > 0
            else ()
        )
        leased = Leased(rows)
        leased.settled = settled
        leased.not_followed = not_followed
        leased.behind = bool(self._under_way) and outbox_leases.is_due(tx, self._channel.name, now=now)
        return leased

    def take(self, rows: Sequence[Outgoing]) -> None:
        """Send these: they are leased and committed."""
        self._hold(rows)
        if rows and self._depart() != float("inf"):
            self._woken.set()  # something stays behind, for the loop to let go in time

    def _hold(self, rows: Sequence[Outgoing]) -> None:
        if isinstance(rows, Leased) and rows.settled:
            self._sending.log_not_followed(rows.not_followed)
            written = set(map(id, rows.settled))
            self._meters.sends.update((self._channel.name, outcome.state) for outcome in rows.settled)
            self._account.outcomes = [
                outcome for outcome in self._account.outcomes if id(outcome) not in written
            ]
        self._behind = isinstance(rows, Leased) and rows.behind
        if self._behind and self._account.outcomes:
            self._settle_within(SETTLE_SOON_SECONDS)
        until = monotonic() + LEASE.total_seconds()
        for row in rows:
            heappush(self._held, (row.priority, row.id, row, until))
            self._bulk += row.priority > REPLY

    def wake(self) -> None:
        """Say that there may be rows to lease."""
        self._account.look = True
        self._woken.set()

    async def prepare(self) -> None:
        """After a start: take back every lease of the channel, and count what has left lately."""
        now, here_seconds = self._clock(), monotonic()
        told_until = now + timedelta(seconds=STATUS_SECONDS) if self._channel.can.statuses else None
        since = now - timedelta(seconds=max(PERMIT_SECONDS, self._pace.chat_burst / self._pace.chat_rate))

        def unit(tx: Transaction) -> tuple[list[tuple[str, datetime | None]], int]:
            recent = outbox_leases.recent(tx, self._channel.name, since=since, leased_since=since - LEASE)
            recovered = outbox_leases.recover(
                tx, now=now, channel=self._channel.name, all_leases=True, told_until=told_until
            )
            return recent, recovered

        recent, orphans = await self._database.run(unit)
        # where it is not known when it left, as just now: the pace holds in any case
        ages = [(chat, max(0.0, (now - (at or now)).total_seconds())) for chat, at in recent]
        self._pace.remember((chat, here_seconds - age) for chat, age in ages)
        if orphans:
            self._log.info("leases_recovered", count=orphans)

    # the loop

    async def run(self) -> None:
        """Work until cancelled, then let what is under way finish."""
        looked = monotonic()
        pause = self._first_pause
        try:
            while True:
                self._woken.clear()
                try:
                    if looks_back := monotonic() - looked > self._recover_seconds:
                        looked = monotonic()
                        self._give_back(self._recover_seconds)
                    await self._settle_and_lease()
                    if looks_back:
                        await self._recover()  # behind what was given back, which is not of unknown fate
                    pause = self._first_pause
                except Exception as error:
                    # outcomes are kept and nothing new is leased: what was sent must be written down first
                    self._log.error("outbox_not_written", error=repr(error), pause=pause)
                    await asyncio.sleep(pause)
                    pause = min(pause * 2, LONGEST_PAUSE)
                    continue
                self.last_round = monotonic()
                self._account.hurry = False
                wait = self._depart()
                if not (self._account.look or self._account.hurry) and wait > 0:
                    await self._sleep(wait)
        finally:
            await self._finish()

    async def _sleep(self, wait: float) -> None:
        if self._next_due is not None:
            wait = min(wait, max(0.01, self._next_due - monotonic()))
            self._account.look = self._account.look or self._next_due <= monotonic()
        asked = min(wait, IDLE_SECONDS)
        try:
            async with asyncio.timeout(asked):
                await self._woken.wait()
        except TimeoutError:
            if asked == IDLE_SECONDS or (self._next_due is not None and self._next_due <= monotonic()):
                self._account.look = True

    def _give_back(self, within: float) -> None:
        """Let go of leases that run out in so many seconds, by either clock: the machine's may have been set
        forward. What never left is not of unknown fate, and leaves once.
        """
        until = monotonic() + within
        leased_since = utc_text(self._clock() + timedelta(seconds=within) - LEASE)
        kept = [entry for entry in self._held if entry[3] > until and entry[2].leased_at > leased_since]
        if len(kept) < len(self._held):
            still = {entry[1] for entry in kept}
            gone = [entry[2] for entry in self._held if entry[1] not in still]
            self._account.outcomes += [row.outcome("waiting", untried=True) for row in gone]
            self._bulk -= sum(row.priority > REPLY for row in gone)
            heapify(kept)
            self._held, self._account.look = kept, True

    async def _recover(self) -> None:
        now = self._clock()
        if count := await self._database.run(lambda tx: outbox_leases.recover(tx, now=now)):
            self._log.warning("leases_ran_out", count=count)
            self._account.look = True

    async def _settle_and_lease(self) -> None:
        """Write down outcomes and lease the next rows in one transaction."""
        if not self._account.outcomes and not self._account.look:
            return
        self._account.look, self._leasing = False, True
        now, bulk = self._clock(), max(0, self._ahead - self._bulk)

        def unit(tx: Transaction) -> tuple[Leased, datetime | None]:
            rows = self.claim(tx, now, bulk=bulk)
            return rows, None if rows else outbox_leases.next_due(tx, self._channel.name, now=now)

        leasing = asyncio.ensure_future(self._database.run(unit))
        try:
            rows, due = await asyncio.shield(leasing)
        except asyncio.CancelledError:
            self._hold((await leasing)[0])  # leased as the stop came: `_finish` gives it back
            raise
        except Exception:
            self._account.look = True
            raise
        finally:
            self._leasing = False
        self._next_due = None if due is None else monotonic() + max(0.0, (due - now).total_seconds())
        self._more = 0 < bulk <= sum(row.priority > REPLY for row in rows)
        self.take(rows)

    def _depart(self) -> float:
        """Let go what may leave now; returns the seconds until more may."""
        waiting: list[tuple[int, int, Outgoing, float]] = []
        shortest = float("inf")
        while self._held:
            now = monotonic()
            reply = self._held[0][0] == REPLY
            wait = max(self._pace.wait_overall(now, reply=reply), self._account.down_until - now)
            if wait > 0:
                shortest = min(shortest, wait)
                break
            entry = heappop(self._held)
            row = entry[2]
            if (chat_wait := self._pace.wait_chat(row.address, now)) > 0:
                waiting.append(entry)
                shortest = min(shortest, chat_wait)
                continue
            self._bulk -= not reply
            if entry[3] <= now:
                continue  # the lease ran out while it waited: recovery gives it back
            self._pace.leaves(row.address, now, reply=reply)
            task = asyncio.create_task(self._sending.send(row, now))
            self._under_way.add(task)
            task.add_done_callback(self._note_outcome)
        for entry in waiting:
            heappush(self._held, entry)
        self._account.look = self._account.look or (self._more and 2 * self._bulk <= self._ahead)
        return shortest

    def _note_outcome(self, task: asyncio.Task[None]) -> None:
        """Have the outcome written down: soon, or with the next turn when that comes first."""
        self._under_way.discard(task)
        if self._account.hurry:
            self._woken.set()
        else:
            self._settle_within(SETTLE_SOON_SECONDS if self._behind else SETTLE_SECONDS)

    def _settle_within(self, seconds: float) -> None:
        """Set the timer, or bring it forward.

        A commit waits for the disk: an outcome waits a little for a turn whose commit it can share. Only
        where the next message to the same address waits for it is it written down at once.
        """
        loop = asyncio.get_running_loop()
        if self._later is not None:
            if self._later.when() <= loop.time() + seconds:
                return
            self._later.cancel()
        self._later = loop.call_later(seconds, self._settle_now)

    def _settle_now(self) -> None:
        self._later = None
        self._woken.set()

    async def _finish(self) -> None:
        """Let what is under way arrive, and write it down; the rest keeps its row."""
        if self._under_way:
            await asyncio.wait(set(self._under_way), timeout=10.0)
        outcomes, self._account.outcomes = self._account.outcomes, []
        unsent = [row.outcome("waiting", untried=True) for _, _, row, _ in self._held]
        if outcomes or unsent:
            now = self._clock()
            await self._sending.write_down_all([*outcomes, *unsent], now=now)

    async def idle(self) -> None:
        """Return when nothing is held, under way or unwritten; outcomes are written down at once."""
        while self._held or self._under_way or self._account.outcomes or self._account.look or self._leasing:
            if self._later is not None:
                self._later.cancel()
                self._settle_now()
            await asyncio.sleep(0.002)
