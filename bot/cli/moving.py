"""`move`: a desk from SQLite to PostgreSQL or back, every row compared; the old database stays, marked."""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from bot import config
from bot.cli import terminal
from bot.ownership import owned
from storage.engine.site import Server, Site, site_from

if TYPE_CHECKING:
    from bot.config import Settings
    from storage.engine.all_rows import Marks
    from storage.engine.carrying import Progress
    from storage.engine.engine_contract import Opening


class MoveRefused(RuntimeError):
    """the desk cannot be moved"""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command and what it takes."""
    parser = commands.add_parser("move", help="move a desk between SQLite and PostgreSQL, rows compared")
    parser.add_argument(
        "--to", metavar="URL", required=True, help="postgresql://…[?schema=…] or sqlite:///FILE, still empty"
    )


def run(options: argparse.Namespace) -> int:
    """Move the desk; raises MoveRefused, OwnedElsewhere, DatabaseRefused or RowsDiffer with one sentence."""
    settings = config.load()
    target = _read_target(options.to)
    with owned(settings) as opening, terminal.progress() as tell:
        moving = move(
            settings, target, opening=opening, progress=lambda done, count: tell("tables", done, count)
        )
        marks = asyncio.run(moving)
    rows = sum(mark.rows for mark in marks.values())
    print(f"{rows} rows of {len(marks)} tables are the same in both", file=sys.stderr)
    print(f"{settings.database} stays as it is and is not started any more", file=sys.stderr)
    print(f"Set DESK_DATABASE_URL={_as_setting(target)}")
    return 0


def _read_target(address: str) -> Site:
    try:
        return site_from(address)
    except ValueError as error:
        raise MoveRefused(f"--to: {error}") from None


def _as_setting(site: Site) -> str:
    return str(site) if isinstance(site, Server) else f"sqlite:///{site.absolute()}"


async def move(settings: Settings, target: Site, *, opening: Opening, progress: Progress) -> Marks:
    """Copy every row, compare, and mark the old database; a failure leaves it as it was, and no new one."""
    from bot.belonging import refuse_other
    from bot.startup import utc_now
    from storage import belongings, moved_away
    from storage.engine.database import Database

    source = settings.database
    _refuse_sites(source, target)
    database = await Database.open(source, opening=opening)  # also brings it to this program's version
    try:
        refuse_other(await database.read(belongings.load), settings, what=str(source))
        if (before := await database.read(moved_away.moved_to)) is not None:
            raise MoveRefused(f"this desk has moved to {before.address} already, at {before.at}")
        marks = await asyncio.to_thread(_carry, source, target, progress=progress)
        now = utc_now()
        await database.run(lambda tx: moved_away.mark(tx, _as_setting(target), now=now))
    finally:
        await database.close()
    return marks


def _refuse_sites(source: Site, target: Site) -> None:
    """Raise MoveRefused unless a desk lies in one and nothing in the other, which is of another engine."""
    from storage.engine.presence import holds_anything

    if isinstance(source, Server) == isinstance(target, Server):
        raise MoveRefused(f"{source} and {target} are of the same engine; a backup and its restore do that")
    if not holds_anything(source):
        raise MoveRefused(f"there is no desk in {source}; check DESK_DATABASE_URL")
    if holds_anything(target):
        raise MoveRefused(f"{target} holds something already; name a new file or schema, or empty it first")


def _carry(source: Site, target: Site, *, progress: Progress) -> Marks:
    from storage.engine.carrying import into_file, into_server

    if isinstance(source, Server) and isinstance(target, Path):
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        return into_file(source, target, progress=progress)
    if isinstance(source, Path) and isinstance(target, Server):
        return into_server(source, target, progress=progress)
    raise MoveRefused("a desk moves between a file and a server")
