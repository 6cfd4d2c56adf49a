"""Counts what the parts did, as plain numbers: adding to one costs a tenth of a microsecond.

The figures are written in Prometheus' format only when somebody asks (`bot/metrics.py`).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

from domain.event_log import EventLog

# errors that are shown for a while, by their event
RESTARTED = "restarted"  # the run before did not end in order
CLOCK_STEPPED = "clock_stepped"  # the machine's clock was set
REFUSED_SECONDS = 900.0  # for which it counts that a platform carried nothing of what it had taken over


@dataclass(slots=True)
class Meters:
    """Totals since the start of this process; nothing in it names a person or an office."""

    updates: Counter[str] = field(default_factory=Counter)  # kept, by channel
    turns: int = 0
    turn_seconds: float = 0.0  # of rounds in the database's thread, all turns together
    sends: Counter[tuple[str, str]] = field(default_factory=Counter)  # by channel and outcome
    throttled: Counter[str] = field(default_factory=Counter)  # refusals that ask for a pause, by channel
    # failed sends that are tried once more, by channel; a pause that was asked for is none
    retries: Counter[str] = field(default_factory=Counter)
    ticks: Counter[str] = field(default_factory=Counter)  # carried out to their end, by name
    events: Counter[tuple[str, str]] = field(
        default_factory=Counter
    )  # warnings and errors, by level and name
    last_sent: dict[str, float] = field(default_factory=dict)  # monotonic, by channel
    down_since: dict[str, float] = field(default_factory=dict)  # monotonic, by channel that cannot be reached
    polls_down_since: dict[str, float] = field(default_factory=dict)  # the same for polls and probes
    # monotonic, the first and the last time a channel carried nothing of what it had taken over
    refused_later: dict[str, tuple[float, float]] = field(default_factory=dict)
    store_down_since: float | None = None  # monotonic, of the store of files when it lies elsewhere
    last_error: tuple[str, float] | None = None  # the event and when it was (monotonic)
    error_at: dict[str, float] = field(default_factory=dict)  # monotonic, when each error was last seen
    pushes_failing: dict[str, str] = field(default_factory=dict)  # by channel, in the platform's words

    def reached(self, channel: str) -> None:
        """Note that a platform took a message."""
        self.last_sent[channel] = monotonic()
        self.down_since.pop(channel, None)

    def out_of_reach(self, channel: str) -> None:
        """Note that a platform takes nothing at all from us; the first moment counts."""
        self.down_since.setdefault(channel, monotonic())

    def refused(self, channel: str) -> None:
        """Note that a platform carried nothing of what it had taken over: sending seems to work meanwhile."""
        now = monotonic()
        first, last = self.refused_later.get(channel, (now, now))
        self.refused_later[channel] = (now if now - last > REFUSED_SECONDS else first, now)

    def polled(self, channel: str) -> None:
        """Note that a platform answered a poll: it knows our token."""
        self.down_since.pop(channel, None)
        self.polls_down_since.pop(channel, None)

    def probed(self, channel: str) -> None:
        """Note that a platform answered a probe: whether it takes messages too, only a send tells."""
        self.polls_down_since.pop(channel, None)

    def not_polled(self, channel: str) -> None:
        """Note that a platform did not answer a poll or a probe; the first moment counts."""
        self.polls_down_since.setdefault(channel, monotonic())

    def seconds_down(self, channel: str, *, now: float) -> float:
        """For how long a channel has been down, whichever way; 0 when it is up."""
        since = [down[channel] for down in (self.down_since, self.polls_down_since) if channel in down]
        first, last = self.refused_later.get(channel, (now, 0.0))
        since += [first] if now - last < REFUSED_SECONDS else []
        return max((now - at for at in since), default=0.0)

    def store_answered(self) -> None:
        """Note that the store of files can be used."""
        self.store_down_since = None

    def store_not_answered(self) -> None:
        """Note that the store of files cannot be used; the first moment counts."""
        self.store_down_since = self.store_down_since or monotonic()


class CountingLog:
    """Writes events to a log and counts warnings and errors by name."""

    def __init__(self, log: EventLog, meters: Meters) -> None:
        """Write to `log`, count in `meters`."""
        self._log, self._meters = log, meters

    def info(self, event: str, /, **pairs: Any) -> None:
        """Write the ordinary course."""
        self._log.info(event, **pairs)

    def warning(self, event: str, /, **pairs: Any) -> None:
        """Write and count what recovers by itself."""
        self._meters.events["warning", event] += 1
        self._log.warning(event, **pairs)

    def error(self, event: str, /, **pairs: Any) -> None:
        """Write and count what somebody should look at."""
        self._meters.events["error", event] += 1
        self._meters.last_error = (event, monotonic())
        self._meters.error_at[event] = monotonic()
        self._log.error(event, **pairs)
