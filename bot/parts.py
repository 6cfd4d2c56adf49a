"""Builds the parts of a running bot; starts none of them."""

from __future__ import annotations

import random
import secrets
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import overload

from bot.attachments.broadcast_results import Results
from bot.attachments.drawing import Drawing, Draws
from bot.attachments.making import Make, Maker
from bot.attachments.my_data import MyData
from bot.attachments.text_sheet import TextSheets
from bot.backup.nightly import Nightly
from bot.channels import Channel
from bot.config import Settings
from bot.exporting.queue import Exporter, ExportMeans, Finished, MakeExport, make_apart
from bot.health import MeasureDisk
from bot.inbound.dispatcher import IDLE_SECONDS, SHARED_IDLE_SECONDS, Dispatcher, Looker, TurnMeans
from bot.inbound.files import Fetcher, FetchMeans
from bot.inbound.flood import Flood
from bot.inbound.inspector import Inspector, Inspects
from bot.inbound.intake import Poller
from bot.inbound.links import Links
from bot.inbound.strangers import Strangers
from bot.lists.reading import ReadsLists, read_list
from bot.meters import Meters
from bot.outbound.broadcast_feeder import Feeder
from bot.outbound.one_message import Hooks, Means
from bot.outbound.pace import Pace
from bot.outbound.sender import Sender
from bot.outbound.senders import Senders
from bot.store.contract import FileStore
from bot.store.local_copies import LocalCopies
from bot.store.removing import Remover
from bot.waits import WAITS, Waits
from domain.channel_facts import ChannelFacts
from domain.delivery import Departure
from domain.event_log import EventLog
from domain.message import Template
from domain.rules.indicators import IndicatorSet
from domain.templates import TemplateNews, filled
from handlers.assembly import Installation, build
from handlers.desk import Desk
from scheduler.leaving import judge_row
from scheduler.ticks import Scheduler
from storage.engine.database import Database
from storage.engine.site import Server
from storage.engine.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Helpers:
    """What a bot has around it. Who inspects, draws, exports and opens lists beside it are processes of their
    own, unless given.
    """

    inspector: Callable[[], Inspects] = Inspector
    drawing: Callable[[], Draws] = Drawing
    export: MakeExport = make_apart
    read_list: ReadsLists = read_list
    measure_disk: MeasureDisk = shutil.disk_usage
    waits: Waits = WAITS


APART = Helpers()


@dataclass(frozen=True, slots=True)
class SharedParts:
    """What every part of the process is built with."""

    settings: Settings
    database: Database
    channels: Mapping[str, Channel]  # by name
    desk: Desk
    clock: Callable[[], datetime]
    log: EventLog
    store: FileStore
    helpers: Helpers = APART
    meters: Meters = field(default_factory=Meters)


class PresentFacts(Sequence[ChannelFacts]):
    """What the desk may know of the channels, as it is now: one that opens late has its link from then on."""

    def __init__(self, channels: Mapping[str, Channel]) -> None:
        self._channels = tuple(channels.values())

    def __len__(self) -> int:
        return len(self._channels)

    @overload
    def __getitem__(self, position: int) -> ChannelFacts: ...

    @overload
    def __getitem__(self, position: slice) -> Sequence[ChannelFacts]: ...

    def __getitem__(self, position: int | slice) -> ChannelFacts | Sequence[ChannelFacts]:
        if isinstance(position, slice):
            return [self[number] for number in range(*position.indices(len(self)))]
        channel = self._channels[position]
        return ChannelFacts(
            channel.name,
            channel.title,
            channel.link,
            channel.limits.window_seconds,
            tells_arrival=channel.can.statuses,
        )


def build_desk(
    settings: Settings,
    channels: Mapping[str, Channel],
    *,
    editions: Mapping[int, IndicatorSet],
    new_code: Callable[[], str] | None,
) -> Desk:
    """Read the packaged data."""
    return build(
        timezone=settings.timezone,
        language=settings.language,
        installation=Installation(
            settings.contact, settings.retention_days, PresentFacts(channels), editions
        ),
        new_code=new_code,
    )


def build_maker(shared: SharedParts) -> Maker:
    """Build what makes pictures and files as they are sent."""
    data_dir = shared.settings.data_dir
    copies = LocalCopies(shared.store, data_dir / "sending")
    return Maker(
        shared.database,
        copies=copies,
        drawn=data_dir / "drawn",
        more=_make_makers(shared, copies),
        drawing=shared.helpers.drawing(),
    )


def _make_makers(shared: SharedParts, copies: LocalCopies) -> Mapping[str, Make]:
    """Name who makes each kind of attachment that is no picture."""
    database, desk_data = shared.database, shared.desk.desk_data
    made = shared.settings.data_dir / "made"
    results = Results(
        database,
        desk_data.words,
        zone=desk_data.timezone,
        folder=made,
        new_name=_choose_name,
        channels=desk_data.channels,
    )
    sheets = TextSheets(folder=made, new_name=_choose_name)
    return {
        "broadcast": results.make,
        "my_data": MyData(database, folder=made, new_name=_choose_name).make,
        "export": Finished(database, copies).find,
        "text_sheet": sheets.make,
        "faulty_rows": sheets.make,  # of messages that an earlier version has queued
    }


