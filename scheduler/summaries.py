"""The summary tick: once a week, Monday at 08.00 or the next working morning, to those who subscribe."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from domain import buttons
from domain.desk_data import DeskData
from domain.message import Choice, Message
from domain.reading.partial_date import PartialDate, say_date
from domain.reminding import weekly_summary
from domain.rules.calendar import WEEK
from domain.templates import with_template
from domain.texts import Say
from scheduler.queued import NOBODY, Queued, of_people
from storage import contacts, desk_messages, occurrences, outbox, periods, reminder_wishes, summaries
from storage.engine.each_apart import for_each
from storage.engine.transaction import Transaction
from storage.engine.utc import utc_time
from storage.periods import Period

AGAIN_MINUTES = 10  # between two tries for somebody who was passed over
LATEST = timedelta(hours=24)  # after its moment: what is later tells of another week


@dataclass(frozen=True, slots=True)
class _OfWeek:
    """What a week's summary is written from."""

    period: Period
    week: date
    made: weekly_summary.Recap
    before: weekly_summary.Recap | None  # of the week before


def week_due(desk_data: DeskData, now: datetime) -> tuple[date, datetime] | None:
    """Find the newest week whose moment has come: its Monday and that moment; None when none of the last
    two has.
    """
    today = now.astimezone(desk_data.timezone).date()
    monday = today - timedelta(days=today.weekday())
    for week in (monday, monday - timedelta(days=7)):
        morning = weekly_summary.morning_of(week, desk_data.calendar, zone=desk_data.timezone)
        if morning <= now:
            return week, morning
    return None


def summarise(
    tx: Transaction, desk_data: DeskData, *, now: datetime, costly: Mapping[object, Exception] = NOBODY
) -> Queued:
    """Queue the week's summary if its moment has come.

    1. Whoever writes the week's row first sends it; a second process finds it there.
    2. After a standstill it goes out once, when working hours begin; a day late it is dropped (F99).
    3. Who subscribes after its moment gets the next one, as they were told.
    4. Where nothing has changed since the week before, whoever had that week's is told so in its place.
    5. Somebody for whom it raises is passed over and tried again on that day, from what was kept of it;
       `costly` are the numbers of people who cost the transaction before (`run_without`).
    """
    period, due = periods.current(tx), week_due(desk_data, now)
    if period is None or due is None or occurrences.paused_since(tx) is not None:
        return Queued()
    week, morning = due
    people = reminder_wishes.subscribers(tx, since=morning)
    made = _take_of_week(tx, desk_data, period=period, due=due, now=now) if people else None
    if made is None:
        return Queued()
    missing = summaries.without_message(tx, period.id, week=week, contacts=people)
    of_week = _OfWeek(period, week, made, summaries.kept(tx, period.id, week=week - WEEK))
    queued: list[int] = []

    def queue(tx: Transaction, contact: int) -> None:
        if _queue_summary(tx, desk_data, of_week=of_week, contact=contact, now=now):
            queued.append(contact)

    passed_over = for_each(tx, [contact for contact in missing if contact not in costly], work=queue)
    return Queued(len(queued), (*passed_over, *of_people(costly)))


def _take_of_week(
    tx: Transaction, desk_data: DeskData, *, period: Period, due: tuple[date, datetime], now: datetime
) -> weekly_summary.Recap | None:
    """Make and keep what the summary of a week says, or load what was made of it today, every ten minutes;
    None where nothing is to be sent.
    """
    week, morning = due
    if not summaries.is_kept(tx, period.id, week=week):
        _note_dropped(tx, desk_data, period=period, week=week - WEEK, now=now)
        if now.replace(second=0, microsecond=0) - morning > LATEST:
            _note_dropped(tx, desk_data, period=period, week=week, now=now)
            return None
        made = summaries.gather(tx, desk_data, period=period, now=now)
        summaries.keep(tx, period.id, week=week, recap=made, now=now)
        return made
    if now.minute % AGAIN_MINUTES:
        return None
    kept, zone = summaries.kept(tx, period.id, week=week), desk_data.timezone
    is_of_today = (
        kept is not None and utc_time(kept.at).astimezone(zone).date() == now.astimezone(zone).date()
    )
    return kept if is_of_today else None


def _note_dropped(tx: Transaction, desk_data: DeskData, *, period: Period, week: date, now: datetime) -> None:
    """Note that a week is left without its summary, and tell the desk, once."""
    morning = weekly_summary.morning_of(week, desk_data.calendar, zone=desk_data.timezone)
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
    tx: Transaction, desk_data: DeskData, *, of_week: _OfWeek, contact: int, now: datetime
) -> bool:
    where = contacts.reach(tx, contact)
    if where is None:
        return False
    channel, address, language = where
    message = _write(tx, desk_data, of_week=of_week, contact=contact, language=language)
    key = summaries.key(of_week.period.id, week=of_week.week, contact=contact)
    outbox.insert(
        tx,
        channel=channel,
        address=address,
        message=_add_template(tx, desk_data, message=message, contact=contact, language=language, now=now),
        now=now,
        terms=outbox.Terms(priority=outbox.REMINDER, dedupe_key=key, repeatable=False),
    )
    return True


def _write(tx: Transaction, desk_data: DeskData, *, of_week: _OfWeek, contact: int, language: str) -> Message:
    """Write the summary; in its place why there is none, for whoever has read the same the week before."""
    say, zone = desk_data.words.in_(language), desk_data.timezone
    made, before = of_week.made, of_week.before
    rows = _make_buttons(say)
    had_it = not summaries.without_message(
        tx, of_week.period.id, week=of_week.week - WEEK, contacts=[contact]
    )
    if before is not None and had_it and weekly_summary.is_unchanged(made, before):
        again = (Choice(say("opens.summary"), buttons.Open("rekap")),)
        return weekly_summary.left_out(made, before, say=say, zone=zone, rows=(again, *rows))
    indicators = desk_data.indicators[made.judged.rule_year]
    return weekly_summary.message(made, say, indicators=indicators, zone=zone, rows=rows)


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
