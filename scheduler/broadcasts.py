"""Advances announcements: start at their time, queue in portions, end when all is settled."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from domain.desk_data import DeskData
from domain.message import Message
from storage import audiences, broadcasts, recipients
from storage.broadcasts import Broadcast
from storage.engine.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Advance:
    """What advancing an announcement once changed."""

    began: bool = False
    moved: int = 0  # recipients looked at for the outbox
    settled: int = 0
    over: bool = False  # every recipient is settled
    held_until: datetime | None = None  # quiet hours hold it until then

    @property
    def is_idle(self) -> bool:
        """Whether nothing changed."""
        return not (self.began or self.moved or self.settled or self.over or self.held_until)


@dataclass(frozen=True, slots=True)
class Room:
    """How many recipients may be moved to the outbox."""

    waiting: int  # may wait there at the same time
    portion: int  # at a time


def advance(
    tx: Transaction,
    desk_data: DeskData,
    *,
    broadcast: Broadcast,
    message: Callable[[str], Message],
    room: Room,
    now: datetime,
) -> Advance:
    """Advance an announcement in one short transaction, which may be interrupted anywhere.

    1. Take over what became of the sends.
    2. Outside decent hours hold what is left, unless it is urgent.
    3. Begin when its time has come; move a portion of recipients to the outbox, as far as there is room.
    4. Say when nobody is left; the caller ends it.

    `message` is told a language.
    """
    calendar, zone = desk_data.calendar, desk_data.timezone
    settled = recipients.settle(tx, broadcast.id, now=now)
    if broadcast.state == "stopped":
        return Advance(settled=settled, over=not recipients.is_open(tx, broadcast.id))
    if not broadcast.urgent and not calendar.is_decent(now, zone):
        until = calendar.next_decent(now, zone)
        broadcasts.postpone(tx, broadcast.id, until=until)
        return Advance(settled=settled, held_until=until)
    began = _begin(tx, broadcast, now=now)
    moved = _move(tx, broadcast, message=message, room=room, now=now)
    return Advance(began, moved, settled, over=not recipients.is_open(tx, broadcast.id))


def _begin(tx: Transaction, broadcast: Broadcast, *, now: datetime) -> bool:
    """Begin it where it has not, also for whoever has come to a post since; tells whether it began now."""
    began = broadcasts.start(tx, broadcast.id, now=now)
    if began:
        audiences.top_up(tx, broadcast.id, audience=broadcast.audience, follows=broadcast.follows)
    return began


def _move(
    tx: Transaction, broadcast: Broadcast, *, message: Callable[[str], Message], room: Room, now: datetime
) -> int:
    """Move recipients to the outbox; returns how many were looked at."""
    left = room.waiting - recipients.count(tx, broadcast.id, state="queued")
    if left <= 0:
        return 0
    limit = min(left, room.portion)
    return recipients.feed(tx, broadcast.id, message=message, limit=limit, now=now)
