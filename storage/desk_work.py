"""What waits for the desk: innovations to check in whatever period, the regency's own profile, the portal."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from domain.reminding.escalation import DeskWork, LateReview, profile_lack
from domain.review import QUEUES
from domain.rules.calendar import Calendar
from storage import reports, reviews
from storage.engine.transaction import Transaction
from storage.reminder_facts import Look

NAMED = 3  # of the innovations that wait too long


def load(tx: Transaction, look: Look) -> DeskWork:
    """Read what waits, since when, which innovations wait too long, and what the profile lacks."""
    zone, most = look.desk_data.timezone, look.desk_data.reminders.limits.review
    counts, judged = reviews.counts(tx), reports.judged(tx, look.desk_data, period=look.period)
    came = [
        LateReview(waiting.title, waiting.office, waiting.since.astimezone(zone).date(), waiting.closed_year)
        for waiting in reviews.queue(tx, "wait", limit=NAMED)
        if waiting.since is not None
    ]
    last = _find_last_late(look.today, look.desk_data.calendar, most=most)
    end = datetime.combine(last + timedelta(days=1), time.min, zone)
    return DeskWork(
        waiting=sum(counts.get(state, 0) for state in QUEUES["wait"]),
        oldest=came[0].since if came else None,
        profile=profile_lack(judged.profile, look.desk_data.rules[look.period.rule_year]),
        portal_closes=look.period.portal_closes,
        late=tuple(entry for entry in came if entry.since <= last),
        late_count=reviews.count_waiting(tx, before=end),
        late_after=most,
    )


def _find_last_late(today: date, calendar: Calendar, *, most: int) -> date:
    """Find the last day since which more than so many working days have passed."""
    day = today
    while calendar.working_days(day, today) <= most:
        day -= timedelta(days=1)
    return day
