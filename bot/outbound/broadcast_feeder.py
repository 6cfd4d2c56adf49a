"""Feeds announcements to the outbox as fast as the sender takes them, and keeps whoever announced
informed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from math import ceil
from time import monotonic

from domain.desk_data import DeskData
from domain.event_log import EventLog, where
from domain.message import Message
from domain.templates import with_template
from handlers.broadcast import report, written_back
from scheduler.broadcasts import Advance, Room, advance
from storage import broadcasts, recipients
from storage.broadcasts import Broadcast
from storage.engine.database import Database
from storage.engine.errors import is_away, is_full
from storage.engine.transaction import Transaction

LOOK_SECONDS = 0.5  # between looks; a portion lasts longer
AHEAD_SECONDS = 4.0  # of pace: recipients in the outbox, so that memory and tables stay flat
PORTION = 60  # recipients in one transaction: a turn waits at most a millisecond or two for it
NEWS = timedelta(seconds=10)  # between two edits of the message that shows how far it is
LONGEST_PAUSE = 30.0  # seconds between tries while the database takes nothing


class Feeder:
    """Looks for announcements and advances each until there is nothing to do."""

    def __init__(
        self,
        database: Database,
        desk_data: DeskData,
        *,
        clock: Callable[[], datetime],
        rate: float,
        wake_sender: Callable[[], None],
        log: EventLog,
    ) -> None:
        """`rate` is messages a second."""
        self._database = database
        self._desk_data = desk_data
        self._clock = clock
        self._log = log
        self._wake_sender = wake_sender
        portion = max(PORTION, min(ceil(rate / 10), 10 * PORTION))
        self._room = Room(ceil(rate * AHEAD_SECONDS), portion)
        self._woken = asyncio.Event()
        self._rounds = 0
        self._was_idle = True
        self._aside: dict[int, tuple[float, float]] = {}  # which ones raised: until when (monotonic), pause
        self.last_round = monotonic()

    async def run(self) -> None:
        """Work until cancelled."""
        pause = LOOK_SECONDS
        while True:
            self._woken.clear()
            try:
                self._was_idle = not await self._advance_all()
                self.last_round = monotonic()
                pause = LOOK_SECONDS
            except Exception as error:
                # nothing is lost: what was not committed is done again
                self._log.error("broadcast_round_failed", pause=pause, **where(error))
                pause = min(pause * 2, LONGEST_PAUSE)
            self._rounds += 1
            try:
                async with asyncio.timeout(pause):
                    await self._woken.wait()
            except TimeoutError:
                continue

    async def idle(self) -> None:
        """Return after a whole round that found nothing to do."""
        began = self._rounds
        while not (self._was_idle and self._rounds > began + 1):
            self._woken.set()
            await asyncio.sleep(0.002)

    async def _advance_all(self) -> bool:
        """Advance every announcement once; tells whether anything changed."""
        now = self._clock()
        changed = False
        active = await self._database.read(lambda tx: broadcasts.active(tx, now=now))
        self._aside = {number: self._aside[number] for number in active if number in self._aside}
        for number in active:
            until, pause = self._aside.get(number, (0.0, LOOK_SECONDS))
            if until > monotonic():
                continue
            try:
                changed = await self._advance_fully(number) or changed
                self._aside.pop(number, None)
            except Exception as error:
                if is_full(error) or is_away(error):
                    raise
                # it stands aside for a while: the others go on
                pause = min(pause * 2, LONGEST_PAUSE)
                self._aside[number] = (monotonic() + pause, pause)
                self._log.error("broadcast_not_advanced", broadcast=number, pause=pause, **where(error))
        return changed

    async def _advance_fully(self, broadcast_id: int) -> bool:
        """Take one announcement as far as there is room; tells whether anything changed."""
        moved, changed = self._room.portion, False
        while moved == self._room.portion:
            done = await self._advance(broadcast_id)
            moved, changed = done.moved, changed or not done.is_idle
        return changed

    async def _advance(self, broadcast_id: int) -> Advance:
        now = self._clock()
        done, is_news = await self._database.run(
            lambda tx: self._advance_in_transaction(tx, broadcast_id, now=now)
        )
        if done.moved or is_news:
            self._wake_sender()
        return done

    def _advance_in_transaction(
        self, tx: Transaction, broadcast_id: int, *, now: datetime
    ) -> tuple[Advance, bool]:
        """Advance it once and tell the news, in one transaction, in the database's thread; tells whether
        there is news.
        """
        desk_data, broadcast = self._desk_data, broadcasts.load(tx, broadcast_id)
        if broadcast is None or broadcast.state not in ("held", "running", "stopped") or broadcast.ended_at:
            return Advance(), False
        done = advance(
            tx,
            desk_data,
            broadcast=broadcast,
            message=lambda language: _announced(desk_data, broadcast, language=language),
            room=self._room,
            now=now,
        )
        if report.news_under_way(tx, broadcast):
            return replace(done, over=False), False  # the end is told when the news before has arrived
        if done.over:
            broadcasts.end(tx, broadcast_id, now=now)
        is_news = done.over or done.held_until is not None or self._is_time(tx, broadcast, now)
        if is_news:
            fresh = broadcasts.load(tx, broadcast_id) or broadcast
            report.tell_progress(tx, desk_data, broadcast=fresh, now=now)
            if done.over:
                report.tell_end(tx, desk_data, broadcast=fresh, now=now)
        return done, is_news

    def _is_time(self, tx: Transaction, broadcast: Broadcast, now: datetime) -> bool:
        """Whether news is due: every some seconds, and once where everybody left waits for another day."""
        if broadcast.progress_at is None:
            return True
        if now - broadcast.progress_at < NEWS:
            return False
        return recipients.put_off_until(tx, broadcast.id, now=now) is None or report.reads_otherwise(
            tx, self._desk_data, broadcast=broadcast, now=now
        )


def _announced(desk_data: DeskData, broadcast: Broadcast, *, language: str) -> Message:
    """Write it as a recipient sees it, with the template that rings where the text itself may not be sent."""
    shown = written_back.announcement(broadcast, desk_data.words.in_(language))
    return with_template(shown, desk_data.templates["announcement"], language=language)
