"""One replay under way: moment by moment what happens, the real ticks, and what leaves."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from math import inf
from pathlib import Path
from time import monotonic
from typing import Any

from bot import log as logging
from bot.attachments.making import Maker
from bot.channels import Channel
from bot.inbound.turns import Turns
from bot.outbound.broadcast_feeder import Feeder
from bot.outbound.one_message import Hooks, Means
from bot.outbound.sender import RECOVER_SECONDS, Sender
from bot.outbound.senders import Senders
from bot.store.folder import FolderStore
from bot.store.local_copies import LocalCopies
from domain.delivery import Departure
from domain.message import Template
from domain.reading.dates import say_datetime
from domain.templates import filled
from handlers.desk import Desk
from sandbox.replay_events import LEADER, OPENS, TELEGRAM, WHATSAPP, Event, down, events
from sandbox.replay_log import NAMES, ReplayLog, TelegramPhones
from sandbox.replay_pace import ReplayPace
from sandbox.replay_trouble import outages, trouble
from sandbox.replay_whatsapp import WhatsAppPhones
from scheduler.leaving import judge_row
from scheduler.ticks import remind, summarise
from storage import inbox, outbox_counts
from storage.engine.database import Database
from storage.engine.transaction import Transaction

BESIDE = (
    time(7, 55),
    time(8),
    time(10, 5),
    time(11, 30),
    time(13, 30),
    time(16),
    time(22),
)  # looks beside everybody's minute


BOTH = "both"
ON_WHATSAPP = frozenset({"1", "3", "5", "7", "9", LEADER})  # where both channels are replayed
WORDS = "status"  # what people say on WhatsApp before they do something there
_HAPPENS = "INSERT INTO replayed (key) VALUES (?) ON CONFLICT DO NOTHING"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be replayed."""

    seed: int
    days: int
    channels: str = TELEGRAM  # TELEGRAM, WHATSAPP, or BOTH: every second person on each
    beside: bool = False  # another replay runs on the same database
    troubled: bool = False  # outages at any hour, deadlines moved at night, announcements

    def channel_of(self, number: str) -> str:
        """Choose the channel of a person."""
        if self.channels != BOTH:
            return self.channels
        return WHATSAPP if number in ON_WHATSAPP else TELEGRAM


