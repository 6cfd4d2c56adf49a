"""`check`: one line for each thing that has to be right before the bot can run."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.channels import SendError
from bot.channels.telegram.channel import TelegramChannel
from bot.config import Settings
from storage.engine.file_check import Look, look
from storage.engine.utc import utc_time

MIN_FREE_BYTES = 200_000_000  # below this the disk counts as full
CLOCK_BEHIND = timedelta(minutes=5)  # of the newest update: more is a clock that is wrong


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was looked at."""

    what: str
    fine: bool
    told: str

    def __str__(self) -> str:
        """Write the line as it is printed."""
        return f"{self.what:9} {'' if self.fine else 'FAILED: '}{self.told}"


async def check(settings: Settings, *, clock: Callable[[], datetime]) -> list[Line]:
    """Look at token, webhook, database, disk and clock; changes nothing. The settings themselves were read before."""
    database = look(settings.database_path)
    return [
        Line("settings", True, "ok"),
        *await _telegram(settings),
        Line("database", database.fine, f"{settings.database_path}: {database.told}"),
        _disk(settings.data_dir),
        _clock(clock(), settings, database),
    ]


async def _telegram(settings: Settings) -> list[Line]:
    if not settings.telegram_token:
        return [Line("token", False, "DESK_TELEGRAM_TOKEN is not set"), Line("webhook", True, "not looked at")]
    channel = TelegramChannel(settings.telegram_token.get_secret_value(), root=settings.telegram_api_url)
    try:
        await channel.open()
        return [Line("token", True, f"ok, @{channel.username}"), _webhook(settings, await channel.webhook())]
    except SendError as error:
        why = f"refused by {settings.telegram_api_url}" if error.down or not error.retry else "Telegram is not reached"
        return [Line("token", False, f"{why}: {error}"), Line("webhook", True, "not looked at")]
    finally:
        await channel.close()


def _webhook(settings: Settings, found: str) -> Line:
    """Compare what Telegram knows with the settings; `run` sets it right, so a difference is no failure."""
    wanted = settings.telegram_webhook_url
    told = wanted or "not used, long polling"
    return Line("webhook", True, told if found == wanted else f"{told}; now {found or 'not set'}, run changes it")


def _disk(folder: Path) -> Line:
    there = next(place for place in (folder.absolute(), *folder.absolute().parents) if place.exists())
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        return Line("disk", False, f"{there} cannot be written to")
    free = shutil.disk_usage(there).free
    return Line("disk", free >= MIN_FREE_BYTES, f"{folder}, {free // 1_000_000} MB free")


def _clock(now: datetime, settings: Settings, database: Look) -> Line:
    local = f"{now.astimezone(ZoneInfo(settings.timezone)):%Y-%m-%d %H:%M %Z}"
    if database.newest and utc_time(database.newest) - now > CLOCK_BEHIND:
        return Line("clock", False, f"{local} is before the newest update in the database, {database.newest}")
    return Line("clock", True, local)