def build_senders(shared: SharedParts, maker: Maker) -> Senders:
    """Build a sender for each channel; reminders are judged once more before they leave."""
    hooks = _make_hooks(shared)
    return Senders(
        {
            name: Sender(
                Means(
                    shared.database,
                    channel,
                    clock=shared.clock,
                    pace=Pace(channel.rates.overall, channel.rates.chat, channel.rates.burst),
                    maker=maker,
                    log=shared.log,
                    meters=shared.meters,
                    jitter=random.random,
                    hooks=hooks,
                )
            )
            for name, channel in shared.channels.items()
        }
    )


def _make_hooks(shared: SharedParts) -> Hooks:
    """Have the desk asked whether a message still holds, and told what became of it."""
    desk = shared.desk

    def still_holds(tx: Transaction, outbox_id: int, priority: int, now: datetime) -> Departure:
        return judge_row(tx, desk.desk_data, outbox_id=outbox_id, priority=priority, now=now)

    def bell(language: str) -> Template:
        return filled(desk.desk_data.templates["desk"], language=language)

    def template_lost(tx: Transaction, channel: str, news: TemplateNews, now: datetime) -> None:
        desk.template_told(tx, channel, news=news, now=now)

    def not_arrived(tx: Transaction, outbox_id: int, now: datetime) -> None:
        desk.not_arrived(tx, outbox_id, now=now)

    return Hooks(still_holds, bell, template_lost, not_arrived)


def build_fetcher(shared: SharedParts) -> Fetcher:
    """Build what brings evidence."""
    return Fetcher(
        FetchMeans(
            shared.database,
            shared.channels,
            store=shared.store,
            incoming=shared.settings.incoming_dir,
            clock=shared.clock,
            new_name=_choose_name,
            log=shared.log,
            inspector=shared.helpers.inspector(),
            read_list=shared.helpers.read_list,
        )
    )


def build_dispatcher(
    shared: SharedParts, *, senders: Senders, fetcher: Fetcher, links: Looker | None
) -> Dispatcher:
    """Build what takes turns; links are looked at the internet's way unless `links` is given."""
    return Dispatcher(
        TurnMeans(
            shared.database,
            shared.desk,
            clock=shared.clock,
            channels=shared.channels,
            sender=senders,
            fetcher=fetcher,
            links=links or Links(seconds=shared.settings.link_seconds),
            flood=Flood(shared.settings.person_rate),
            strangers=Strangers(
                {name: channel.rates.overall for name, channel in shared.channels.items()},
                person_rate=shared.settings.person_rate,
            ),
            idle_seconds=SHARED_IDLE_SECONDS
            if isinstance(shared.settings.database, Server)
            else IDLE_SECONDS,
            log=shared.log,
            meters=shared.meters,
        )
    )


def build_exporter(shared: SharedParts, *, wake: Callable[[], None]) -> Exporter:
    """Build what makes exports; `wake` tells the senders that one is there."""
    return Exporter(
        ExportMeans(
            shared.database,
            site=shared.settings.database,
            store=shared.store,
            making=shared.settings.data_dir / "making",
            words=shared.desk.desk_data.words,
            timezone=shared.settings.timezone,
            clock=shared.clock,
            wake=wake,
            log=shared.log,
            make=shared.helpers.export,
        )
    )


def build_remover(shared: SharedParts) -> Remover:
    """Build what removes files whose time has come."""
    return Remover(shared.database, shared.store, clock=shared.clock, log=shared.log)


def build_nightly(shared: SharedParts, *, wake: Callable[[], None]) -> Nightly:
    """Build what makes the nightly backup."""
    return Nightly(
        shared.database,
        shared.settings,
        words=shared.desk.desk_data.words,
        clock=shared.clock,
        wake=wake,
        log=shared.log,
    )


def build_feeder(shared: SharedParts, *, wake: Callable[[], None]) -> Feeder:
    """Build what feeds announcements, as fast as all channels together take them."""
    rate = sum(channel.rates.overall for channel in shared.channels.values())
    desk_data = shared.desk.desk_data
    return Feeder(shared.database, desk_data, clock=shared.clock, rate=rate, wake_sender=wake, log=shared.log)


def build_scheduler(shared: SharedParts, *, wake: Callable[[], None]) -> Scheduler:
    """Build what looks at the clock."""
    return Scheduler(
        shared.database,
        shared.desk.desk_data,
        clock=shared.clock,
        wake=wake,
        log=shared.log,
        done=shared.meters.ticks,
    )


def build_pollers(shared: SharedParts, dispatcher: Dispatcher) -> Mapping[str, Poller]:
    """Build what fetches updates, for each channel whose updates are not pushed."""
    return {
        name: Poller(
            shared.database,
            channel,
            take_in=dispatcher.take_in,
            log=shared.log,
            meters=shared.meters,
            waits=shared.helpers.waits,
        )
        for name, channel in shared.channels.items()
        if channel.polls
    }


def _choose_name() -> str:
    return secrets.token_hex(16)
