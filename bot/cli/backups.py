"""`backup` and `restore`: a desk as one archive or in a site of nightly backups, and its way back."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bot import config
from bot.backup import tar_archive
from bot.backup.manifest import DATABASE, BackupRefused, Manifest
from bot.backup.restore import Reader, is_empty, move_in, reader_of, replaced_folder, unpacked
from bot.backup.shelf import Shelf
from bot.backup.snapshot import Source
from bot.child_process import LEAST_NICE, give_way
from bot.cli import terminal
from bot.config import Settings
from bot.ownership import owned
from bot.store.contract import FileStore
from bot.store.opening import open_store
from storage.engine.migrate import migrations
from storage.engine.presence import holds_anything, refuse_nothing
from storage.engine.site import Server

if TYPE_CHECKING:
    from scheduler.after_restore import HeldBack
    from storage.engine.transaction import Transaction

TO_STDOUT = "-"


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add both commands and what they take."""
    make_one = commands.add_parser("backup", help="copy database and evidence, also while the bot runs")
    make_one.add_argument(
        "file",
        metavar="FILE",
        nargs="?",
        help="the archive to write, - for standard output; without it DESK_BACKUP_DIR and DESK_BACKUP_URL",
    )
    back = commands.add_parser("restore", help="bring database and evidence back from a backup")
    back.add_argument(
        "source", metavar="FILE", help="an archive, a folder of nightly backups, or s3://bucket/prefix"
    )
    back.add_argument(
        "--name", default="", help="which nightly backup, e.g. 20261128T193000Z (default the newest)"
    )
    back.add_argument(
        "--force", action="store_true", help="move what lies there now to data/replaced and go on"
    )
    back.add_argument("--new-bot", action="store_true", help="also one of another bot or number: it is new")
    back.add_argument("--check", action="store_true", help="read and compare everything, write nothing")


def make(options: argparse.Namespace) -> int:
    """Write an archive, or one more nightly backup; what it raises is one sentence."""
    from bot.startup import utc_now

    settings = config.load()
    refuse_nothing(settings.database)
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)  # the copy lies there meanwhile
    source = Source(settings.database, open_store(settings.store_site), config.without_secrets(settings))
    give_way(LEAST_NICE)
    with terminal.progress() as tell:
        for manifest, done in _copy(source, settings, file=options.file, tell=tell, now=utc_now()):
            _say(manifest, done)
    return 0


def _copy(
    source: Source, settings: Settings, *, file: str | None, tell: terminal.Tell, now: datetime
) -> Iterator[tuple[Manifest, str]]:
    """Copy to where it was asked for; gives what each copy holds, and where it is."""
    if file == TO_STDOUT:
        yield _stream(source, settings, tell=tell, now=now), "written"
    elif file is not None:
        yield tar_archive.write(source, Path(file), now=now, progress=tell), f"written to {file}"
    else:
        for site in _list_sites(settings):
            manifest = Shelf(site).keep(
                source, copies=settings.backup_keep, now=now, scratch=settings.data_dir, progress=tell
            )
            yield manifest, f"kept in {site}"


def _stream(source: Source, settings: Settings, *, tell: terminal.Tell, now: datetime) -> Manifest:
    """Write to standard output; raises BackupRefused where its reader has gone before the end."""
    out = sys.stdout.buffer
    try:
        manifest = tar_archive.write_to(out, source, now=now, scratch=settings.data_dir, progress=tell)
        out.flush()
    except BrokenPipeError:
        os.dup2(
            os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno()
        )  # what is left is not flushed once more
        raise BackupRefused(
            "whoever reads standard output has gone before the end; what they have is no whole backup"
        ) from None
    return manifest


def _list_sites(settings: Settings) -> Sequence[Path | str]:
    sites = [site for site in (settings.backup_dir, settings.backup_url) if site]
    if not sites:
        raise BackupRefused("name a FILE, or set DESK_BACKUP_DIR or DESK_BACKUP_URL")
    return sites


