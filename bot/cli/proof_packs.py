"""`proof`: a folder for an auditor, with a verifier that needs nothing of ours."""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from bot import config
from bot.cli import terminal
from bot.cli.opened_database import opened
from bot.cli.usage import whole_number
from bot.proof.pack import Made, Wanted, write
from bot.startup import utc_now
from bot.store.opening import open_store
from storage.engine.presence import refuse_nothing

if TYPE_CHECKING:
    from bot.config import Settings
    from storage.engine.transaction import Transaction

READ_SECONDS = 3600.0  # nobody waits for it, it reads beside the writer


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command and what it takes."""
    parser = commands.add_parser("proof", help="write the proof pack for an auditor")
    parser.add_argument("-o", dest="out", metavar="FOLDER", required=True, help="a new folder")
    parser.add_argument("--year", type=whole_number, metavar="YEAR", help="of one period; all when left out")
    parser.add_argument(
        "--names", action="store_true", help="with the names of people, where the law asks for them"
    )


def run(options: argparse.Namespace) -> int:
    """Write the pack and print its seal; raises ProofRefused with one sentence."""
    settings = config.load()
    refuse_nothing(settings.database)
    with terminal.progress() as tell:
        made = asyncio.run(_write(settings, options, tell=tell))
    for sha256 in made.missing:
        print(f"missing on the disk, and so in the pack: evidence with the hash {sha256}", file=sys.stderr)
    print(
        f"written to {options.out}: {made.files} files, {made.audit_rows} rows of the audit", file=sys.stderr
    )
    print(f"Seal: {made.seal}")
    return 0


async def _write(settings: Settings, options: argparse.Namespace, *, tell: terminal.Tell) -> Made:
    """Write the pack from one state, then note its seal in the audit: the next pack is compared with it."""
    from storage import audit

    now = utc_now()

    def unit(tx: Transaction) -> Made:
        return write(
            tx,
            Path(options.out),
            store=open_store(settings.store_site),
            wanted=Wanted(year=options.year, names=options.names),
            now=now,
            progress=lambda done, count: tell("files", done, count),
        )

    async with opened(settings) as database:
        made = await database.read(unit, seconds=READ_SECONDS)
        await database.run(
            lambda tx: audit.record(
                tx,
                "proof.made",
                now=now,
                seal=made.seal,
                rows=made.audit_rows,
                audit_head=made.audit_head,
                names=options.names,
            )
        )
    return made
