"""Makes a backup every night by itself, in a process of its own, and tells the desk when it fails."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping, Set
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.config import Settings, without_secrets
from bot.module_process import start_module
from domain.event_log import EventLog, where
from domain.texts import Catalogue
from handlers import notices
from storage import kept_backups
from storage.engine.database import Database
from storage.engine.site import address_of

HOUR = time(2, 0)  # local; nobody writes then
LOOK_SECONDS = 60.0  # between two looks at the clock
AGAIN_AFTER = timedelta(hours=1)  # after one that failed


class BackupBroke(RuntimeError):
    """the nightly backup was not made"""


class Nightly:
    """Looks at the clock, makes the backup that is due, and notes it in each site where it is whole."""

    def __init__(
        self,
        database: Database,
        settings: Settings,
        *,
        words: Catalogue,
        clock: Callable[[], datetime],
        wake: Callable[[], None],
        log: EventLog,
    ) -> None:
        """`wake` tells the senders that the desk is told something."""
        self._database = database
        self._settings = settings
        self._words = words
        self._clock = clock
        self._wake = wake
        self._log = log
        self._not_before: datetime | None = None

    async def run(self) -> None:
        """Work until cancelled; makes nothing where no site for backups is set."""
        while True:
            try:
                await self._note_asked()
                if self._settings.backup_sites:
                    await self._look()
            except Exception as error:
                # a full disk, a storage that is away: the next look tries again
                self._log.error("backup_paused", **where(error))
            await asyncio.sleep(LOOK_SECONDS)

    async def _note_asked(self) -> None:
        """Note since when backups are asked for, so that one that is never made is told in time."""
        now, sites = self._clock(), self._settings.backup_sites
        asked = await self._database.read(lambda tx: kept_backups.asked_since(tx, kept_backups.SITES))
        if asked.keys() != sites.keys():
            await self._database.run(lambda tx: kept_backups.note_asked(tx, sites, now=now))

    async def _look(self) -> None:
        now = self._clock()
        if self._not_before is not None and now < self._not_before <= now + AGAIN_AFTER:
            return  # further off than that it was set by a clock that was set back
        kept_at = await self._database.read(lambda tx: kept_backups.kept_at(tx, self._settings.backup_sites))
        zone = ZoneInfo(self._settings.timezone)
        due = {site for site, last in kept_at.items() if is_due(last, now=now, zone=zone)}
        if not due:
            return
        self._not_before = now + AGAIN_AFTER
        try:
            done = await self._make(now, since=night_of(now, zone=zone), sites=due)
        except BackupBroke as error:
            await self._failed(str(error), now=now)
            return
        faults: Mapping[str, str] = done["faults"]
        whole = due - faults.keys()
        await self._database.run(lambda tx: kept_backups.note_kept(tx, whole, now=now))
        if whole:
            self._log.info("backup_kept", bytes=done["bytes"], sites=sorted(whole))
        if faults:
            await self._failed("; ".join(faults.values()), now=now)
        else:
            self._not_before = None

    async def _make(self, now: datetime, *, since: datetime, sites: Set[str]) -> Mapping[str, Any]:
        """Run the process for the sites that have none since then; raises BackupBroke where it cannot."""
        process = await start_module("bot.backup.nightly_process", errors=asyncio.subprocess.PIPE)
        try:
            answer, complaint = await process.communicate(
                json.dumps(self._task(now, since, sites)).encode() + b"\n"
            )
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        if process.returncode != 0:
            lines = complaint.decode(errors="replace").strip().splitlines()
            raise BackupBroke(lines[-1] if lines else "the process ended without a word")
        done: Mapping[str, Any] = json.loads(answer)
        return done

    def _task(self, now: datetime, since: datetime, sites: Set[str]) -> Mapping[str, Any]:
        settings = self._settings
        return {
            "database": address_of(settings.database),
            "store": settings.store_site,
            "scratch": str(settings.data_dir),
            "settings": without_secrets(settings),
            "sites": {name: site for name, site in settings.backup_sites.items() if name in sites},
            "copies": settings.backup_keep,
            "now": now.isoformat(),
            "since": since.isoformat(),
        }

    async def _failed(self, fault: str, *, now: datetime) -> None:
        """Note it, and tell the desk once a day."""
        self._log.error("backup_failed", told=fault[:300])
        day = now.astimezone(ZoneInfo(self._settings.timezone)).date()
        await self._database.run(lambda tx: notices.tell_of_backup(tx, self._words, day=day, now=now))
        self._wake()


def night_of(now: datetime, *, zone: ZoneInfo, hour: time = HOUR) -> datetime:
    """Return when the night begins whose backup is due now; it is due until there is one as young."""
    local = now.astimezone(zone)
    begun = datetime.combine(local.date(), hour, tzinfo=zone)
    return begun if begun <= local else begun - timedelta(days=1)


def is_due(last: datetime | None, *, now: datetime, zone: ZoneInfo, hour: time = HOUR) -> bool:
    """Tell whether a night has begun since the last time; the very first one is due at once."""
    return last is None or last < night_of(now, zone=zone, hour=hour)
