"""`files`: what lies in the evidence folder and no record names; removed only by name, and only when it is
old.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import partial

from bot import config
from bot.cli.usage import typed, whole_days
from bot.config import Settings
from bot.ownership import owned
from bot.store import evidence
from bot.store.contract import UNKNOWN, FileStore
from bot.store.opening import open_store
from storage.engine.engine_contract import Opening


class FilesRefused(RuntimeError):
    """the files cannot be removed"""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    below = commands.add_parser("files", help="files the database does not know").add_subparsers(
        dest="act", metavar="ACT", required=True
    )
    below.add_parser("list-unknown", help="list the files that were set aside, with their age")
    below.add_parser("set-aside", help="set aside what no record names, so that a new database can begin")
    remove = below.add_parser("remove-unknown", help="delete files that were set aside")
    remove.add_argument(
        "names", metavar="NAME", nargs="+", help="a day (2026-11-28) or a file as list-unknown shows it"
    )
    remove.add_argument(
        "--older-than",
        metavar="DAYS",
        type=partial(whole_days, most=3650),
        required=True,
        help="days since it was set aside",
    )


def run(options: argparse.Namespace) -> int:
    """List, set aside or remove; raises FilesRefused with one sentence."""
    settings, today = config.load(), datetime.now(UTC).date()
    store = open_store(settings.store_site)
    if options.act == "list-unknown":
        lying = _list_lying(store)
        for path, size in lying.items():
            print(f"{path}  {size} bytes  {_count_days(path, today)} days")
        if not lying:
            print("no file is set aside", file=sys.stderr)
        return 0
    if options.act == "set-aside":
        print(f"{set_aside(settings, today)} files were set aside in {store.site}/{UNKNOWN}")
        return 0
    for path in removed(store, options.names, older_than=options.older_than, today=today):
        print(f"removed {path}")
    return 0


def set_aside(settings: Settings, today: date) -> int:
    """Move what neither a record nor the list of files to remove names out of the evidence; returns how many.

    Refused while the bot is running.
    """
    with owned(settings) as opening:
        known, store = asyncio.run(_list_known(settings, opening)), open_store(settings.store_site)
        paths = [path for path in evidence.lying_in(store) if path not in known]
        return evidence.set_aside(store, paths=paths, day=today)


async def _list_known(settings: Settings, opening: Opening) -> frozenset[str]:
    """Read which files the database names, those that are to go as well; none where there is no database."""
    from storage import files, files_to_remove
    from storage.engine.database import Database
    from storage.engine.presence import holds_anything

    if not holds_anything(settings.database):
        return frozenset()
    database = await Database.open(settings.database, opening=opening)
    try:
        return await database.read(
            lambda tx: files.paths(tx) | files_to_remove.paths(tx, files_to_remove.EVIDENCE)
        )
    finally:
        await database.close()


def removed(store: FileStore, names: list[str], *, older_than: int, today: date) -> list[str]:
    """Delete the named files, all or none; returns their paths. Raises FilesRefused for one unknown or too
    young.
    """
    lying = _list_lying(store)
    paths = []
    for name in names:
        named = [path for path in lying if path == name or path.startswith(f"{name.rstrip('/')}/")]
        if not named:
            raise FilesRefused(
                f'"{name}" is not among the files set aside; see {typed("files list-unknown")}'
            )
        paths += named
    for path in paths:
        if (age := _count_days(path, today)) < older_than:
            raise FilesRefused(
                f"{path} was set aside {age} days ago, expected at least {older_than}; nothing is removed"
            )
    for path in dict.fromkeys(paths):
        store.delete(f"{UNKNOWN}/{path}")
    return list(dict.fromkeys(paths))


def _list_lying(store: FileStore) -> Mapping[str, int]:
    """List the files in folders that are named for a day, with their size (bytes)."""
    lying = {key.partition("/")[2]: size for key, size in store.sizes(UNKNOWN).items()}
    return {path: size for path, size in lying.items() if _read_day(path) is not None}


def _read_day(path: str) -> date | None:
    try:
        return date.fromisoformat(path.partition("/")[0])
    except ValueError:
        return None


def _count_days(path: str, today: date) -> int:
    day = _read_day(path)
    return (today - day).days if day is not None else 0
