"""Judges everything unasked right before it leaves, whatever queued it: reminders, notices, announcements.

A message may have been queued in the morning and stand at the door in the evening, after an outage.
"""

from __future__ import annotations

from datetime import datetime

from domain.delivery import Departure
from domain.desk_data import DeskData
from scheduler.reminders import may_leave
from storage import heard_days, occurrences, outbox, outbox_rows, recipients
from storage.engine.transaction import Transaction

LEAVES, WITHDRAWN = Departure(), Departure(leaves=False)


def judge_departure(tx: Transaction, desk_data: DeskData, *, outbox_id: int, now: datetime) -> Departure:
    """Decide whether a reminder or a notice leaves, waits for a decent hour, or was taken back."""
    if occurrences.of_message(tx, outbox_id)[0]:
        return LEAVES if may_leave(tx, desk_data, outbox_id=outbox_id, now=now) else WITHDRAWN
    due = desk_data.calendar.next_decent(now, desk_data.timezone)
    return LEAVES if due <= now else Departure(leaves=False, until=due)


def judge_announced(tx: Transaction, desk_data: DeskData, *, outbox_id: int, now: datetime) -> Departure:
    """Decide whether an announcement leaves to one person; reads alone.

    Outside decent hours it waits, and above the person's limits until the first working morning below them,
    where it is judged again. One sent at once all the same keeps to no hours, one marked urgent to no limits.
    """
    any_hour, no_limits = recipients.urgency(tx, outbox_id)
    calendar, zone = desk_data.calendar, desk_data.timezone
    due = calendar.next_decent(now, zone)
    if due > now and not any_hour:
        return Departure(leaves=False, until=due)
    if no_limits:
        return LEAVES
    today = now.astimezone(zone).date()
    days = heard_days.days_before(tx, desk_data, outbox_id=outbox_id, now=now)
    limits = desk_data.reminders.limits
    if not limits.reached(days, today=today):
        return LEAVES
    return Departure(leaves=False, until=limits.free_morning(days, after=now, calendar=calendar, zone=zone))


def judge_row(
    tx: Transaction, desk_data: DeskData, *, outbox_id: int, priority: int, now: datetime
) -> Departure:
    """Decide for a message by its kind; what a person asked for always leaves."""
    if priority == outbox.REPLY or outbox_rows.is_asked(tx, outbox_id):
        return LEAVES
    judge = judge_announced if priority == outbox.BROADCAST else judge_departure
    return judge(tx, desk_data, outbox_id=outbox_id, now=now)
