"""Paces the turns of strangers, so that all of them together leave half of what may be sent to people we
know.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta

from bot.inbound.flood import Flood

SHARE = 0.5  # of a channel's pace that strangers may use together
AT_ONCE_SECONDS = 1.0  # of that share that may come at once
AT_ONCE_TURNS = 12  # that may come at once on a slow channel too
LONGEST_WAIT = timedelta(seconds=60)  # who would wait longer is not answered this time
ANSWERED = timedelta(minutes=10)  # who was answered so lately is not answered again while others wait
REMEMBERED = 10_000  # answered ones; more are not answered in ten minutes at any pace we know
OF_A_PERSON = 0.1  # of a known person's turns a minute, for one stranger: the door is said, and then slowly
TURNS_A_DAY = 100  # of one address, before it counts as noise until the next day
ALL_TURNS_A_DAY = 20_000  # of all of them, before only those who were invited are answered

Key = tuple[str, str]  # channel and address


class Strangers:
    """Gives strangers their turns one after another, one each; what cannot be answered in time is dropped."""

    def __init__(self, rates: Mapping[str, float], *, person_rate: float = 60.0) -> None:
        """`rates` are the messages a second that each channel takes overall; `person_rate` the turns a minute
        of somebody we know.
        """
        self._gaps = {channel: 1 / (rate * SHARE) for channel, rate in rates.items()}
        self._next: dict[str, datetime] = {}
        self._turns_at: dict[Key, datetime] = {}
        self._answered: OrderedDict[Key, datetime] = OrderedDict()
        self._turns: dict[Key, int] = {}
        self._pace = Flood(person_rate * OF_A_PERSON)
        self._hurried: Key | None = None  # who was dropped for writing too fast, just now
        self._all_turns = 0
        self._day: date | None = None

    def wait(
        self,
        key: Key,
        now: datetime,
        *,
        brings_code: bool = False,
        is_invited: Callable[[], bool] = lambda: False,
    ) -> timedelta | None:
        """Return zero when it is this address's turn, else how long until then; None when it gets none.

        Who was answered lately gets none while others wait, and nobody more than their pace, but for a
        message that `brings_code`.
        `is_invited` is asked only where a message that brings one would get no turn: who was invited has it
        at once, as there are few of them.
        """
        turn_at, self._hurried = self._turns_at.pop(key, None), None
        if turn_at is None and not brings_code and self._pace.wait(key, now):
            self._hurried = key
            return None
        if turn_at is None or turn_at - now > LONGEST_WAIT:  # farther off only by a clock that was set back
            turn_at = self._set_turn(key, now, brings_code=brings_code, is_invited=is_invited)
        if turn_at is None:
            return None
        if turn_at > now:
            self._turns_at[key] = turn_at
        else:
            self._note_answered(key, now)
        return max(timedelta(), turn_at - now)

    def to_tell(self, key: Key) -> bool:
        """Whether this address was dropped just now for writing too fast, and has not been told so."""
        return self._hurried == key and self._pace.to_tell(key)

    def _set_turn(
        self, key: Key, now: datetime, *, brings_code: bool, is_invited: Callable[[], bool]
    ) -> datetime | None:
        gap = self._gaps[key[0]]
        earliest = now - timedelta(seconds=max(AT_ONCE_SECONDS, AT_ONCE_TURNS * gap))
        turn_at = self._next.get(key[0], earliest)
        if turn_at - now > 2 * LONGEST_WAIT:
            turn_at = earliest
        turn_at = max(turn_at, earliest)
        if turn_at > now and not brings_code and self._is_answered(key, now):
            return None
        if turn_at - now > LONGEST_WAIT or not self._may_write_today(key, now):
            return now if brings_code and is_invited() else None
        self._all_turns += 1
        self._next[key[0]] = turn_at + timedelta(seconds=gap)
        return turn_at

    def _is_answered(self, key: Key, now: datetime) -> bool:
        at = self._answered.get(key)
        return at is not None and timedelta() <= now - at < ANSWERED

    def _note_answered(self, key: Key, now: datetime) -> None:
        self._answered.pop(key, None)
        self._answered[key] = now
        if len(self._answered) > REMEMBERED:
            self._answered.popitem(last=False)

    def _may_write_today(self, key: Key, now: datetime) -> bool:
        if now.date() != self._day:
            self._day = now.date()
            self._turns.clear()
            self._all_turns = 0
        turns = self._turns[key] = self._turns.get(key, 0) + 1
        return turns <= TURNS_A_DAY and self._all_turns < ALL_TURNS_A_DAY
