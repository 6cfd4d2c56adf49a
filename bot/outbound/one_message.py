"""Sends one message: judged once more, made, written down as gone, and what became of it noted."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from time import monotonic

from bot.attachments.making import Maker
from bot.channels import Channel, SendError, TemplateRefused, WindowClosed
from bot.channels.fitting import fitted
from bot.meters import Meters
from bot.outbound import service_window
from bot.outbound.pace import Pace
from bot.store.contract import StoreAway
from domain.delivery import Departure, Failure, Reason, decide
from domain.event_log import EventLog, where
from domain.message import Message, Template
from domain.templates import TemplateNews
from storage import outbox_leases, outbox_outcomes, recipients, service_windows
from storage.engine.database import Database
from storage.engine.each_apart import CostTransaction, for_each
from storage.engine.transaction import Transaction
from storage.outbox import BROADCAST, REPLY
from storage.outbox_leases import Outgoing
from storage.outbox_outcomes import Outcome

TemplateLost = Callable[[Transaction, str, TemplateNews, datetime], None]  # the str is the channel

NotFollowed = tuple[tuple[Outcome, Exception], ...]  # each with what was raised

JudgeDeparture = Callable[[Transaction, int, int, datetime], Departure]  # outbox row, its priority

STORE_SECONDS = 30.0  # before a message whose file the store does not give is tried again
DOWN_SECONDS = 30.0  # pause when the channel refuses our token
# before what may have arrived is repeated, where the platform tells later what became of it: most of that
# comes within a second or two, and the person behind it must not wait long
STATUS_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class Hooks:
    """What others decide, or hear, about messages on their way."""

    # the last look at what nobody asked for; it puts off, or takes back what holds no more
    judge_departure: JudgeDeparture | None = None
    bell: Callable[[str], Template] | None = None  # for what has no template of its own
    template_lost: TemplateLost | None = None  # when the platform refuses one
    not_arrived: Callable[[Transaction, int, datetime], None] | None = None  # tries another way


@dataclass(frozen=True, slots=True)
class Means:
    """What sending on one channel needs."""

    database: Database
    channel: Channel
    clock: Callable[[], datetime]
    pace: Pace
    maker: Maker
    log: EventLog
    meters: Meters = field(default_factory=Meters)
    jitter: Callable[[], float] = lambda: 0.0
    hooks: Hooks = field(default_factory=Hooks)


@dataclass(slots=True)
class Account:
    """What sending leaves to the loop of the sender: outcomes to write down, and what to do soon."""

    outcomes: list[Outcome] = field(default_factory=list)
    look: bool = True  # there may be rows to lease
    hurry: bool = False  # an outcome must not wait for the next turn
    down_until: float = 0.0  # the channel refuses our token (monotonic)


class Sending:
    """Sends messages on one channel, each by itself."""

    def __init__(self, means: Means, *, account: Account) -> None:
        self._database, self._channel = means.database, means.channel
        self._clock = means.clock
        self._pace = means.pace
        self._maker = means.maker
        self._log = means.log
        self._meters = means.meters
        self._jitter = means.jitter
        self._hooks = means.hooks
        self._account = account
        self._costly: dict[int, Exception] = {}  # by outbox row: what followed of it undid a transaction

    def write_down(self, tx: Transaction, outcomes: Sequence[Outcome], *, now: datetime) -> NotFollowed:
        """Settle messages; what is lost here may go another way, and what did so raises its recipient.

        What follows of one and cannot be done keeps no outcome from being written down: nothing would be
        sent any more. Returns these outcomes for `log_not_followed` once the commit is kept: a unit may run
        twice, or be undone. Raises CostTransaction where one of them undid everything: the next time nothing
        is done that follows of it.
        """
        outbox_outcomes.settle(tx, outcomes, now=now)
        lost = [outcome for outcome in outcomes if outcome.second or outcome.state in ("failed", "dropped")]
        costly = [(outcome, self._costly[outcome.id]) for outcome in lost if outcome.id in self._costly]
        others = [outcome for outcome in lost if outcome.id not in self._costly]
        try:
            return (*costly, *for_each(tx, others, work=partial(self._follow, now=now)))
        except CostTransaction as error:
            if isinstance(error.item, Outcome):
                self._costly[error.item.id] = error.error
            raise

    async def write_down_all(self, outcomes: Sequence[Outcome], *, now: datetime) -> None:
        """Write down outcomes in a commit of their own, as often as it takes to know what undoes it."""
        while True:
            with suppress(CostTransaction):
                unit = partial(self.write_down, outcomes=outcomes, now=now)
                return self.log_not_followed(await self._database.run(unit))

    def log_not_followed(self, outcomes: NotFollowed) -> None:
        """Log outcomes that are written down and from which nothing could follow."""
        for outcome, error in outcomes:
            self._costly.pop(outcome.id, None)
            self._log.error("outcome_not_followed", outbox=outcome.id, **where(error))

    def _follow(self, tx: Transaction, outcome: Outcome, *, now: datetime) -> None:
        if outcome.state in ("failed", "dropped") and self._hooks.not_arrived is not None:
            self._hooks.not_arrived(tx, outcome.id, now)
        if outcome.second:
            recipients.follow(tx, outcome.id, now=now)

    async def send(self, row: Outgoing, left: float) -> None:
        """Send it, and note what became of it; `left` is when the pace let it go (monotonic)."""
        message: Message | None = None
        try:
            message = await self._choose(row)
            if message is None:
                return
            made, file = await self._make(row.id, message)
            if not row.repeatable or row.unsure:
                if not await self._departs(row):
                    return
                left = monotonic()
            reference = await self._channel.send(row.address, made, file=file, tracker=row.id)
        except asyncio.CancelledError:
            raise
        except WindowClosed as error:
            await self._close_window(row, error)
        except TemplateRefused as error:
            await self._drop_template(message.template if message else None, row, error=error)
        except SendError as error:
            self._account.outcomes.append(self._judge_failure(row, error))
            self._account.hurry = True
        except Exception as error:
            self._account.outcomes.append(self._judge_unmade(row, error))
        else:
            self._account.outcomes.append(row.outcome("sent", message_ref=reference, second=row.second))
            self._meters.reached(self._channel.name)
            self._pace.taken(row.address)
        finally:
            self._pace.acknowledged(monotonic(), left=left)

    async def _choose(self, row: Outgoing) -> Message | None:
        """Choose what leaves: the message, or a template in its place; None when nothing does now."""
        if row.priority > REPLY and not await self._may_leave(row):
            self._account.look = True  # the next one to this address need not wait for it
            return None
        message = Message.from_json(row.payload, language=row.language)
        leaving = await self._judge_window(row, fitted(message, self._channel.can))
        if isinstance(leaving, Message):
            return leaving
        if leaving is not None:
            self._account.outcomes.append(leaving)
        self._account.look = True
        return None

    def _judge_unmade(self, row: Outgoing, error: Exception) -> Outcome:
        """Judge what was not sent at all: it waits for the store of its file, or cannot be written."""
        if isinstance(error, StoreAway):
            self._log.warning("file_not_at_hand", outbox=row.id, told=str(error)[:300])
            until = self._clock() + timedelta(seconds=STORE_SECONDS)
            return row.outcome("waiting", not_before=until, untried=True)
        # a message we cannot even write: nobody else should wait for it
        self._log.error("message_impossible", outbox=row.id, error=repr(error)[:300])
        return row.outcome("failed", reason=Reason.UNMADE, note=type(error).__name__)

    async def _departs(self, row: Outgoing) -> bool:
        """Write down that it goes into the air; not written, or no longer ours, it does not leave.

        What has arrived is written in the same commit, which narrows what a crash leaves uncertain; it is
        written once more with the next lease, and that changes nothing.
        """
        now = self._clock()

        def unit(tx: Transaction) -> tuple[bool, NotFollowed]:
            arrived = [outcome for outcome in tuple(self._account.outcomes) if outcome.state == "sent"]
            not_followed = self.write_down(tx, arrived, now=now)
            return outbox_leases.depart(tx, row, now=now), not_followed

        try:
            departs, not_followed = await self._database.run(unit)
            self.log_not_followed(not_followed)
        except Exception as error:
            self._log.error("departure_not_written", outbox=row.id, error=repr(error))
            self._account.outcomes.append(row.outcome("waiting", untried=True))
            departs = False
        self._account.hurry = self._account.hurry or not departs
        return departs

    async def _judge_window(self, row: Outgoing, message: Message) -> Message | Outcome | None:
        """Judge by when the person last spoke what may leave: the message, a template in its place, or
        nothing yet.
        """
        now, limits = self._clock(), self._channel.limits
        bell = self._hooks.bell
        if not service_window.is_closed(row, limits, now=now):
            return service_window.inside(row, message)
        return await self._database.run(
            lambda tx: service_window.judge(tx, row, message=message, bell=bell, limits=limits, now=now)
        )

    async def _close_window(self, row: Outgoing, error: WindowClosed) -> None:
        """Take the platform's word that the window is closed; the message is judged again by that, a
        template not.
        """
        await self._database.run(
            lambda tx: service_windows.close(tx, row.channel, address=row.address, leased_at=row.leased_at)
        )
        if service_window.is_bell(Message.from_json(row.payload)) or service_window.is_closed(
            row, self._channel.limits, now=self._clock()
        ):
            self._account.outcomes.append(self._judge_failure(row, error))
        else:
            self._account.outcomes.append(row.outcome("waiting", untried=True))
        self._account.hurry = self._account.look = True

    async def _drop_template(
        self, refused: Template | None, row: Outgoing, *, error: TemplateRefused
    ) -> None:
        """Use a template no more that the platform refuses; the message is judged again without it."""
        now = self._clock()
        lost = self._hooks.template_lost
        if refused is not None and lost is not None:
            news = TemplateNews(refused.name, refused.language, status=error.status)
            await self._database.run(lambda tx: lost(tx, self._channel.name, news, now))
        self._account.outcomes.append(row.outcome("waiting", untried=True))
        self._account.hurry = self._account.look = True

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
            self._account.outcomes.append(row.outcome("waiting", not_before=departure.until, untried=True))
        return departure.leaves

    def _hold_back(self, row: Outgoing, error: SendError) -> float:
        """Hold back what the platform wants held back; returns for how many seconds it does this chat."""
        now, pause = monotonic(), 0.0
        if error.retry_after:
            pause = self._pace.throttled(
                row.address, error.retry_after, now=now, holds=error.holds, grows=error.grows
            )
            self._meters.throttled[self._channel.name] += 1
        if error.down:
            self._account.down_until = now + DOWN_SECONDS
            self._meters.out_of_reach(self._channel.name)
        return pause

    def _describe(self, error: SendError, row: Outgoing, *, pause: float) -> Failure:
        told_within = STATUS_SECONDS if self._channel.can.statuses else 0.0
        return Failure(error.retry, error.unknown, error.blocked, pause, row.unsure, told_within)

    def _judge_failure(self, row: Outgoing, error: SendError) -> Outcome:
        failure = self._describe(error, row, pause=self._hold_back(row, error))
        decision = decide(
            failure,
            attempts=row.attempts,
            repeatable=row.repeatable,
            now=self._clock(),
            jitter=self._jitter(),
        )
        if decision.state == "waiting" and not error.retry_after:
            self._meters.retries[self._channel.name] += 1
        log = self._log.error if error.down else self._log.warning
        log("send_failed", outbox=row.id, kind=type(error).__name__, then=decision.state, tries=row.attempts)
        return row.outcome(
            decision.state,
            not_before=decision.not_before,
            reason=error.reason,
            unsure=error.unknown,
            note=f"{type(error).__name__}: {error}"[:200],
            blocked=error.blocked,
            second=row.second,
            untried=bool(error.retry_after),
        )
