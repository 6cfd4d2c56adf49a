"""After a restore: nothing that may have left since the backup was made leaves once more by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from domain.desk_data import DeskData
from scheduler import reminders
from scheduler.summaries import week_due
from storage import broadcasts, occurrences, periods, restores, summaries
from storage.engine.transaction import Transaction
from storage.occurrences import RUNNING


@dataclass(frozen=True, slots=True)
class HeldBack:
    """What is held back until the desk decides."""

    restore_id: int
    messages: int
    announcements: int


def hold_back(tx: Transaction, desk_data: DeskData, *, copied_at: datetime, now: datetime) -> HeldBack:
    """Hold what waited when the backup was made, and skip what became due since.

    1. Messages in the outbox wait for the desk.
    2. An announcement under way is stopped; one whose time has come is a draft again.
    3. Reminders look at what becomes due from now on; a weekly summary that became due since is left out.
    """
    restore_id, messages = restores.hold(tx, copied_at=copied_at, restored_at=now)
    active = broadcasts.active(tx, now=now)
    for number in active:
        if not broadcasts.stop(tx, number):
            broadcasts.recall(tx, number)
    occurrences.set_tick(tx, reminders.NAME, now=now)
    occurrences.clear_tick(tx, RUNNING)  # of the bot that was copied
    _skip_summary(tx, desk_data, copied_at=copied_at, now=now)
    return HeldBack(restore_id, messages, len(active))


def _skip_summary(tx: Transaction, desk_data: DeskData, *, copied_at: datetime, now: datetime) -> None:
    period, due = periods.current(tx), week_due(desk_data, now)
    if period is not None and due is not None and due[1] >= copied_at:
        summaries.keep(tx, period.id, week=due[0], recap=None, now=now)
