"""What happens by time: APScheduler only wakes the ticks, which read the tables and decide."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from time import monotonic

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from domain.desk_data import DeskData
from domain.event_log import UNHEARD, EventLog, where
from scheduler import reminders, summaries
from scheduler.housekeeping import sweep
from scheduler.queued import Queued
from scheduler.reminders import Found
from storage import clock_set_back, occurrences
from storage.engine.database import Database
from storage.engine.each_apart import run_without
from storage.engine.transaction import Transaction
from storage.occurrences import Candidate

HOUSEKEEPING = "housekeeping"
TICKS = (HOUSEKEEPING, reminders.NAME)
HOUSEKEEPING_MINUTES = 10
CLOCK_STEPPED_BACK = "clock_stepped_back"  # the error by which it is known
REMINDERS_SECONDS = 30  # a slot is a minute long
# how far back the very first tick looks: nothing older is missed, it never was due
FIRST_LOOK = timedelta(days=1)


class Scheduler:
    """Starts and stops the ticks."""

    def __init__(
        self,
        database: Database,
        desk_data: DeskData,
        *,
        clock: Callable[[], datetime],
        wake: Callable[[], None],
        log: EventLog,
        done: Counter[str],
    ) -> None:
        """`wake` tells the sender that there may be something to send; `done` counts the ticks by name."""
        self._database = database
        self._desk_data = desk_data
        self._clock = clock
        self._wake = wake
        self._log = log
        self._done = done
        done.update(dict.fromkeys(TICKS, 0))  # one that never succeeds is shown as well
        self._ticks = AsyncIOScheduler(
            timezone="UTC", job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )
        self.last_round = monotonic()  # of the reminders: a tick that raises or hangs does not move it

    def start(self) -> None:
        self._ticks.add_job(self._keep_house, "interval", minutes=HOUSEKEEPING_MINUTES)
        self._ticks.add_job(self._tick_reminders, "interval", seconds=REMINDERS_SECONDS)
        self._ticks.start()

    def stop(self) -> None:
        self._ticks.shutdown(wait=False)

    @property
    def next_tick(self) -> datetime | None:
        """When the next tick comes, by the machine's clock; None unless started."""
        return min((job.next_run_time for job in self._ticks.get_jobs()), default=None)

    async def tick(self) -> None:
        """Do at once what has fallen due: for whoever moves the clock and waits for no timer."""
        await self._keep_house()
        await self._tick_reminders()

    async def _keep_house(self) -> None:
        now, kept = self._clock(), timedelta(days=self._desk_data.retention_days)
        swept, failed = await sweep(self._database, now=now, raw_kept=kept)
        try:
            await self._database.mark()  # it empties the log, too
        except Exception as error:
            failed = {**failed, "mark": error}
        # the next tick tries again; nobody waits for this
        for kind, fault in failed.items():
            self._log.error("housekeeping_failed", kind=kind, **where(fault))
        self._done[HOUSEKEEPING] += not failed
        self._log.info("housekeeping", **swept)

    async def _mend_clock(self) -> int:
        """Notice that the clock ran ahead and came back, and let nothing wait for where it was; nobody is
        told anything by it.
        """
        now = self._clock()
        if ahead := await self._database.read(lambda tx: clock_set_back.count_ahead(tx, now=now)):
            await self._database.run(lambda tx: clock_set_back.bring_back(tx, now=now))
            self._log.error(CLOCK_STEPPED_BACK, **ahead)
            self._wake()
        return 0

    async def _tick_reminders(self) -> None:
        """Do each part though another fails; the next tick tries again from the tables, and /health tells
        when none succeeds as a whole.
        """
        queued, failed = 0, False
        # the summary first: who gets it this morning hears nothing else
        for part in (self._mend_clock, self._summarise, self._remind):
            try:
                queued += await part()
            except Exception as error:
                failed = True
                self._log.error("reminders_failed", **where(error))
        if not failed:
            self.last_round = monotonic()
            self._done[reminders.NAME] += 1
        if queued:
            self._log.info("reminders", told=queued)
            self._wake()

    async def _summarise(self) -> int:
        return await summarise(self._database, self._desk_data, now=self._clock(), log=self._log)

    async def _remind(self) -> int:
        return await remind(self._database, self._desk_data, now=self._clock(), log=self._log)


async def remind(database: Database, desk_data: DeskData, *, now: datetime, log: EventLog = UNHEARD) -> int:
    """Do one reminder tick: look at those whose minute has come, and queue what is due; returns how many
    are told.

    1. Outside the morning, and while everything is held, nothing is read and nothing is noted as looked at.
    2. Looking reads beside the writer; only who is due is judged once more inside a transaction.
    3. The tick is noted last: a kill in between has it done again, and the keys keep it from doing
       anything twice.
    """
    if not desk_data.reminders.is_morning(now, desk_data.calendar, desk_data.timezone):
        return 0
    since, paused = await database.read(
        lambda tx: (occurrences.last_tick(tx, reminders.NAME), occurrences.paused_since(tx))
    )
    if paused is not None:
        return 0
    since = since or now - FIRST_LOOK
    queued = 0
    after = -1
    while after:
        page = await database.read(_make_look(desk_data, since, now=now, after=after))
        for begin in range(0, len(page.people), reminders.TOLD_AT_ONCE):
            people = page.people[begin : begin + reminders.TOLD_AT_ONCE]
            portion = await run_without(database, _make_tell(desk_data, people, since=since, now=now))
            queued += portion.count
            _note_passed_over(log, portion.passed_over)
        after = page.next
    await database.run(lambda tx: occurrences.set_tick(tx, reminders.NAME, now=now))
    return queued


async def summarise(
    database: Database, desk_data: DeskData, *, now: datetime, log: EventLog = UNHEARD
) -> int:
    """Send the weekly summary if its moment has come; returns how many get it.

    Who was passed over is tried again until the hours of that day end.
    """
    if not desk_data.calendar.is_decent(now, desk_data.timezone):
        return 0
    queued = await run_without(
        database, lambda tx, costly: summaries.summarise(tx, desk_data, now=now, costly=costly)
    )
    _note_passed_over(log, queued.passed_over)
    return queued.count


def _note_passed_over(log: EventLog, passed_over: Iterable[tuple[int, Exception]]) -> None:
    for contact, error in passed_over:
        log.error("person_passed_over", contact=contact, **where(error))


def _make_look(
    desk_data: DeskData, since: datetime, *, now: datetime, after: int
) -> Callable[[Transaction], Found]:
    return lambda tx: reminders.look(tx, desk_data, since=since, now=now, after=after)


def _make_tell(
    desk_data: DeskData, people: Sequence[Candidate], *, since: datetime, now: datetime
) -> Callable[[Transaction, Mapping[object, Exception]], Queued]:
    return lambda tx, costly: reminders.tell(
        tx, desk_data, people=people, since=since, now=now, costly=costly
    )
