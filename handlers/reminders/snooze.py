"""Buttons under a reminder: put it off to a morning inside the deadline, or aim at an earlier date."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from domain import buttons
from domain.message import Choice, Kind, Message
from domain.people import Right
from domain.reading.dates import read_date
from domain.reading.result import Ambiguous, NotUnderstood
from domain.reminding.facts import Subject
from domain.reminding.target_days import target_days
from domain.reminding.texts import offered
from domain.review import Standing
from domain.texts import Marked
from handlers.context import Context, message
from handlers.reminders import tasks
from storage import audit, dialogues, periods, reminder_facts, reminder_wishes
from storage.periods import Period

DIALOGUE = "snooze"


@dataclass(frozen=True, slots=True)
class DayAsked:
    """State of the dialogue: for which office another day was asked; 0 is all of the person's."""

    office: int = 0


def tapped(ctx: Context, button: buttons.Snooze | buttons.Target) -> list[Message]:
    """Put off, or aim at an earlier day; whose office it is, is looked up anew."""
    period, office = periods.current(ctx.tx), button.office
    if period is None:
        return tasks.tasks(ctx)
    subjects = _load_subjects(ctx, period, office=office)
    if not subjects:
        audit.record(ctx.tx, "refused_button", now=ctx.now, actor=ctx.person.id, office=office)
        return tasks.tasks(ctx)
    if isinstance(button, buttons.Target):
        return (
            _take_target(ctx, period, subject=subjects[0], value=button.day) if office else tasks.tasks(ctx)
        )
    lacking = {
        subject.office: subject
        for subject in subjects
        if subject.standing != Standing.DONE and not subject.exempt
    }
    if not lacking:
        return _say_gone(ctx)
    return _snooze(ctx, period, office=office, lacking=lacking, value=button.until)


def _load_subjects(ctx: Context, period: Period, *, office: int) -> list[Subject]:
    """Load the person's own offices, or the one named; nothing when it is somebody else's."""
    own = reminder_facts.load(
        ctx.tx,
        reminder_facts.look_at(ctx.desk_data, period, now=ctx.now),
        contacts=[ctx.person.id],
        any_rung=True,
    )
    return [
        subject
        for subject in own
        if office in (0, subject.office) and ctx.may(Right.SUBMIT, office=subject.office)
    ]


def _say_gone(ctx: Context) -> list[Message]:
    return message(ctx.say("snooze.nothing"), (Choice(ctx.say("opens.status"), buttons.Open("status")),))


# putting off


def _snooze(
    ctx: Context, period: Period, *, office: int, lacking: Mapping[int, Subject], value: str
) -> list[Message]:
    tomorrow, monday = offered(ctx.desk_data.calendar, ctx.today)
    if value == "tanggal":
        dialogues.begin(ctx.tx, ctx.person.id, name=DIALOGUE, state=DayAsked(office))
        return _ask(ctx, office, text=ctx.say("snooze.ask", until=ctx.day(_find_latest(lacking))))
    day = {"besok": tomorrow, "senin": monday}.get(value) or _read_iso(value)
    if day is None:
        return tasks.tasks(ctx)
    return _put_off(ctx, period, office=office, lacking=lacking, wanted=day)


def _find_latest(lacking: Mapping[int, Subject]) -> date:
    return min(subject.deadline for subject in lacking.values())


def _read_iso(value: str) -> date | None:
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def _put_off(
    ctx: Context, period: Period, *, office: int, lacking: Mapping[int, Subject], wanted: date
) -> list[Message]:
    """Keep the morning, on the working day before where offices are closed; beyond the deadline nothing is
    kept.
    """
    until = _find_latest(lacking)
    if wanted > until:
        return _ask(ctx, office, text=ctx.say("snooze.beyond", day=ctx.day(wanted), until=ctx.day(until)))
    day = ctx.desk_data.calendar.on_or_before(wanted)
    if day <= ctx.today:
        key = "snooze.past" if wanted <= ctx.today else "snooze.no_morning"
        return _ask(ctx, office, text=ctx.say(key, day=ctx.day(wanted), until=ctx.day(until)))
    for office_id in lacking:
        reminder_wishes.snooze(
            ctx.tx, ctx.person.id, period=period.id, office=office_id, until=day, now=ctx.now
        )
    dialogue = dialogues.load(ctx.tx, ctx.person.id)
    if dialogue is not None and dialogue.name == DIALOGUE:
        dialogues.close(ctx.tx, ctx.person.id)
    key = "snooze.done" if day == wanted else "snooze.done_earlier"
    text = ctx.say(key, day=ctx.day(day, weekday=True), wanted=ctx.day(wanted), until=ctx.day(until))
    other_day = Choice(ctx.say("reminder_texts.other_day"), buttons.Snooze(office, "tanggal"))
    return message(text, (Choice(ctx.say("snooze.now_after_all"), buttons.Open("tugas")),), (other_day,))


