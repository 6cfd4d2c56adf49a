"""What is known of the running bot: parts, queues, database, disk, backup."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from time import monotonic
from typing import Protocol

from bot.channels import Channel
from bot.config import Settings
from bot.meters import Meters
from bot.store.contract import FileStore
from domain.event_log import EventLog, where
from storage import exports, inbox_counts, kept_backups, outbox_counts, templates
from storage.engine.database import Commits, Database
from storage.engine.transaction import Transaction
from storage.engine.utc import utc_time
from storage.inbox import Arrival

STALLED_SECONDS = 300.0  # after which a part counts as stalled
DISK_LOW_SHARE = 0.1  # of the disk; below it the desk is told
DISK_FULL_BYTES = 50_000_000  # below it the next upload may fail


class Disk(Protocol):
    """How large the disk below a folder is, in bytes."""

    @property
    def total(self) -> int:
        """All it holds."""

    @property
    def free(self) -> int:
        """What may still be written."""


MeasureDisk = Callable[[Path], Disk]


class Running(Protocol):
    """What the web side needs of a running bot."""

    settings: Settings
    database: Database
    channels: Mapping[str, Channel]
    store: FileStore
    clock: Callable[[], datetime]
    log: EventLog
    meters: Meters
    measure_disk: MeasureDisk

    def last_rounds(self) -> Mapping[str, float]:
        """When each part last came round, by its name (monotonic)."""

    async def take_in(self, channel: str, arrivals: Sequence[Arrival], *, somebody_waits: bool) -> None:
        """Keep what was pushed; returns after the commit, and raises what the database raises."""


@dataclass(frozen=True, slots=True)
class Queue:
    """How many rows wait, and how long the oldest of them has (seconds; 0 when none waits)."""

    length: int
    oldest_seconds: float


@dataclass(frozen=True, slots=True)
class Facts:
    """The state of tables and machine at one moment."""

    queues: Mapping[str, Queue]  # inbox, outbox
    exports: Mapping[str, int]  # by state
    backup_ages: Mapping[str, float | None]  # seconds, by site; None: it has none yet
    database_bytes: int
    disk_free_bytes: int
    disk_bytes: int
    commits: Commits
    lost_templates: int = 0  # of ours, that may not be sent
    backups_asked: Mapping[str, float] = field(default_factory=dict)  # for how long (seconds), by site

    @property
    def backup_age_seconds(self) -> float | None:
        """Age of the newest backup in the site that is worst off; None where a site has none."""
        ages = list(self.backup_ages.values())
        return None if not ages or None in ages else max(age for age in ages if age is not None)

    @property
    def disk_is_low(self) -> bool:
        """Whether less than a tenth of the disk is free."""
        return self.disk_free_bytes < DISK_LOW_SHARE * self.disk_bytes


async def gather(running: Running) -> Facts:
    """Read the facts; raises what the database raises."""
    now = running.clock()
    sites = running.settings.backup_sites
    read = await running.database.read(lambda tx: read_tables(tx, now, sites=sites))
    disk = running.measure_disk(running.settings.data_dir)
    return Facts(
        queues=read.queues,
        exports=read.exports,
        backup_ages={site: (now - at).total_seconds() if at else None for site, at in read.backups.items()},
        database_bytes=await running.database.size(),
        disk_free_bytes=disk.free,
        disk_bytes=disk.total,
        commits=running.database.commits,
        lost_templates=read.lost_templates,
        backups_asked={site: (now - at).total_seconds() for site, at in read.backups_asked.items()},
    )


async def try_to_gather(running: Running) -> Facts | None:
    """Read the facts; None where the database cannot be read, which is in the log then."""
    try:
        return await gather(running)
    except Exception as error:
        running.log.error("database_not_read", **where(error))
        return None


@dataclass(frozen=True, slots=True)
class Tables:
    """What the tables say."""

    queues: Mapping[str, Queue]
    exports: Mapping[str, int]
    backups: Mapping[str, datetime | None]  # by site
    backups_asked: Mapping[str, datetime]  # since when, by site
    lost_templates: int


def read_tables(tx: Transaction, now: datetime, *, sites: Collection[str]) -> Tables:
    """Read what the tables say of queues, exports, templates, and of the sites of backups."""
    queues = {
        "inbox": Queue(inbox_counts.open_count(tx), _age(inbox_counts.oldest_due(tx, now=now), now)),
        "outbox": Queue(outbox_counts.open_count(tx), _age(outbox_counts.oldest_due(tx, now=now), now)),
    }
    return Tables(
        queues,
        exports.counts(tx),
        kept_backups.kept_at(tx, sites),
        kept_backups.asked_since(tx, sites),
        templates.count_lost(tx),
    )


def _age(since: str | None, now: datetime) -> float:
    return max(0.0, (now - utc_time(since)).total_seconds()) if since else 0.0


def list_stalled(running: Running) -> list[str]:
    """Name the parts that have not come round for five minutes."""
    now = monotonic()
    return [name for name, at in running.last_rounds().items() if now - at > STALLED_SECONDS]
