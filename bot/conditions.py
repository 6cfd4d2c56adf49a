"""Judges from the facts what is in order, what somebody should look at, and what stops the desk."""

from __future__ import annotations

from collections.abc import Iterator
from time import monotonic

from bot.health import DISK_FULL_BYTES, Facts, Running, list_stalled
from domain.condition import Condition, Level

DOWN_SECONDS = 300.0  # before a channel that cannot be reached counts as down
QUEUE_SECONDS = 600.0  # before a queue counts as standing
BACKUP_SECONDS = 2 * 86_400.0  # before a backup counts as old


def judge(running: Running, facts: Facts) -> list[Condition]:
    """List every condition, those that are in order too."""
    return [
        *_judge_parts(running),
        *_judge_channels(running),
        *_judge_queues(facts),
        _judge_database(facts),
        _judge_disk(facts),
        *_judge_backup(running, facts),
    ]


def _judge_parts(running: Running) -> Iterator[Condition]:
    stalled = list_stalled(running)
    for part in running.last_rounds():
        yield Condition("part", part, Level.RED if part in stalled else Level.GREEN)


def _judge_channels(running: Running) -> Iterator[Condition]:
    now = monotonic()
    for name in running.channels:
        down = running.meters.seconds_down(name, now=now)
        level = Level.GREEN
        if down:
            level = Level.RED if down >= DOWN_SECONDS else Level.AMBER
        yield Condition("channel", name, level, minutes=int(down // 60))


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


def _judge_backup(running: Running, facts: Facts) -> Iterator[Condition]:
    """Judge the backup only where one is asked for."""
    if not running.settings.backup_dir and not running.settings.backup_url:
        return
    age = facts.backup_age_seconds
    old = age is None or age > BACKUP_SECONDS
    yield Condition("backup", "", Level.AMBER if old else Level.GREEN, hours=int((age or 0) // 3600))
