"""The figures in Prometheus' format, https://prometheus.io/docs/practices/naming; read when they are asked
for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from time import monotonic

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric, SummaryMetricFamily
from prometheus_client.registry import Collector

from bot.health import Facts
from bot.meters import Meters
from domain.condition import Condition, Level

_RANKS = {Level.GREEN: 0, Level.AMBER: 1, Level.RED: 2}


def write(
    facts: Facts | None,
    meters: Meters,
    *,
    last_rounds: Mapping[str, float],
    conditions: Sequence[Condition] = (),
) -> bytes:
    """Write every figure; no label names a person or an office. Without `facts` those of the tables lack."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Figures(facts, meters, last_rounds=last_rounds, conditions=conditions))
    return generate_latest(registry)


class _Figures(Collector):
    """Says the totals of the process and the state of the tables."""

    def __init__(
        self,
        facts: Facts | None,
        meters: Meters,
        *,
        last_rounds: Mapping[str, float],
        conditions: Sequence[Condition],
    ) -> None:
        self._facts = facts
        self._meters = meters
        self._rounds = last_rounds
        self._conditions = conditions

    def collect(self) -> Iterator[Metric]:
        """Yield every family of figures."""
        yield from self._totals()
        yield from self._states()
        if self._facts is not None:
            yield from self._queues(self._facts)
            yield from self._machine(self._facts)

    def _totals(self) -> Iterator[Metric]:
        meters = self._meters
        yield _count("desk_updates", "Updates kept, by channel.", meters.updates, label="channel")
        yield SummaryMetricFamily(
            "desk_turn_seconds", "Time of turns in the database's thread.", meters.turns, meters.turn_seconds
        )
        sends = CounterMetricFamily(
            "desk_sends", "Messages by channel and outcome.", labels=["channel", "outcome"]
        )
        for (channel, outcome), count in meters.sends.items():
            sends.add_metric([channel, outcome], count)
        yield sends
        yield _count(
            "desk_throttled", "Sends a platform asked a pause for.", meters.throttled, label="channel"
        )
        yield _count(
            "desk_retries", "Failed sends that are tried once more.", meters.retries, label="channel"
        )
        yield _count("desk_ticks", "Ticks carried out to their end.", meters.ticks, label="tick")
        events = CounterMetricFamily(
            "desk_log_events", "Warnings and errors by name.", labels=["level", "event"]
        )
        for (level, event), count in meters.events.items():
            events.add_metric([level, event], count)
        yield events

    def _states(self) -> Iterator[Metric]:
        rounds = GaugeMetricFamily(
            "desk_part_age_seconds", "Time since a part last came round.", labels=["part"]
        )
        now = monotonic()
        for part, at in self._rounds.items():
            rounds.add_metric([part], now - at)
        yield rounds
        troubles = GaugeMetricFamily(
            "desk_trouble", "0 in order, 1 somebody should look, 2 people are not served.",
            labels=["kind", "subject"],
        )  # fmt: skip
        for condition in self._conditions:
            troubles.add_metric([condition.kind, condition.subject], _RANKS[condition.level])
        yield troubles

    def _queues(self, facts: Facts) -> Iterator[Metric]:
        waiting = GaugeMetricFamily("desk_queue_length", "Rows that wait, by queue.", labels=["queue"])
        oldest = GaugeMetricFamily(
            "desk_queue_oldest_seconds", "Age of the oldest row that waits.", labels=["queue"]
        )
        for name, queue in facts.queues.items():
            waiting.add_metric([name], queue.length)
            oldest.add_metric([name], queue.oldest_seconds)
        yield waiting
        yield oldest
        exports = GaugeMetricFamily("desk_exports", "Exports by state.", labels=["state"])
        for state, count in facts.exports.items():
            exports.add_metric([state], count)
        yield exports

    def _machine(self, facts: Facts) -> Iterator[Metric]:
        yield GaugeMetricFamily(
            "desk_database_bytes", "Size of the database and its log.", facts.database_bytes
        )
        yield GaugeMetricFamily(
            "desk_disk_free_bytes", "Free space where the data lies.", facts.disk_free_bytes
        )
        yield GaugeMetricFamily("desk_disk_bytes", "Space where the data lies.", facts.disk_bytes)
        yield SummaryMetricFamily(
            "desk_commit_seconds", "Time of commits.", facts.commits.count, facts.commits.seconds
        )
        if ages := {site: age for site, age in facts.backup_ages.items() if age is not None}:
            yield _backup_age(ages)


def _backup_age(ages: Mapping[str, float]) -> Metric:
    family = GaugeMetricFamily("desk_backup_age_seconds", "Time since the last backup.", labels=["place"])
    for site, age in ages.items():
        family.add_metric([site], age)
    return family


def _count(name: str, documentation: str, totals: Mapping[str, int], *, label: str) -> Metric:
    family = CounterMetricFamily(name, documentation, labels=[label])
    for value, total in totals.items():
        family.add_metric([value], total)
    return family
