"""`check`: one line for each thing that has to be right before the bot can run."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.backup.shelf import Shelf
from bot.channels.contract import Finding
from bot.channels.registry import NONE_CONFIGURED, configured
from bot.config import Settings, unknown
from bot.inbound.scan_text import PACKAGES, is_installed
from bot.startup import packaged_rules, say_changed
from bot.store.contract import StoreAway
from bot.store.evidence import lying_in
from bot.store.opening import open_store
from domain.rules.load import RulesError
from storage.engine.database_check import look
from storage.engine.file_check import Look
from storage.engine.utc import utc_text, utc_time
from storage.rules_in_use import changes_of

MIN_FREE_BYTES = 200_000_000  # below this the disk counts as full
CLOCK_BEHIND = timedelta(minutes=5)  # of the newest update: more is a clock that is wrong


@dataclass(frozen=True, slots=True)
class Line(Finding):
    """One thing that was looked at, as it is printed."""

    def __str__(self) -> str:
        return f"{self.what:9} {'' if self.fine else 'FAILED: '}{self.summary}"


async def check(settings: Settings, *, clock: Callable[[], datetime]) -> list[Line]:
    """Look at token, webhook, database, disk and clock; changes nothing. The settings themselves were read
    before.
    """
    now = clock()
    month = now.astimezone(ZoneInfo(settings.timezone)).replace(
        day=1, hour=0, minute=0, second=0, microsecond=0
    )
    database = look(settings.database, since=utc_text(month))
    return [
        Line("settings", True, "; ".join(unknown()) or "ok"),
        *await _check_channels(settings),
        Line("database", database.fine, f"{settings.database}: {database.summary}"),
        _check_rules(database),
        _check_store(settings.store_site),
        _check_disk(settings.data_dir),
        *_check_backups(settings),
        _look_for_scans(),
        _check_clock(now, settings, database=database),
        *_count_messages(database),
    ]


async def _check_channels(settings: Settings) -> list[Line]:
    channels = configured(settings)
    if not channels:
        return [Line("token", False, NONE_CONFIGURED), Line("webhook", True, "not looked at")]
    return [
        Line(finding.what, finding.fine, finding.summary)
        for channel in channels.values()
        for finding in await channel.examine()
    ]


def _check_rules(database: Look) -> Line:
    """Say whether the data files still are what the years in use began with: the start refuses others."""
    try:
        changed = changes_of(dict(database.rules), packaged_rules())
    except RulesError as error:
        return Line("rules", False, str(error))
    return Line("rules", not changed, say_changed(changed[0]) if changed else "as every year in use has them")


def _count_messages(database: Look) -> list[Line]:
    """Say what this month's messages were counted as, where a platform tells, and how many wait for
    recipients.
    """
    if not database.sent and not database.held_back:
        return []
    sent = [f"{category} {count} ({billable} paid)" for category, billable, count in database.sent]
    summary = (
        f"this month {', '.join(sent) or 'none'}; {database.held_back} wait for their recipients to write"
    )
    return [Line("messages", True, summary)]


def _look_for_scans() -> Line:
    """Say whether scanned letters are read; without it nothing is amiss."""
    if is_installed():
        return Line("scans", True, "letters on scans and photos are read with tesseract")
    return Line("scans", True, f"not read, their data is asked; to read them install {PACKAGES}")


def _check_store(site: str) -> Line:
    """Look whether the store of files answers; a folder is made when the first file is put there."""
    try:
        store = open_store(site)
        count = len(lying_in(store))
    except (StoreAway, OSError) as error:
        return Line("files", False, str(error))
    return Line("files", True, f"{store.site}, {count} of evidence")


def _check_backups(settings: Settings) -> list[Line]:
    """Say what nightly backups lie at each site, or that none are made."""
    if not settings.backup_sites:
        return [Line("backups", True, "none are made at night; set DESK_BACKUP_DIR or DESK_BACKUP_URL")]
    return [_check_shelf(site) for site in settings.backup_sites.values()]


def _check_shelf(site: str) -> Line:
    if "://" not in site and (refusal := _refuse_folder(Path(site))):
        return Line("backups", False, refusal)
    try:
        names = Shelf(site).names()
    except (StoreAway, OSError) as error:
        return Line("backups", False, str(error))
    return Line("backups", True, f"{site}, {f'{len(names)}, newest {names[-1]}' if names else 'none yet'}")


def _check_disk(folder: Path) -> Line:
    if refusal := _refuse_folder(folder):
        return Line("disk", False, refusal)
    free = shutil.disk_usage(_nearest(folder)).free
    return Line("disk", free >= MIN_FREE_BYTES, f"{folder}, {free // 1_000_000} MB free")


def _refuse_folder(folder: Path) -> str:
    """Say why a folder cannot be made or written to; "" where it can."""
    existing = _nearest(folder)
    fits = existing.is_dir() and os.access(existing, os.W_OK | os.X_OK)
    return "" if fits else f"{existing} cannot be written to"


def _nearest(folder: Path) -> Path:
    """Find the folder, or the one above it that is there."""
    return next(path for path in (folder.absolute(), *folder.absolute().parents) if path.exists())


def _check_clock(now: datetime, settings: Settings, *, database: Look) -> Line:
    local = f"{now.astimezone(ZoneInfo(settings.timezone)):%Y-%m-%d %H:%M %Z}"
    if database.newest and utc_time(database.newest) - now > CLOCK_BEHIND:
        return Line("clock", False, f"{local} is before the newest update in the database, {database.newest}")
    return Line("clock", True, local)
