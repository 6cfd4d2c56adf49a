"""What `GET /health` answers: no secret and no name, and 200 only while people are served."""

from __future__ import annotations

from time import monotonic
from typing import TypedDict

from bot.conditions import judge
from bot.health import Facts, Running, list_stalled, try_to_gather
from bot.meters import Meters
from domain.condition import Condition, Level


class ChannelHealth(TypedDict):
    """How one channel stands."""

    state: str  # ok, down
    seconds_since_sent: float | None  # None: nothing since the start


class LastError(TypedDict):
    """The last event of the log that somebody should look at."""

    event: str
    seconds_since: float


class Health(TypedDict, total=False):
    """The answer; what stands in the database is left out where it cannot be read."""

    ok: bool
    troubles: dict[str, str]  # colours by kind and subject
    stalled: list[str]
    seconds_since: dict[str, float]  # the last round of each part
    channels: dict[str, ChannelHealth]
    last_error: LastError | None
    database: str  # ok, how it fails, or "not read"
    inbox_waiting: int
    inbox_oldest_seconds: float
    outbox_waiting: int
    outbox_oldest_seconds: float
    disk_free_bytes: int | None
    backup_age_seconds: float | None


async def health(running: Running) -> Health:
    """Tell how each part is; it is not ok while any of them is red."""
    now = monotonic()
    ages = {name: round(now - at, 1) for name, at in running.last_rounds().items()}
    # before the database is asked, which may take its time
    stalled, channels = list_stalled(running), _tell_channels(running, now)
    last_error = _tell_error(running.meters, now)
    facts = await try_to_gather(running)
    conditions = judge(running, facts)
    answer: Health = {
        "ok": not any(condition.level is Level.RED for condition in conditions),
        "troubles": _tell_troubles(conditions),
        "stalled": stalled,
        "seconds_since": ages,
        "channels": channels,
        "last_error": last_error,
    }
    return answer | ({"database": "not read"} if facts is None else _tell_facts(facts))


def _tell_facts(facts: Facts) -> Health:
    return {
        "database": facts.commits.failing or "ok",
        "inbox_waiting": facts.queues["inbox"].length,
        "inbox_oldest_seconds": round(facts.queues["inbox"].oldest_seconds, 1),
        "outbox_waiting": facts.queues["outbox"].length,
        "outbox_oldest_seconds": round(facts.queues["outbox"].oldest_seconds, 1),
        "disk_free_bytes": facts.disk_free_bytes,
        "backup_age_seconds": facts.backup_age_seconds,
    }


def _tell_troubles(conditions: list[Condition]) -> dict[str, str]:
    """Name what is not in order: `channel:telegram`, `disk`."""
    return {
        ":".join(filter(None, (condition.kind, condition.subject))): condition.level.value
        for condition in conditions
        if condition.level is not Level.GREEN
    }


def _tell_channels(running: Running, now: float) -> dict[str, ChannelHealth]:
    meters = running.meters
    return {
        name: {
            "state": "down" if meters.seconds_down(name, now=now) else "ok",
            "seconds_since_sent": round(now - meters.last_sent[name], 1)
            if name in meters.last_sent
            else None,
        }
        for name in running.channels
    }


def _tell_error(meters: Meters, now: float) -> LastError | None:
    if meters.last_error is None:
        return None
    event, at = meters.last_error
    return {"event": event, "seconds_since": round(now - at, 1)}
