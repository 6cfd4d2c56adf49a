"""`offices import` and `contacts import`: the whole list is checked first, good rows go in, the others are
named.
"""

from __future__ import annotations

import argparse
import asyncio
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from bot import config
from bot.cli.opened_database import opened

if TYPE_CHECKING:
    from bot.config import Settings
    from domain.importing.check import Checked, Known
    from domain.importing.headings import Listing
    from domain.texts import Say
    from storage.engine.transaction import Transaction

ROWS_TOLD = 10  # hidden rows that are named


class ImportRefused(RuntimeError):
    """the list, or some rows of it, cannot be taken"""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    for what, description in (
        ("offices", "the list of offices"),
        ("contacts", "the list of people and their numbers"),
    ):
        below = commands.add_parser(what, help=description).add_subparsers(
            dest="act", metavar="ACT", required=True
        )
        take = below.add_parser("import", help=f"take in {description} from a spreadsheet")
        take.add_argument(
            "file", metavar="FILE", type=Path, help=".xlsx or .csv with headings, at most 2,000 rows"
        )
        take.add_argument("--dry-run", action="store_true", help="check and show, write nothing")
        take.add_argument(
            "--hidden", choices=["take", "leave"], help="what to do with hidden rows, if there are any"
        )


def run(options: argparse.Namespace) -> int:
    """Check a list and take it in; raises ImportRefused when rows were not taken, with one sentence."""
    from handlers.words import load_words

    say = load_words().in_("en")
    listing = read(options.file, options.command, say=say)
    if listing.hidden and options.hidden is None:
        raise ImportRefused(
            f"{_ask_hidden_rows(listing)} hidden in the spreadsheet; say --hidden take or --hidden leave"
        )
    checked = asyncio.run(
        _check_and_write(config.load(), listing, hidden=options.hidden == "take", dry_run=options.dry_run)
    )
    print(*lines(checked, say), sep="\n")
    if checked.faults and options.dry_run:
        raise ImportRefused(f"{_count_rows(checked)} cannot be taken; nothing was written")
    if checked.faults:
        raise ImportRefused(f"{_count_rows(checked)} not taken, for the reasons above")
    if options.dry_run:
        print("nothing was written")
    return 0


def _count_rows(checked: Checked) -> str:
    count = len(checked.faults)
    return "1 row" if count == 1 else f"{count} rows"


def read(path: Path, kind: str, *, say: Say) -> Listing:
    """Read the list of a kind out of a file; raises ImportRefused in terms of what was found."""
    from bot.lists.reading import read_list
    from domain.importing.headings import ListKind, find_list
    from domain.importing.list_sheets import ListRefused

    try:
        return find_list(read_list(path, name=path.name), (ListKind(kind),))
    except ListRefused as refused:
        refusal = say(f"importing.refused_{refused.reason}", **refused.params)
        raise ImportRefused(f"{path.name}: {refusal}") from refused


def _ask_hidden_rows(listing: Listing) -> str:
    shown = ", ".join(map(str, listing.hidden[:ROWS_TOLD]))
    more = f" and {len(listing.hidden) - ROWS_TOLD} more" if len(listing.hidden) > ROWS_TOLD else ""
    return f"row {shown} is" if len(listing.hidden) == 1 else f"rows {shown}{more} are"


async def _check_and_write(settings: Settings, listing: Listing, *, hidden: bool, dry_run: bool) -> Checked:
    """Check a list beside the writer, and write it as long as nothing has changed in the meantime."""
    from bot.startup import utc_now
    from domain.importing.check import check
    from storage import lists

    async with opened(settings) as database:
        while True:
            known = await database.read(lists.known)
            checked = check(listing, known, hidden=hidden)
            write = partial(_write, checked=checked, known=known, now=utc_now())
            if dry_run or await database.run(write):
                return checked


def _write(tx: Transaction, *, checked: Checked, known: Known, now: datetime) -> bool:
    """Write a list unless what it was compared with is no longer so."""
    from storage import lists

    if lists.known(tx) != known:
        return False
    lists.take_in(tx, checked, by=None, now=now)
    return True


def lines(checked: Checked, say: Say) -> list[str]:
    """Say where the list was found, which rows cannot be taken and why, and the counts."""
    from domain.importing.check import counted, placed

    where = placed(say, checked.listing)
    sentences = [where] if where else []
    if checked.skipped:
        sentences.append(say("importing.hidden_left", count=checked.skipped))
    sentences += [
        say("importing.row", number=fault.line.number, told=fault.said(say)) for fault in checked.faults
    ]
    return [*map(str, sentences), str(counted(say, checked))]
