"""Delivers outbox rows: under a lease, at the platform's pace, one at a time to each address."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from heapq import heapify, heappop, heappush
from math import ceil
from pathlib import Path
from time import monotonic

from bot.attachments.making import Maker
from bot.channels import Channel, SendError, TemplateRefused, WindowClosed
from bot.channels.contract import TemplateNews
from bot.channels.fitting import fitted
from bot.meters import Meters
from bot.outbound import service_window
from bot.outbound.pace import PLACE_SECONDS, Pace
from bot.store.contract import StoreAway
from domain.delivery import Departure, Failure, Reason, decide
from domain.event_log import EventLog
from domain.message import Message, Template
from storage import outbox, recipients, service_windows
from storage.engine.database import Database
from storage.engine.transaction import Transaction
from storage.outbox import BROADCAST, REPLY, Outcome, Outgoing

TemplateLost = Callable[[Transaction, str, TemplateNews, datetime], None]  # the str is the channel

JudgeDeparture = Callable[[Transaction, int, int, datetime], Departure]  # outbox row, its priority

LEASE = timedelta(seconds=60)
AT_ONCE = 256  # replies leased and not yet settled
# of pace: reminders and broadcasts leased ahead, so that the pace never waits for a lease
AHEAD_SECONDS = 0.12
RECOVER_SECONDS = 20.0  # between looks for leases that ran out
SETTLE_SECONDS = 0.05  # an outcome waits this long for a turn whose commit it can share
SETTLE_SOON_SECONDS = 0.002  # … and this long when a message waits for the one before it to the same address
# between looks when nothing wakes us: the clock may have been set, a row written by somebody else
IDLE_SECONDS = 1.0
LONGEST_PAUSE = 30.0  # seconds between tries while the database takes nothing
STORE_SECONDS = 30.0  # before a message whose file the store does not give is tried again
DOWN_SECONDS = 30.0  # pause when the channel refuses our token


class Leased(list[Outgoing]):
    """Rows that were leased, and the outcomes written down in the same transaction."""

    settled: tuple[Outcome, ...] = ()
    behind = False  # messages are due that wait for the one under way to their address


@dataclass(frozen=True, slots=True)
class Hooks:
    """What others decide, or hear, about messages on their way."""

    # the last look at what nobody asked for; it puts off, or takes back what holds no more
    judge_departure: JudgeDeparture | None = None
    bell: Callable[[str], Template] | None = None  # for what has no template of its own
    template_lost: TemplateLost | None = None  # when the platform refuses one
    not_arrived: Callable[[Transaction, int, datetime], None] | None = None  # tries another way


class Sender:
    """Sends for one channel."""

    def __init__(
        self,
        database: Database,
        channel: Channel,
        *,
        clock: Callable[[], datetime],
        pace: Pace,
        maker: Maker,
        log: EventLog,
        meters: Meters | None = None,
        jitter: Callable[[], float] = lambda: 0.0,
        recover_seconds: float = RECOVER_SECONDS,
        hooks: Hooks | None = None,
    ) -> None:
        """Every `recover_seconds` `run` looks for leases that ran out."""
        self._database = database
        self._channel = channel
        self._clock = clock
        self._maker = maker
        self._recover_seconds = recover_seconds
        self._meters = meters or Meters()
        self._hooks = hooks or Hooks()
        self._pace = pace
        self._log = log
        self._jitter = jitter
        self._held: list[tuple[int, int, Outgoing, float]] = []  # priority, id, row, lease until (monotonic)
        self._outcomes: list[Outcome] = []
        self._bulk = 0  # of the held ones, those that are no replies
        self._ahead = ceil(pace.rate * AHEAD_SECONDS)
        self._more = False  # the last look found as many of these as it asked for
        self._under_way: set[asyncio.Task[None]] = set()
        self._woken = asyncio.Event()
        self._look = True
        self._leasing = False
        self._hurry = False  # an outcome that must not wait for the next turn
        self._behind = False  # a message waits for the one before it
        self._later: asyncio.TimerHandle | None = None
        self._next_due: float | None = None
        self._down_until = 0.0
        self.last_round = monotonic()

    # leasing

    def claim(self, tx: Transaction, now: datetime, *, bulk: int = 0) -> Leased:
        """Write down outcomes and lease the replies there is room for; runs in the database's thread.

        It is called inside somebody else's transaction, so that a turn and the turn before it cost one
        commit.
        `bulk` is how many others may come along: never in a turn, nobody's answer waits for them.
        """
        settled = tuple(self._outcomes)
        if settled:
            self._write_down(tx, settled, now=now)
        room = AT_ONCE + self._bulk - len(self._held) - len(self._under_way) + bulk
        until = now + LEASE
        rows = (
            outbox.claim(tx, self._channel.name, now=now, until=until, limit=room, bulk=bulk)
            if room > 0
            else ()
        )
        leased = Leased(rows)
        leased.settled = settled
        leased.behind = bool(self._under_way) and outbox.is_due(tx, self._channel.name, now=now)
        return leased

    def _write_down(self, tx: Transaction, outcomes: Sequence[Outcome], *, now: datetime) -> None:
        """Settle messages; what is lost here may go another way, and what did so raises its recipient."""
        outbox.settle(tx, outcomes, now=now)
        for outcome in outcomes:
            if outcome.state in ("failed", "dropped") and self._hooks.not_arrived is not None:
                self._hooks.not_arrived(tx, outcome.id, now)
            if outcome.second:
                recipients.follow(tx, outcome.id, now=now)

    def take(self, rows: Sequence[Outgoing]) -> None:
        """Send these: they are leased and committed."""
        self._hold(rows)
        if rows and self._depart() != float("inf"):
            self._woken.set()  # something stays behind, for the loop to let go in time

    def _hold(self, rows: Sequence[Outgoing]) -> None:
        if isinstance(rows, Leased) and rows.settled:
            written = set(map(id, rows.settled))
            self._meters.sends.update((self._channel.name, outcome.state) for outcome in rows.settled)
            self._outcomes = [outcome for outcome in self._outcomes if id(outcome) not in written]
        self._behind = isinstance(rows, Leased) and rows.behind
        if self._behind and self._outcomes:
            self._settle_within(SETTLE_SOON_SECONDS)
        until = monotonic() + LEASE.total_seconds()
        for row in rows:
            heappush(self._held, (row.priority, row.id, row, until))
            self._bulk += row.priority > REPLY

    def wake(self) -> None:
        """Say that there may be rows to lease."""
        self._look = True
        self._woken.set()

    async def prepare(self) -> None:
        """After a start: take back every lease, and count what may have left just now."""
        now, here_seconds = self._clock(), monotonic()
        since = now - timedelta(seconds=max(PLACE_SECONDS, self._pace.chat_burst / self._pace.chat_rate))

        def unit(tx: Transaction) -> tuple[list[tuple[str, datetime]], int]:
            recent = outbox.recent(tx, self._channel.name, since=since, leased_since=since - LEASE)
            return recent, outbox.recover(tx, now=now, all_leases=True)

        recent, orphans = await self._database.run(unit)
        # when each really left is not known: taken as just now, the pace holds in any case
        self._pace.remember((chat, here_seconds) for chat, _ in recent)
        if orphans:
            self._log.info("leases_recovered", count=orphans)

    # the loop

    async def run(self) -> None:
        """Work until cancelled, then let what is under way finish."""
        looked = monotonic()
        pause = 1.0
        try:
            while True:
                self._woken.clear()
                try:
                    if monotonic() - looked > self._recover_seconds:
                        looked = monotonic()
                        self._give_back(looked + self._recover_seconds)
                        await self._recover()
                    await self._settle_and_lease()
                    pause = 1.0
                except Exception as error:
                    # outcomes are kept and nothing new is leased: what was sent must be written down first
                    self._log.error("outbox_not_written", error=repr(error), pause=pause)
                    await asyncio.sleep(pause)
                    pause = min(pause * 2, LONGEST_PAUSE)
                    continue
                self.last_round = monotonic()
                self._hurry = False
                wait = self._depart()
                if not (self._look or self._hurry) and wait > 0:
                    await self._sleep(wait)
        finally:
            await self._finish()

    async def _sleep(self, wait: float) -> None:
        if self._next_due is not None:
            wait = min(wait, max(0.01, self._next_due - monotonic()))
            self._look = self._look or self._next_due <= monotonic()
        asked = min(wait, IDLE_SECONDS)
        try:
            async with asyncio.timeout(asked):
                await self._woken.wait()
        except TimeoutError:
            if asked == IDLE_SECONDS or (self._next_due is not None and self._next_due <= monotonic()):
                self._look = True

    def _give_back(self, until: float) -> None:
        """Let go of leases that run out before then: what never left is not of unknown fate."""
        kept = [entry for entry in self._held if entry[3] > until]
        if len(kept) < len(self._held):
            gone = [entry[2] for entry in self._held if entry[3] <= until]
            self._outcomes += [Outcome(row.id, "waiting", untried=True) for row in gone]
            self._bulk -= sum(row.priority > REPLY for row in gone)
            heapify(kept)
            self._held, self._look = kept, True

    async def _recover(self) -> None:
        now = self._clock()
        if count := await self._database.run(lambda tx: outbox.recover(tx, now=now)):
            self._log.warning("leases_ran_out", count=count)
            self._look = True

    async def _settle_and_lease(self) -> None:
        """Write down outcomes and lease the next rows in one transaction."""
        if not self._outcomes and not self._look:
            return
        self._look, self._leasing = False, True
        now, bulk = self._clock(), max(0, self._ahead - self._bulk)

        def unit(tx: Transaction) -> tuple[Leased, datetime | None]:
            rows = self.claim(tx, now, bulk=bulk)
            return rows, None if rows else outbox.next_due(tx, self._channel.name, now=now)

        leasing = asyncio.ensure_future(self._database.run(unit))
        try:
            rows, due = await asyncio.shield(leasing)
        except asyncio.CancelledError:
            self._hold((await leasing)[0])  # leased as the stop came: `_finish` gives it back
            raise
        except Exception:
            self._look = True
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
            wait = max(self._pace.wait_overall(now, reply=reply), self._down_until - now)
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
            task = asyncio.create_task(self._send(row, now))
            self._under_way.add(task)
            task.add_done_callback(self._note_outcome)
        for entry in waiting:
            heappush(self._held, entry)
        self._look = self._look or (self._more and 2 * self._bulk <= self._ahead)
        return shortest

    def _note_outcome(self, task: asyncio.Task[None]) -> None:
        """Have the outcome written down: soon, or with the next turn when that comes first."""
        self._under_way.discard(task)
        if self._hurry:
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

    async def _send(self, row: Outgoing, left: float) -> None:
        try:
            if row.priority > REPLY and not await self._may_leave(row):
                self._look = True  # the next one to this address need not wait for it
                return
            message = fitted(Message.from_json(row.payload), self._channel.can)
            leaving = await self._judge_window(row, message)
            if isinstance(leaving, Outcome):
                self._outcomes.append(leaving)
                self._look = True
                return
            message = leaving = replace(leaving, language=row.language)
            made, file = await self._make(row.id, leaving)
            if not row.repeatable:
                if not await self._departs(row):
                    return
                left = monotonic()
            reference = await self._channel.send(row.address, made, file=file, tracker=row.id)
        except asyncio.CancelledError:
            raise
        except WindowClosed as error:
            await self._close_window(row, error)
        except TemplateRefused as error:
            await self._drop_template(row, message, error=error)
        except SendError as error:
            self._outcomes.append(self._judge_failure(row, error))
            self._hurry = True
        except StoreAway as error:
            self._log.warning("file_not_at_hand", outbox=row.id, told=str(error)[:300])
            until = self._clock() + timedelta(seconds=STORE_SECONDS)
            self._outcomes.append(Outcome(row.id, "waiting", not_before=until, untried=True))
        except Exception as error:
            # a message we cannot even write: nobody else should wait for it
            self._log.error("message_impossible", outbox=row.id, error=repr(error)[:300])
            self._outcomes.append(Outcome(row.id, "failed", reason=Reason.UNMADE, note=type(error).__name__))
        else:
            self._outcomes.append(Outcome(row.id, "sent", reference, second=row.second))
            self._meters.reached(self._channel.name)
        finally:
            self._pace.acknowledged(monotonic(), left=left)

    async def _departs(self, row: Outgoing) -> bool:
        """Write down that it goes into the air; not written, or no longer ours, it does not leave.

        What has arrived is written in the same commit, which narrows what a crash leaves uncertain; it is
        written once more with the next lease, and that changes nothing.
        """
        now = self._clock()

        def unit(tx: Transaction) -> bool:
            arrived = [outcome for outcome in tuple(self._outcomes) if outcome.state == "sent"]
            self._write_down(tx, arrived, now=now)
            return outbox.depart(tx, row, now=now)

        try:
            departs = await self._database.run(unit)
        except Exception as error:
            self._log.error("departure_not_written", outbox=row.id, error=repr(error))
            self._outcomes.append(Outcome(row.id, "waiting", untried=True))
            departs = False
        self._hurry = self._hurry or not departs
        return departs

    async def _judge_window(self, row: Outgoing, message: Message) -> Message | Outcome:
        """Judge by when the person last spoke what may leave: the message, a template in its place, or
        nothing yet.
        """
        now = self._clock()
        if service_window.is_closed(row, self._channel.limits, now=now):
            return await self._database.run(
                lambda tx: service_window.outside(tx, row, message=message, bell=self._hooks.bell, now=now)
            )
        if service_window.is_bell(message):
            return Outcome(row.id, "dropped", reason=Reason.WINDOW)  # the person has opened the talk already
        return message

    async def _close_window(self, row: Outgoing, error: WindowClosed) -> None:
        """Take the platform's word that the window is closed; the message is judged again by that, a
        template not.
        """
        await self._database.run(lambda tx: service_windows.close(tx, row.channel, address=row.address))
        if service_window.is_bell(Message.from_json(row.payload)) or service_window.is_closed(
            row, self._channel.limits, now=self._clock()
        ):
            self._outcomes.append(self._judge_failure(row, error))
        else:
            self._outcomes.append(Outcome(row.id, "waiting", untried=True))
        self._hurry = self._look = True

    async def _drop_template(self, row: Outgoing, message: Message, *, error: TemplateRefused) -> None:
        """Use a template no more that the platform refuses; the message is judged again without it."""
        refused = message.template
        now = self._clock()
        lost = self._hooks.template_lost
        if refused is not None and lost is not None:
            news = TemplateNews(refused.name, refused.language, status=error.status)
            await self._database.run(lambda tx: lost(tx, self._channel.name, news, now))
        self._outcomes.append(Outcome(row.id, "waiting", untried=True))
        self._hurry = self._look = True

    async def _make(self, row: int, message: Message) -> tuple[Message, Path | None]:
        """Make what the message carries; a picture that cannot be made leaves the words that say the same."""
        if message.attachment is None:
            return message, None
        try:
            return message, await self._maker.make(message.attachment)
        except StoreAway:
            raise  # it will be there again: nobody gets half of a message
        except Exception as error:
            if message.attachment.kind != "photo" or not message.text:
                raise
            self._log.warning("picture_not_made", outbox=row, error=repr(error)[:300])
            return replace(message, attachment=None), None

    async def _may_leave(self, row: Outgoing) -> bool:
        """Judge what nobody asked for once more; what has to wait is put off. Announcements are only read."""
        if (judge := self._hooks.judge_departure) is None:
            return True
        now = self._clock()
        run = self._database.read if row.priority == BROADCAST else self._database.run
        departure = await run(lambda tx: judge(tx, row.id, row.priority, now))
        if departure.until is not None:
            self._outcomes.append(Outcome(row.id, "waiting", not_before=departure.until, untried=True))
        return departure.leaves

    def _judge_failure(self, row: Outgoing, error: SendError) -> Outcome:
        now = monotonic()
        if error.retry_after:
            self._pace.throttled(row.address, error.retry_after, now=now)
            self._meters.throttled[self._channel.name] += 1
        if error.down:
            self._down_until = now + DOWN_SECONDS
            self._meters.out_of_reach(self._channel.name)
        failure = Failure(error.retry, error.unknown, error.blocked, error.retry_after, row.unsure)
        decision = decide(
            failure,
            attempts=row.attempts,
            repeatable=row.repeatable,
            now=self._clock(),
            jitter=self._jitter(),
        )
        log = self._log.error if error.down else self._log.warning
        log("send_failed", outbox=row.id, kind=type(error).__name__, then=decision.state, tries=row.attempts)
        return Outcome(
            row.id,
            decision.state,
            not_before=decision.not_before,
            reason=error.reason,
            note=f"{type(error).__name__}: {error}"[:200],
            blocked=error.blocked,
            second=row.second,
            untried=bool(error.retry_after),
        )

    async def _finish(self) -> None:
        """Let what is under way arrive, and write it down; the rest keeps its row."""
        if self._under_way:
            await asyncio.wait(set(self._under_way), timeout=10.0)
        outcomes, self._outcomes = self._outcomes, []
        unsent = [Outcome(row.id, "waiting", untried=True) for _, _, row, _ in self._held]
        if outcomes or unsent:
            now = self._clock()
            await self._database.run(lambda tx: self._write_down(tx, [*outcomes, *unsent], now=now))

    async def idle(self) -> None:
        """Return when nothing is held, under way or unwritten; outcomes are written down at once."""
        while self._held or self._under_way or self._outcomes or self._look or self._leasing:
            if self._later is not None:
                self._later.cancel()
                self._settle_now()
            await asyncio.sleep(0.002)
