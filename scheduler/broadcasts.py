"""Advances announcements: start at their time, queue in portions, end when all is settled."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from domain.message import Message
from domain.rules.calendar import Calendar
from storage import broadcasts, recipients
from storage.broadcasts import Broadcast
from storage.engine.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Step:
    """What one step changed."""

    began: bool = False
    moved: int = 0  # recipients looked at for the outbox
    settled: int = 0
    over: bool = False  # every recipient is settled
    held_until: datetime | None = None  # quiet hours hold it until then

    @property
    def is_idle(self) -> bool:
        """Whether nothing changed."""
        return not (self.began or self.moved or self.settled or self.over or self.held_until)


def step(
    tx: Transaction,
    broadcast: Broadcast,
    *,
    message: Callable[[str], Message],
    room: int,
    portion: int,
    calendar: Calendar,
    zone: ZoneInfo,
    now: datetime,
) -> Step:
    """Advance an announcement in one short transaction, which may be interrupted anywhere.

    1. Take over what became of the sends.
    2. Outside decent hours hold what is left, unless it is urgent.
    3. Begin when its time has come; move a `portion` of recipients to the outbox, as far as there is `room`.
    4. Say when nobody is left; the caller ends it.

    `message` is told a language.
    """
    settled = recipients.settle(tx, broadcast.id, now=now)
    began = False
    if broadcast.state != "stopped":
        if not broadcast.urgent and not calendar.is_decent(now, zone):
            until = calendar.next_decent(now, zone)
            broadcasts.postpone(tx, broadcast.id, until=until)
            return Step(settled=settled, held_until=until)
        began = broadcasts.start(tx, broadcast.id, now=now)
    moved = 0
    room -= recipients.count(tx, broadcast.id, state="queued")
    if room > 0 and broadcast.state != "stopped":
        moved = recipients.feed(tx, broadcast.id, message=message, limit=min(room, portion), now=now)
    over = not recipients.is_open(tx, broadcast.id)
    return Step(began, moved, settled, over)
