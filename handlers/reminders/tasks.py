"""/tugas: what is expected of me now: the reminder on demand, with one button to exactly the place."""

from __future__ import annotations

from dataclasses import replace

from domain import buttons
from domain.message import Choice, Message, Rows
from domain.people import Right
from domain.reminding.desk_texts import Note, desk_note
from domain.reminding.escalation import DeskWork, announced, is_lacking, unanswered
from domain.reminding.facts import Key, Moment, Occurrence, Subject
from domain.reminding.target_days import target_days
from domain.reminding.texts import Line, reminder
from domain.review import Standing
from domain.texts import join
from handlers import ui
from handlers.context import Context, message
from handlers.operations import restored_messages
from handlers.questions import desk_answers
from storage import desk_work, occurrences, periods, reminder_facts, reminder_texts, reminder_wishes, reviews
from storage.periods import Period

RETURNED_SHOWN = 5  # buttons; /draf has them all


def tasks(ctx: Context) -> list[Message]:
    """Say what this person has to do next, as focal point, as the desk, or as both."""
    period = periods.current(ctx.tx)
    if period is None:
        return message(ui.no_period(ctx), (Choice(ctx.say("opens.help"), buttons.Open("bantuan")),))
    messages = []
    if ctx.may(Right.SUBMIT):
        messages.append(of_office(ctx, period))
    if ctx.may(Right.MANAGE_REMINDERS):
        messages += [
            *restored_messages.open_ones(ctx),
            *ui.as_one([_write_desk_note(ctx, period)], desk_answers.open_ones(ctx)),
        ]
    return messages


def moment(ctx: Context) -> Moment:
    """The present moment, for judging without sending."""
    desk_data = ctx.desk_data
    return Moment(desk_data.reminders, desk_data.calendar, desk_data.timezone, ctx.now, ctx.now)


def of_office(ctx: Context, period: Period) -> Message:
    """Write the reminder of the person's own offices, whatever the day."""
    look = reminder_facts.look_at(ctx.desk_data, period, now=ctx.now)
    subjects = [
        subject
        for subject in reminder_facts.load(ctx.tx, look, contacts=[ctx.person.id], any_rung=True)
        if not subject.exempt
    ]
    if not subjects:
        return Message(
            ctx.say("tasks.exempt", year=period.year),
            ((Choice(ctx.say("opens.status"), buttons.Open("status")),),),
        )
    lines = lines_of(ctx, period, subjects=subjects)
    message = reminder(lines, ctx.say, calendar=ctx.desk_data.calendar)
    if len(lines) == 1 and lines[0].trigger == "asked":
        message = replace(message, rows=(*message.rows, *_make_target(ctx, subjects[0])))
    return _add_returned(ctx, message, subjects=subjects)


def _add_returned(ctx: Context, message: Message, *, subjects: list[Subject]) -> Message:
    """Add what the desk has returned: an office whose duty is done with another one still has to mend it."""
    told_of = {subject.innovation for subject in subjects}
    returned = [
        innovation
        for innovation in reviews.returned_to(ctx.tx, [subject.office for subject in subjects])
        if innovation[0] not in told_of  # the reminder itself has their buttons
    ]
    if not returned:
        return message
    doors = [
        (Choice(ctx.say("returned.fix_one", title=ui.title(ctx.say, title)), buttons.Returned("go", number)),)
        for number, title in returned[:RETURNED_SHOWN]
    ]
    text = join((message.text, ctx.say("tasks.returned", count=len(returned))))
    return replace(message, text=text, rows=(*doors, *message.rows))


def lines_of(ctx: Context, period: Period, *, subjects: list[Subject]) -> list[Line]:
    """Gather what is told about each of these offices when the person asks."""
    names = reminder_texts.names(ctx.tx, [subject.office for subject in subjects])
    leaders, now = bool(reminder_wishes.subscribers(ctx.tx, leaders_alone=True)), moment(ctx)
    lines = []
    for subject in subjects:
        name, short = names[subject.office]
        innovation = subject.innovation
        lack = (
            reminder_texts.lack(ctx.tx, ctx.desk_data, innovation_id=innovation, say=ctx.say, today=ctx.today)
            if innovation
            else None
        )
        trigger = "passed" if ctx.today > subject.deadline else "asked"
        if subject.standing == Standing.DONE:
            trigger = "done"
        is_next_said = trigger == "asked" and unanswered(now, subject) > 0
        notices = announced(now, subject, leaders=leaders) if is_next_said else ()
        lines.append(Line(trigger, name, short, subject, period.year, ctx.today, lack, notices))
    return lines


def _make_target(ctx: Context, subject: Subject) -> Rows:
    """Offer to aim at an earlier day; nothing where none is left."""
    if not target_days(ctx.desk_data.calendar, today=ctx.today, deadline=subject.deadline):
        return ()
    return ((Choice(_say_target(ctx, subject), buttons.Target(subject.office)),),)


def _say_target(ctx: Context, subject: Subject) -> str:
    if subject.target is None:
        return ctx.say("tasks.target_set")
    return ctx.say("tasks.target_change", day=ctx.day(subject.target))


def _write_desk_note(ctx: Context, period: Period) -> Message:
    """Write the desk's own note, whatever the day; quiet words when nothing waits."""
    look = reminder_facts.look_at(ctx.desk_data, period, now=ctx.now)
    every, now = reminder_facts.load(ctx.tx, look), moment(ctx)
    lacking = [subject for subject in every if is_lacking(subject)]
    steps = max((rule.unanswered for rule in ctx.desk_data.reminders.of("desk")), default=1)
    work = desk_work.load(ctx.tx, look)
    due = [
        _make_occurrence(
            ctx, period, subject=subject, trigger="unreachable" if not subject.is_reachable else "unanswered"
        )
        for subject in lacking
        if not subject.is_reachable or unanswered(now, subject) >= steps
    ]
    due += _list_own_work(ctx, period, work=work)
    offices = {occurrence.key.office for occurrence in due}
    cards = reminder_texts.cards(ctx.tx, [subject for subject in every if subject.office in offices])
    note = Note(due, cards, work, steps, period.year, ctx.today)
    written = desk_note(note, ctx.say, calendar=ctx.desk_data.calendar)
    done = sum(subject.standing == Standing.DONE for subject in every)
    figures = ctx.say("tasks.desk_figures", done=done, lacking=len(lacking), year=period.year)
    pause = ctx.say("tasks.held") if occurrences.paused_since(ctx.tx) else ""
    empty = "" if due else ctx.say("tasks.desk_empty")
    return replace(written, text=join((written.text, figures, empty, pause)))


def _list_own_work(ctx: Context, period: Period, *, work: DeskWork) -> list[Occurrence]:
    own = {"queue": work.waiting > 0, "profile": work.profile is not None}
    key = Key("", period.id, 0, ctx.person.id, "")
    return [Occurrence(key, trigger, ctx.now) for trigger, is_waiting in own.items() if is_waiting]


def _make_occurrence(ctx: Context, period: Period, *, subject: Subject, trigger: str) -> Occurrence:
    return Occurrence(Key("", period.id, subject.office, ctx.person.id, ""), trigger, ctx.now)