class Replay:
    """One period under one clock."""

    def __init__(
        self, database: Database, desk: Desk, wanted: Wanted, *, whatsapp: WhatsAppPhones | None, drawn: Path
    ) -> None:
        """Draw the life of the offices; `run` lives through it. `drawn` stands for every picture."""
        self.database, self.desk = database, desk
        self.desk_data = desk.desk_data
        self.now = begins_at(desk)
        self.log = ReplayLog(self._say_time)
        self.whatsapp = whatsapp
        self._wanted, self._drawn = wanted, drawn
        self._since = monotonic()  # when the present moment began
        self._events = events(wanted.seed, days=wanted.days, zone=self.desk_data.timezone)
        self._down = [down(days=wanted.days, zone=self.desk_data.timezone)]
        if wanted.troubled:
            self._add_trouble()
        self._telegram = TelegramPhones(self.log.hear)
        self._paces: list[ReplayPace] = []
        channels: dict[str, Channel] = {TELEGRAM: self._telegram}
        if whatsapp is not None:
            channels[WHATSAPP] = whatsapp.channel
        self._senders = Senders({name: self._make_sender(channel) for name, channel in channels.items()})
        self._feeder = Feeder(
            database,
            self.desk_data,
            clock=lambda: self.now,
            rate=30.0,
            wake_sender=self._senders.wake,
            log=logging.logger(),
        )
        self._turns = Turns(desk, channels=channels, sender=self._senders)

    def _add_trouble(self) -> None:
        seed, days = self._wanted.seed, self._wanted.days
        zone = self.desk_data.timezone
        self._down += [(outage.begins, outage.ends) for outage in outages(seed, days=days, zone=zone)]
        self._events = sorted(
            (*self._events, *trouble(seed, days=days, zone=zone)), key=lambda event: (event.at, event.key)
        )

    def _is_down(self) -> bool:
        return any(begins <= self.now < ends for begins, ends in self._down)

    def _say_time(self) -> str:
        local = self.now.astimezone(self.desk_data.timezone)
        return say_datetime(local, "id", zone=local.tzname() or "", weekday=True)

    def seconds(self) -> float:
        """Seconds since 1970 by the replay's clock, which goes on while a moment lasts."""
        return self.now.timestamp() + monotonic() - self._since

    async def run(self) -> str:
        """Live through every day and return the log."""
        if not self._wanted.beside:
            await self._senders.prepare()
        sending = [asyncio.create_task(sender.run()) for sender in self._senders.by_channel.values()]
        if self._wanted.troubled:
            sending.append(asyncio.create_task(self._feeder.run()))
        try:
            for moment in self._list_moments():
                self._turn_clock(moment.astimezone(UTC))
                if self._is_down():
                    continue  # what people wanted to do then happens when it is up again
                await self._happen()
                await self._work()
        finally:
            for task in sending:
                task.cancel()
            await asyncio.wait(sending)
        return self.log.text()

    def _turn_clock(self, to: datetime) -> None:
        self.now, self._since = to, monotonic()
        for pace in self._paces:
            pace.shift = to.timestamp() - self._since

    def _list_moments(self) -> Sequence[datetime]:
        """Every look of every day, and the moment of every event."""
        zone = self.desk_data.timezone
        days = (OPENS + timedelta(days=n) for n in range(self._wanted.days))
        rules, people = self.desk_data.reminders, range(1, len(NAMES) + 1)
        clocks = {rules.slot(OPENS, person, zone).time() for person in people} | set(BESIDE)
        looks = [datetime.combine(day, clock, tzinfo=zone) for day in days for clock in sorted(clocks)]
        ups = [ends for _, ends in self._down]
        return sorted([*looks, *ups, *(event.at for event in self._events)])

    async def _happen(self) -> None:
        """Have people tap and do what is due; who does something on WhatsApp says something there first."""
        for act in self.whatsapp.tap_templates() if self.whatsapp else ():
            self.log.write_act(act)
        while self._events and self._events[0].at <= self.now:
            event = self._events.pop(0)
            if self.whatsapp is not None and self.whatsapp.has(event.by):
                self.log.write_act(self.whatsapp.say(event.by, WORDS))
            said = await self.database.run(self._run_unit(event))
            self.log.write_event(event.key, said or "sudah terjadi")
            if event.blocks:
                self._block(event.blocks)

    def _block(self, number: str) -> None:
        if self.whatsapp is not None and self.whatsapp.has(number):
            self.whatsapp.block(number)
        else:
            self._telegram.blocked.add(number)

    def _run_unit(self, event: Event) -> Callable[[Transaction], str]:
        def unit(tx: Transaction) -> str:
            if tx.execute(_HAPPENS, (event.key,)).rowcount != 1:
                return ""
            return event.deed(tx, self.desk_data, self.now)

        return unit

    async def _work(self) -> None:
        """Let the bot do the work of this moment."""
        await self._take_in()
        await summarise(self.database, self.desk_data, now=self.now)
        await remind(self.database, self.desk_data, now=self.now)
        await self._announce()
        while await self.database.read(outbox_counts.open_count):
            self._senders.wake()
            await self._senders.idle()
            await self._announce()
            if not await self._take_in():
                break
        if self.whatsapp is not None:
            self.log.read_whatsapp(self.whatsapp)
        self.log.arrive()

    async def _announce(self) -> None:
        """Take announcements as far as they go at this moment."""
        if self._wanted.troubled:
            await self._feeder.idle()

    async def _take_in(self) -> int:
        """Take the turns of what the platform has pushed; returns how many items that were."""
        arrivals = self.whatsapp.take_webhooks() if self.whatsapp else []
        if not arrivals:
            return 0
        await self.database.run(lambda tx: inbox.insert(tx, WHATSAPP, arrivals=arrivals, now=self.now))
        while (done := await self.database.run(lambda tx: self._turns.take(tx, now=self.now))).rows:
            self._senders.take(done.outgoing)
        return len(arrivals)

    def _make_sender(self, channel: Channel) -> Sender:
        pace = ReplayPace(channel.rates.overall, channel.rates.chat, channel.rates.burst)
        self._paces.append(pace)
        return Sender(
            Means(
                self.database,
                channel,
                clock=lambda: self.now,
                pace=pace,
                maker=Maker(
                    self.database,
                    copies=LocalCopies(FolderStore(Path("data")), Path("sending")),
                    drawn=Path("drawn"),
                    more={"chart": self._draw_nothing},
                ),
                log=logging.logger(),
                hooks=self._make_hooks(),
            ),
            # to a replay that is days ahead, what the other has just leased looks lost
            recover_seconds=inf if self._wanted.beside else RECOVER_SECONDS,
        )

    def _make_hooks(self) -> Hooks:
        def judged(tx: Transaction, row: int, priority: int, now: datetime) -> Departure:
            return judge_row(tx, self.desk_data, outbox_id=row, priority=priority, now=now)

        def bell(language: str) -> Template:
            return filled(self.desk_data.templates["desk"], language=language)

        def not_arrived(tx: Transaction, row: int, now: datetime) -> None:
            self.desk.not_arrived(tx, row, now=now)

        return Hooks(judge_departure=judged, bell=bell, not_arrived=not_arrived)

    async def _draw_nothing(self, args: Mapping[str, Any]) -> Path:
        """Stand for a picture that nobody looks at here."""
        return self._drawn


def begins_at(desk: Desk) -> datetime:
    """Return the moment a replay starts from."""
    return datetime.combine(OPENS, time(7), tzinfo=desk.desk_data.timezone).astimezone(UTC)
