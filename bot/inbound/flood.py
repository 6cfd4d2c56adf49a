"""Limits the turns of each address, so that one person's flood does not cost the others (F107)."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta

BATCH = 10  # turns that are taken together once the flood is held: fewer looks, fewer lines in the log
REMEMBERED = 10_000  # addresses, before those that are quiet again are forgotten
MOST_REMEMBERED = 40_000  # addresses, before who was quiet longest is forgotten in any case

Key = tuple[str, str]  # channel and address


@dataclass(slots=True)
class _Bucket:
    turns: float
    at: datetime
    is_warned: bool = False  # that answers wait; once a flood


class Flood:
    """Says how long an address has to wait; half a minute's worth may come at once, then the rate holds."""

    def __init__(self, per_minute: float) -> None:
        """Allow so many turns a minute to each address."""
        self._rate, self._most = per_minute / 60, max(per_minute / 2, 1.0)
        self._buckets: OrderedDict[Key, _Bucket] = OrderedDict()  # who has been quiet longest comes first

    def wait(self, key: Key, now: datetime) -> timedelta:
        """Take a turn from the bucket and return zero, or how long to wait until a few can be taken
        together.
        """
        bucket = self._buckets.pop(key, None)
        if bucket is None:
            self._forget(now)
            bucket = _Bucket(self._most, now)
        self._buckets[key] = bucket
        bucket.turns = min(
            self._most, bucket.turns + max(0.0, (now - bucket.at).total_seconds()) * self._rate
        )
        bucket.at = now
        if bucket.turns >= self._most / 2:
            bucket.is_warned = False
        if bucket.turns >= 1:
            bucket.turns -= 1
            return timedelta()
        return timedelta(seconds=(min(BATCH, self._most) - bucket.turns) / self._rate)

    def to_tell(self, key: Key) -> bool:
        """Whether this flood's one notice is still to be given; from now on it is not."""
        bucket = self._buckets[key]
        first, bucket.is_warned = not bucket.is_warned, True
        return first

    def _forget(self, now: datetime) -> None:
        """Forget who has been quiet long enough to be as new; only the first are looked at, so that a
        newcomer among ten thousand costs as much as the first.
        """
        quiet = now - timedelta(seconds=self._most / self._rate)
        while len(self._buckets) >= REMEMBERED:
            longest = next(iter(self._buckets))
            if self._buckets[longest].at > quiet and len(self._buckets) < MOST_REMEMBERED:
                return
            del self._buckets[longest]
