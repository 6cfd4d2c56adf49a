"""What comes before the first update: the database is filled, the rules are those of the year in use."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime

from domain.desk_data import DeskData
from domain.rules.indicators import load_indicators
from domain.rules.load import load_offices, load_published, load_rules
from handlers.innovation import counting_news
from storage import channels_off, moved_away, office_sums, offices, profile, recounting, rules_in_use
from storage.engine.database import Database
from storage.engine.transaction import Transaction

DIFFERENCES_TOLD = 3


class StartRefused(RuntimeError):
    """the bot cannot start"""


def utc_now() -> datetime:
    """The machine's clock, as every part of a running bot is given it."""
    return datetime.now(UTC)


async def prepare(database: Database, *, now: datetime) -> None:
    """Give a new database the packaged list of offices, and the results that were published before it
    began; raises StartRefused where the desk has moved to another database.
    """

    gone = await database.read(moved_away.moved_to)
    if gone is not None:
        raise StartRefused(
            f"this desk has moved, at {gone.at}; set DESK_DATABASE_URL={gone.address}, where it is now"
        )

    def unit(tx: Transaction) -> None:
        if offices.is_empty(tx):
            offices.upsert(tx, load_offices())
        profile.publish_packaged(tx, load_published(), now=now)

    await database.run(unit)


async def keep_channels_off(database: Database, off: Collection[str]) -> None:
    """Keep which channels are off in this run: whoever has no address elsewhere is out of reach until they
    are on again.
    """
    await database.run(lambda tx: channels_off.keep(tx, off))


def packaged_rules() -> rules_in_use.Rules:
    """Read what moves the index, by rule year, as the data files have it now."""
    indicators = load_indicators()
    return {year: (rule, indicators[year]) for year, rule in load_rules().items() if year in indicators}


async def refuse_changed_rules(database: Database, *, now: datetime) -> None:
    """Raise StartRefused where a data file of a year in use moves the index otherwise than it did (F88)."""
    rules = packaged_rules()
    changed = await database.run(lambda tx: rules_in_use.changes(tx, rules, now=now))
    if not changed:
        return
    raise StartRefused(say_changed(changed[0]))


def say_changed(change: rules_in_use.Change) -> str:
    """Say what has changed in a year in use, and the two ways on."""
    year, more = change.rule_year, len(change.differences) - DIFFERENCES_TOLD
    differences = "; ".join(change.differences[:DIFFERENCES_TOLD]) + (
        f"; and {more} more" if more > 0 else ""
    )
    return (
        f"the data files of {year} have changed while the year is in use "
        f"({differences}); put them back, or take"
        f' the change: desk-inovasi rules take {year} --reason "..."'
    )


async def adopt_rules(database: Database, desk_data: DeskData, *, now: datetime) -> None:
    """Let the sums follow the rules of counting as the data files have them now; who is concerned is told."""
    rules = {year: desk_data.counting_rule(year, None) for year in desk_data.rules}

    def unit(tx: Transaction) -> None:
        for number in recounting.adopt(tx, rules, now=now):
            if (entry := office_sums.entry(tx, number)) is not None:
                counting_news.tell(tx, desk_data, entry=entry, now=now)

    await database.run(unit)