def _ask(ctx: Context, office: int, *, text: Marked) -> list[Message]:
    calendar = ctx.desk_data.calendar
    days = [day for day in dict.fromkeys(offered(calendar, ctx.today)) if day > ctx.today]
    row = tuple(Choice(ctx.day(day, weekday=True), buttons.Snooze(office, day.isoformat())) for day in days)
    return message(
        text, *((choice,) for choice in row), (Choice(ctx.say("snooze.leave"), buttons.Open("tugas")),)
    )


def said(ctx: Context) -> list[Message]:
    """Take the date a person typed; the question stays open until one fits."""
    return day_said(ctx, office=(ctx.state(DIALOGUE, DayAsked) or DayAsked()).office)


def day_said(ctx: Context, *, office: int) -> list[Message]:
    """Put off to the date that was typed, for one office or, with 0, for all of the person's."""
    period = periods.current(ctx.tx)
    subjects = _load_subjects(ctx, period, office=office) if period is not None else []
    lacking = {
        subject.office: subject
        for subject in subjects
        if subject.standing != Standing.DONE and not subject.exempt
    }
    if period is None or not lacking:
        dialogues.close(ctx.tx, ctx.person.id)
        return _say_gone(ctx)
    days = _read_days(ctx, until=_find_latest(lacking))
    if not days:
        return _ask(ctx, office, text=ctx.say("snooze.not_read", until=ctx.day(_find_latest(lacking))))
    if len(days) > 1:
        rows = [
            (Choice(ctx.day(day, weekday=True), buttons.Snooze(office, day.isoformat())),) for day in days
        ]
        return message(
            ctx.say("snooze.which"), *rows, (Choice(ctx.say("snooze.leave"), buttons.Open("tugas")),)
        )
    return _put_off(ctx, period, office=office, lacking=lacking, wanted=days[0])


def _read_days(ctx: Context, *, until: date) -> list[date]:
    """Read the typed date; several where it can be read in several ways, none where it is no date."""
    if ctx.inbound.kind is not Kind.TEXT:
        return []
    result = read_date(ctx.inbound.text, today=ctx.today)
    if isinstance(result, NotUnderstood):
        return []
    values = result.candidates if isinstance(result, Ambiguous) else (result.value,)
    return _list_possible(ctx, [value.value for value in values], until=until)


def _list_possible(ctx: Context, days: list[date], *, until: date) -> list[date]:
    """Leave the readings to which it can be put off: coming working days before the deadline.

    Where only one is left it is taken at its word: the answer says the date, and why it does not fit.
    """
    calendar = ctx.desk_data.calendar
    possible = [day for day in days if ctx.today < day <= until and calendar.is_working(day)]
    return possible or days[:1]


# aiming


def _take_target(ctx: Context, period: Period, *, subject: Subject, value: str) -> list[Message]:
    """Offer three earlier dates, or keep the one that was chosen."""
    if value == "x":
        reminder_wishes.drop_target(ctx.tx, subject.office, period=period.id, by=ctx.person.id, now=ctx.now)
        return message(ctx.say("snooze.target_dropped", deadline=ctx.day(subject.deadline)), _make_tasks(ctx))
    chosen = _read_iso(value) if value else None
    if subject.standing == Standing.DONE or subject.exempt:
        return _say_gone(ctx)
    if chosen is not None and ctx.today < chosen < subject.deadline:
        reminder_wishes.set_target(
            ctx.tx, subject.office, period=period.id, target=chosen, by=ctx.person.id, now=ctx.now
        )
        days = {"day": ctx.day(chosen, weekday=True), "deadline": ctx.day(subject.deadline)}
        return message(ctx.say("snooze.target_kept", **days), _make_tasks(ctx))
    return _offer_targets(ctx, subject)


def _offer_targets(ctx: Context, subject: Subject) -> list[Message]:
    proposals = target_days(ctx.desk_data.calendar, today=ctx.today, deadline=subject.deadline)
    if not proposals:
        return message(
            ctx.say("snooze.target_too_late", deadline=ctx.day(subject.deadline)), _make_tasks(ctx)
        )
    rows = [
        (Choice(ctx.day(day, weekday=True), buttons.Target(subject.office, day.isoformat())),)
        for day in proposals
    ]
    if subject.target is not None:
        rows.append((Choice(ctx.say("snooze.target_drop"), buttons.Target(subject.office, "x")),))
    return message(ctx.say("snooze.target_ask", deadline=ctx.day(subject.deadline)), *rows, _make_tasks(ctx))


def _make_tasks(ctx: Context) -> tuple[Choice, ...]:
    return (Choice(ctx.say("opens.tasks"), buttons.Open("tugas")),)