def _say(manifest: Manifest, done: str) -> None:
    print(
        f"{done}: database of version {manifest.version}, {len(manifest.files)} files, {manifest.size} bytes",
        file=sys.stderr,
    )
    for path in manifest.missing:
        print(f"missing on the disk, and so in the backup: {path}", file=sys.stderr)


def restore(options: argparse.Namespace) -> int:
    """Check a backup, and unless only that is asked, put it into its place."""
    from bot.startup import utc_now

    settings, now = config.load(), utc_now()
    reader = reader_of(options.source, name=options.name)
    if options.check:
        return _check(reader)
    with owned(settings) as opening:
        store = open_store(settings.store_site, links=True)
        _refuse_unless_empty(settings, store, force=options.force)
        _refuse_newer(reader.manifest())
        with (
            terminal.progress() as tell,
            unpacked(reader, settings.data_dir, progress=tell) as (folder, manifest),
        ):
            copy, has_new_bot = folder / DATABASE, options.new_bot
            held_back = _hold_back(
                copy, settings, copied_at=manifest.made_at, has_new_bot=has_new_bot, now=now
            )
            aside = replaced_folder(settings.data_dir, now)
            move_in(folder, database=settings.database, store=store, replaced=aside, opening=opening)
    _say(manifest, "restored")
    _say_held(held_back)
    return 0


def _say_held(held_back: HeldBack) -> None:
    print(
        f"{held_back.messages} messages that were waiting are held until the desk decides;"
        f" {held_back.announcements} announcements under way are stopped",
        file=sys.stderr,
    )


def _check(reader: Reader) -> int:
    with (
        terminal.progress() as tell,
        unpacked(reader, Path(tempfile.gettempdir()), progress=tell) as (_, manifest),
    ):
        pass
    _say(manifest, "whole")
    return 0


def _refuse_unless_empty(settings: Settings, store: FileStore, *, force: bool) -> None:
    if isinstance(settings.database, Server) and holds_anything(settings.database):
        raise BackupRefused(
            f"{settings.database} holds something already; name a new schema in DESK_DATABASE_URL"
        )
    if not force and not is_empty(settings.database, store):
        raise BackupRefused(
            f"{settings.data_dir} holds a desk already; --force moves it aside to "
            f"{settings.data_dir}/replaced"
        )


def _refuse_newer(manifest: Manifest) -> None:
    known = migrations()[-1][0]
    if manifest.version > known:
        raise BackupRefused(
            f"it was made by version {manifest.version} of the tables, this program knows {known}; "
            "install the newer program"
        )


def _hold_back(
    path: Path, settings: Settings, *, copied_at: datetime, has_new_bot: bool, now: datetime
) -> HeldBack:
    """Bring the restored database to this version, hold what may have left since, and ask the
    desk about it; raises OtherDesk for another desk's, unless it has a new bot.
    """
    from bot.belonging import refuse_other, take_over
    from handlers.assembly import build
    from handlers.operations import restored_messages
    from scheduler.after_restore import hold_back
    from storage import belongings

    desk_data = build(timezone=settings.timezone, language=settings.language).desk_data

    def unit(tx: Transaction) -> HeldBack:
        if not has_new_bot:
            refuse_other(belongings.load(tx), settings, what="the backup", way="restore it with --new-bot")
        held_back = hold_back(tx, desk_data, copied_at=copied_at, now=now)
        number, messages = held_back.restore_id, held_back.messages
        restored_messages.tell(
            tx, desk_data, restore_id=number, held_back=messages, copied_at=copied_at, now=now
        )
        if has_new_bot:
            take_over(tx, settings, now=now)
        return held_back

    return asyncio.run(_run_in(path, unit))


async def _run_in(path: Path, unit: Callable[[Transaction], HeldBack]) -> HeldBack:
    """Run one unit in the database of a file."""
    from storage.engine.database import Database

    database = await Database.open(path)
    try:
        return await database.run(unit)
    finally:
        await database.close()
