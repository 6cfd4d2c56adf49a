"""`rules`: what the data files of a year in use say otherwise than when it was begun with, and taking that
over.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from typing import TYPE_CHECKING

from bot import config
from bot.cli.opened_database import opened
from bot.cli.usage import whole_number
from domain.reading.clean_text import one_line

if TYPE_CHECKING:
    from bot.config import Settings
    from storage.rules_in_use import Change

SHORTEST_REASON = 5  # characters


class RulesRefused(RuntimeError):
    """the change cannot be taken"""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    below = commands.add_parser("rules", help="changes of the data files of a year in use").add_subparsers(
        dest="act", metavar="ACT", required=True
    )
    below.add_parser("changes", help="show what the data files say otherwise than when their year began")
    take = below.add_parser("take", help="let a year follow its changed data files")
    take.add_argument("year", metavar="YEAR", type=whole_number)
    take.add_argument("--reason", required=True, type=one_line, help="kept in the audit")


def run(options: argparse.Namespace) -> int:
    """Show the changes, or take those of a year; raises RulesRefused with one sentence."""
    from storage.engine.presence import refuse_nothing

    settings = config.load()
    refuse_nothing(settings.database)
    if options.act == "changes":
        changes = asyncio.run(_changes(settings))
        for change in changes:
            print(f"{change.rule_year}:", *change.differences, sep="\n  ")
        if not changes:
            print("the data files say what every year in use began with", file=sys.stderr)
        return 0
    if len(options.reason) < SHORTEST_REASON:
        raise RulesRefused('say the reason in a few words: --reason "..."')
    stay = asyncio.run(_taken(settings, options.year, reason=options.reason))
    print(f"taken; {stay} innovations that were handed in stay under what they were made with")
    return 0


async def _changes(settings: Settings) -> list[Change]:
    from bot.startup import packaged_rules, utc_now
    from storage import rules_in_use

    async with opened(settings) as database:
        return await database.run(lambda tx: rules_in_use.changes(tx, packaged_rules(), now=utc_now()))


async def _taken(settings: Settings, year: int, *, reason: str) -> int:
    from bot.startup import packaged_rules, utc_now
    from storage import rules_in_use

    now, rules = utc_now(), packaged_rules()
    async with opened(settings) as database:
        changed = await database.run(lambda tx: rules_in_use.changes(tx, rules, now=now))
        if year not in {change.rule_year for change in changed}:
            raise RulesRefused(f"nothing has changed in the data files of {year}")
        return await database.run(lambda tx: rules_in_use.take(tx, year, rules=rules, reason=reason, now=now))
