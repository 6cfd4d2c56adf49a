"""What comes before the first update: the folder is ours, the database is filled, the platforms answer."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from itertools import chain, repeat

from bot.channels import Channel, SendError
from domain.desk_data import DeskData
from domain.event_log import EventLog
from domain.rules.load import load_offices, load_published
from handlers.innovation import counting_news
from storage import moved, office_sums, offices, profile, recounting, rules_in_use
from storage.engine.database import Database
from storage.engine.transaction import Transaction

DIFFERENCES_TOLD = 3
CONNECT_TRIES_SECONDS = (0.5, 1, 2, 4, 8, 15, 30)  # the last is repeated


class StartRefused(RuntimeError):
    """the bot cannot start"""


def utc_now() -> datetime:
    """The machine's clock, as every part of a running bot is given it."""
    return datetime.now(UTC)


async def prepare(database: Database, *, now: datetime) -> None:
    """Give a new database the packaged list of offices, and the results that were published before it
    began; raises StartRefused where the desk has moved to another database.
    """

    gone = await database.read(moved.moved_to)
    if gone is not None:
        raise StartRefused(
            f"this desk has moved, at {gone.at}; set DESK_DATABASE_URL={gone.address}, where it is now"
        )

    def unit(tx: Transaction) -> None:
        if offices.is_empty(tx):
            offices.upsert(tx, load_offices())
        profile.publish_packaged(tx, load_published(), now=now)

    await database.run(unit)


async def refuse_changed_rules(database: Database, desk_data: DeskData, *, now: datetime) -> None:
    """Raise StartRefused where a data file of a year in use moves the index otherwise than it did (F88)."""
    changed = await database.run(lambda tx: rules_in_use.changes(tx, desk_data.deciding_rules, now=now))
    if not changed:
        return
    first, more = changed[0], len(changed[0].differences) - DIFFERENCES_TOLD
    differences = "; ".join(first.differences[:DIFFERENCES_TOLD]) + (f"; and {more} more" if more > 0 else "")
    raise StartRefused(
        f"the data files of {first.rule_year} have changed while the year is in use "
        f"({differences}); put them back, or take"
        f' the change: desk-inovasi rules take {first.rule_year} --reason "..."'
    )


async def adopt_rules(database: Database, desk_data: DeskData, *, now: datetime) -> None:
    """Let the sums follow the rules of counting as the data files have them now; who is concerned is told."""
    rules = {year: desk_data.counting_rule(year, None) for year in desk_data.rules}

    def unit(tx: Transaction) -> None:
        for number in recounting.adopt(tx, rules, now=now):
            if (entry := office_sums.entry(tx, number)) is not None:
                counting_news.tell(tx, desk_data, entry=entry, now=now)

    await database.run(unit)


async def connect(channel: Channel, *, log: EventLog) -> None:
    """Open a channel, however long its platform is away; raises StartRefused when it refuses us."""
    await _insist(channel, channel.open, setting=channel.token_setting, log=log)


async def subscribe(channel: Channel, *, log: EventLog) -> None:
    """Have a channel's updates pushed to us; raises StartRefused when the platform does not take our
    address.
    """
    await _insist(channel, channel.subscribe, setting=channel.webhook_setting, log=log)


async def _insist(
    channel: Channel, call: Callable[[], Awaitable[None]], *, setting: str, log: EventLog
) -> None:
    """Call the platform; one that cannot be reached is waited for, one that refuses the setting ends the
    start.
    """
    for wait in chain(CONNECT_TRIES_SECONDS, repeat(CONNECT_TRIES_SECONDS[-1])):
        try:
            return await call()
        except SendError as error:
            if error.down or not error.retry:
                raise StartRefused(f"{channel.title} refuses {setting}: {error}") from None
            log.warning("platform_unreachable", channel=channel.name, kind=type(error).__name__, wait=wait)
            await asyncio.sleep(max(wait, error.retry_after))
