"""The state of each part of the running bot, and how much waits."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from time import monotonic
from typing import Any, Protocol

from bot.channels import Channel
from bot.inbound.turns import where
from domain.event_log import EventLog
from storage import inbox, outbox
from storage.engine.database import Database
from storage.engine.transaction import Transaction
from storage.engine.utc import utc_time
from storage.inbox import Arrival

STALLED_SECONDS = 300.0  # after which a part counts as stalled


class Running(Protocol):
    """What the web side needs of a running bot."""

    database: Database
    channels: Mapping[str, Channel]
    clock: Callable[[], datetime]
    log: EventLog

    def last_rounds(self) -> Mapping[str, float]:
        """When each part last came round, by its name (monotonic)."""

    async def take_in(self, channel: str, arrivals: Sequence[Arrival]) -> None:
        """Keep what was pushed; returns after the commit, and raises what the database raises."""


async def health(running: Running) -> dict[str, Any]:
    """Tell how each part is; a part is stalled when it has not come round for five minutes."""
    now = monotonic()
    ages = {name: round(now - at, 1) for name, at in running.last_rounds().items()}
    stalled = [name for name, age in ages.items() if age > STALLED_SECONDS]
    answer: dict[str, Any] = {"ok": False, "database": "ok", "stalled": stalled, "seconds_since": ages}
    try:
        queues = await running.database.read(lambda tx: _count_queues(tx, running.clock()))
    except Exception as error:
        running.log.error("database_not_read", **where(error))
        return answer | {"database": type(error).__name__}
    return answer | {"ok": not stalled, **queues}


def _count_queues(tx: Transaction, now: datetime) -> dict[str, Any]:
    oldest = inbox.oldest_open(tx)
    age = None if oldest is None else round((now - utc_time(oldest)).total_seconds(), 1)
    return {
        "inbox_waiting": inbox.open_count(tx),
        "inbox_oldest_seconds": age,
        "outbox_waiting": outbox.open_count(tx),
    }


async def metrics(running: Running) -> str:
    """Count updates and messages by state, as Prometheus reads them."""
    waiting, states = await running.database.read(lambda tx: (inbox.counts(tx), outbox.counts(tx)))
    return "".join(
        (*_write_lines("desk_inbox_updates", waiting), *_write_lines("desk_outbox_messages", states))
    )


def _write_lines(name: str, counts: Mapping[str, int]) -> list[str]:
    return [
        f"# TYPE {name} gauge\n",
        *(f'{name}{{state="{state}"}} {count}\n' for state, count in counts.items()),
    ]
