"""Judges from the facts what is in order, what somebody should look at, and what stops the desk."""

from __future__ import annotations

from collections.abc import Iterator
from time import monotonic

from bot.health import DISK_FULL_BYTES, Facts, Running, list_stalled
from bot.meters import CLOCK_STEPPED, RESTARTED
from domain.condition import Condition, Level
from scheduler.ticks import CLOCK_STEPPED_BACK

# Before a channel, or a store of files, that cannot be reached counts as down: the desk hears of it within
# five minutes, a poll or a probe, and a look of the watch, come on top.
DOWN_SECONDS = 200.0
QUEUE_SECONDS = 600.0  # before a queue counts as standing
BACKUP_SECONDS = 2 * 86_400.0  # before a backup counts as old
EVENT_SECONDS = 900.0  # for which a restart or a jump of the clock is shown
EVENTS = {"restart": (RESTARTED,), "clock": (CLOCK_STEPPED, CLOCK_STEPPED_BACK)}  # known by their errors


def judge(running: Running, facts: Facts | None) -> list[Condition]:
    """List every condition, those that are in order too; without `facts` the database cannot be read."""
    conditions = [
        *_judge_parts(running),
        *_judge_channels(running),
        *_judge_store(running),
        *_judge_events(running),
    ]
    if facts is None:
        return [*conditions, Condition("database", "", Level.RED)]
    return [
        *conditions,
        *_judge_queues(facts),
        _judge_database(facts),
        _judge_disk(facts),
        *_judge_backups(facts),
        *_judge_templates(facts),
    ]


def _judge_parts(running: Running) -> Iterator[Condition]:
    stalled = list_stalled(running)
    for part in running.last_rounds():
        yield Condition("part", part, Level.RED if part in stalled else Level.GREEN)


def _judge_channels(running: Running) -> Iterator[Condition]:
    now = monotonic()
    for name, channel in running.channels.items():
        yield _judge_reach("channel", name, seconds_down=running.meters.seconds_down(name, now=now))
        if not channel.polls:
            failing = name in running.meters.pushes_failing
            yield Condition("webhook", name, Level.RED if failing else Level.GREEN)


def _judge_store(running: Running) -> Iterator[Condition]:
    """Judge the store of files only where it lies elsewhere: a folder is judged with its disk."""
    if running.settings.evidence_url:
        since = running.meters.store_down_since
        yield _judge_reach("store", "", seconds_down=0.0 if since is None else monotonic() - since)


def _judge_reach(kind: str, subject: str, *, seconds_down: float) -> Condition:
    level = Level.GREEN
    if seconds_down:
        level = Level.RED if seconds_down >= DOWN_SECONDS else Level.AMBER
    return Condition(kind, subject, level, minutes=int(seconds_down // 60))


def _judge_events(running: Running) -> Iterator[Condition]:
    """Judge what happens in a moment, and is shown for a while."""
    now, seen = monotonic(), running.meters.error_at
    for kind, errors in EVENTS.items():
        recent = any(now - seen[error] < EVENT_SECONDS for error in errors if error in seen)
        yield Condition(kind, "", Level.AMBER if recent else Level.GREEN)


def _judge_queues(facts: Facts) -> Iterator[Condition]:
    for name, queue in facts.queues.items():
        level = Level.RED if queue.oldest_seconds >= QUEUE_SECONDS else Level.GREEN
        yield Condition("queue", name, level, minutes=int(queue.oldest_seconds // 60))


def _judge_database(facts: Facts) -> Condition:
    return Condition("database", "", Level.RED if facts.commits.failing else Level.GREEN)


def _judge_disk(facts: Facts) -> Condition:
    level = Level.AMBER if facts.disk_is_low else Level.GREEN
    if facts.disk_free_bytes < DISK_FULL_BYTES:
        level = Level.RED
    return Condition("disk", "", level, megabytes=facts.disk_free_bytes // 1_000_000)


def _judge_backups(facts: Facts) -> Iterator[Condition]:
    """Judge each site that backups are asked for; one that has none yet by since when they are asked for."""
    for site, age in facts.backup_ages.items():
        since = facts.backups_asked.get(site, 0.0) if age is None else age
        level = Level.AMBER if since > BACKUP_SECONDS else Level.GREEN
        yield Condition("backup", site, level, hours=int(since // 3600), never=age is None)


def _judge_templates(facts: Facts) -> Iterator[Condition]:
    """Judge the templates only where one was lost."""
    if facts.lost_templates:
        yield Condition("template", "", Level.AMBER, count=facts.lost_templates)
