"""The summary tick: once a week, Monday at 08.00 or the next working morning, to those who subscribe."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from domain import buttons
from domain.desk_data import DeskData
from domain.message import Choice, Message
from domain.reading.partial_date import PartialDate, say_date
from domain.reminding import weekly_summary
from domain.rules.calendar import DAY_OPENS, WEEK
from domain.templates import with_template
from domain.texts import Say
from scheduler.queued import Queued
from storage import contacts, desk_messages, occurrences, outbox, periods, reminder_wishes, summaries
from storage.engine.each_apart import for_each
from storage.engine.transaction import Transaction
from storage.periods import Period


def week_due(desk_data: DeskData, now: datetime) -> tuple[date, datetime] | None:
    """Find the newest week whose moment has come: its Monday and that moment; None when none of the last
    two has.
    """
    today = now.astimezone(desk_data.timezone).date()
    monday = today - timedelta(days=today.weekday())
    for week in (monday, monday - timedelta(days=7)):
        morning = _find_morning(desk_data, week)
        if morning <= now:
            return week, morning
    return None


def summarise(tx: Transaction, desk_data: DeskData, *, now: datetime) -> Queued:
    """Queue the week's summary if its moment has come; one who cannot be written to is passed over.

    1. Whoever writes the week's row first sends it; a second process finds it there.
    2. After a standstill it goes out once, when working hours begin; of a week without one the desk is told.
    3. Who subscribes after its moment gets the next one, as they were told.
    """
    period, due = periods.current(tx), week_due(desk_data, now)
    if period is None or due is None or occurrences.paused_since(tx) is not None:
        return Queued()
    week, morning = due
    people = reminder_wishes.subscribers(tx, since=morning)
    if not people or summaries.is_kept(tx, period.id, week=week):
        return Queued()
    _note_dropped(tx, desk_data, period=period, week=week - WEEK, now=now)
    made = summaries.gather(tx, desk_data, period=period, now=now)
    summaries.keep(tx, period.id, week=week, recap=made, now=now)
    queued: list[int] = []

    def queue(tx: Transaction, contact: int) -> None:
        key = f"summary:{period.id}:{week}:{contact}"
        if _queue_summary(tx, desk_data, made=made, contact=contact, key=key, now=now):
            queued.append(contact)

    passed_over = for_each(tx, people, work=queue)
    return Queued(len(queued), tuple(passed_over))


def _find_morning(desk_data: DeskData, week: date) -> datetime:
    """The moment of a week's summary, which a week of holidays leaves to the morning after."""
    return datetime.combine(desk_data.calendar.on_or_after(week), DAY_OPENS, tzinfo=desk_data.timezone)


def _note_dropped(tx: Transaction, desk_data: DeskData, *, period: Period, week: date, now: datetime) -> None:
    """Note that a whole week went by without its summary, and tell the desk, once."""
    morning = _find_morning(desk_data, week)
    if morning.date() >= week + WEEK or morning.date() < period.opens_on:
        return
    if not reminder_wishes.subscribers(tx, since=morning) or summaries.is_kept(tx, period.id, week=week):
        return
    summaries.keep(tx, period.id, week=week, recap=None, now=now)
    _tell_desk(tx, desk_data, week=week, now=now)


def _tell_desk(tx: Transaction, desk_data: DeskData, *, week: date, now: datetime) -> None:
    """Tell everybody at the desk that a week's summary was dropped, once."""

    def write(language: str) -> Message:
        day = say_date(PartialDate(week, "day"), language, weekday=True)
        return Message(desk_data.words.in_(language)("weekly_summary.dropped", day=day))

    desk_messages.queue(tx, f"summary_dropped:{week}", write=write, now=now, priority=outbox.REMINDER)


def _queue_summary(
    tx: Transaction, desk_data: DeskData, *, made: weekly_summary.Recap, contact: int, key: str, now: datetime
) -> bool:
    where = contacts.reach(tx, contact)
    if where is None:
        return False
    channel, address, language = where
    say = desk_data.words.in_(language)
    message = weekly_summary.message(
        made,
        say,
        indicators=desk_data.indicators[made.judged.rule_year],
        zone=desk_data.timezone,
        rows=_make_buttons(say),
    )
    outbox.insert(
        tx,
        channel=channel,
        address=address,
        message=_add_template(tx, desk_data, message=message, contact=contact, language=language, now=now),
        now=now,
        terms=outbox.Terms(priority=outbox.REMINDER, dedupe_key=key, repeatable=False),
    )
    return True


def _add_template(
    tx: Transaction, desk_data: DeskData, *, message: Message, contact: int, language: str, now: datetime
) -> Message:
    """Name the template that says the summary is there; its button asks for it."""
    today = PartialDate(now.astimezone(desk_data.timezone).date(), "day")
    return with_template(
        message,
        desk_data.templates["summary"],
        language=language,
        parameters={
            "nama": contacts.name_of(tx, contact),
            "tanggal": say_date(today, language, weekday=True),
        },
        opens=buttons.Open("rekap"),
    )


def _make_buttons(say: Say) -> tuple[tuple[Choice, ...], ...]:
    return (
        (Choice(say("opens.status"), buttons.Open("status")),),
        (Choice(say("weekly_summary.unsubscribe"), buttons.Summary("off")),),
    )
