"""/tugas: what is expected of me now: the reminder on demand, with one button to exactly the place."""

from __future__ import annotations

from dataclasses import replace

from domain import buttons
from domain.message import Choice, Message
from domain.people import Right
from domain.reminding.desk_texts import Note, desk_note
from domain.reminding.escalation import announced, is_lacking, unanswered
from domain.reminding.facts import Key, Moment, Occurrence, Subject
from domain.reminding.texts import Line, letter
from domain.review import Standing
from domain.texts import join
from handlers import ui
from handlers.context import Context, message
from handlers.operations import restored_messages
from storage import occurrences, periods, reminder_facts, reminder_texts, reminder_wishes, reviews
from storage.periods import Period

RETURNED_SHOWN = 5  # buttons; /draf has them all


def tasks(ctx: Context) -> list[Message]:
    """Say what this person has to do next, as focal point, as the desk, or as both."""
    period = periods.current(ctx.tx)
    if period is None:
        return message(ctx.say("ui.no_period"), (Choice(ctx.say("opens.help"), buttons.Open("bantuan")),))
    found = []
    if ctx.may(Right.SUBMIT):
        found.append(of_office(ctx, period))
    if ctx.may(Right.MANAGE_REMINDERS):
        found += [*restored_messages.open_ones(ctx), _of_desk(ctx, period)]
    return found


def moment(ctx: Context) -> Moment:
    """The present moment, for judging without sending."""
    desk_data = ctx.desk_data
    return Moment(desk_data.reminders, desk_data.calendar, desk_data.timezone, ctx.now, ctx.now)


def of_office(ctx: Context, period: Period) -> Message:
    """Write the reminder of the person's own offices, whatever the day."""
    look = reminder_facts.look_at(ctx.desk_data, period, now=ctx.now)
    subjects = [one for one in reminder_facts.load(ctx.tx, look, contacts=[ctx.person.id]) if not one.exempt]
    if not subjects:
        return Message(
            ctx.say("tasks.exempt", year=period.year),
            ((Choice(ctx.say("opens.status"), buttons.Open("status")),),),
        )
    lines = lines_of(ctx, period, subjects=subjects)
    told = letter(lines, ctx.say, calendar=ctx.desk_data.calendar)
    if len(lines) == 1 and lines[0].trigger == "asked":
        told = replace(
            told,
            rows=(*told.rows, (Choice(_target_label(ctx, subjects[0]), buttons.Target(subjects[0].office)),)),
        )
    return _with_returned(ctx, told, subjects=subjects)


def _with_returned(ctx: Context, told: Message, *, subjects: list[Subject]) -> Message:
    """Add what the desk has returned: an office whose duty is done with another one still has to mend it."""
    told_of = {one.innovation for one in subjects}
    returned = [
        found
        for found in reviews.returned_to(ctx.tx, [one.office for one in subjects])
        if found[0] not in told_of  # the letter itself has their buttons
    ]
    if not returned:
        return told
    doors = [
        (Choice(ctx.say("returned.fix_one", title=ui.title(ctx.say, title)), buttons.Returned("go", number)),)
        for number, title in returned[:RETURNED_SHOWN]
    ]
    text = join((told.text, ctx.say("tasks.returned", count=len(returned))))
    return replace(told, text=text, rows=(*doors, *told.rows))


def lines_of(ctx: Context, period: Period, *, subjects: list[Subject]) -> list[Line]:
    """Gather what is told about each of these offices when the person asks."""
    names = reminder_texts.names(ctx.tx, [one.office for one in subjects])
    leaders, now = bool(reminder_wishes.subscribers(ctx.tx, leaders_alone=True)), moment(ctx)
    lines = []
    for one in subjects:
        name, short = names[one.office]
        innovation = one.innovation
        lack = (
            reminder_texts.lack(ctx.tx, ctx.desk_data, innovation_id=innovation, say=ctx.say, today=ctx.today)
            if innovation
            else None
        )
        trigger = "passed" if ctx.today > one.deadline else "asked"
        if one.standing == Standing.DONE:
            trigger = "done"
        notice = announced(now, one, leaders=leaders) if trigger == "asked" and unanswered(now, one) else None
        lines.append(Line(trigger, name, short, one, period.year, ctx.today, lack, notice))
    return lines


def _target_label(ctx: Context, subject: Subject) -> str:
    if subject.target is None:
        return ctx.say("tasks.target_set")
    return ctx.say("tasks.target_change", day=ctx.day(subject.target))


def _of_desk(ctx: Context, period: Period) -> Message:
    """Write the desk's own note, whatever the day; quiet words when nothing waits."""
    look = reminder_facts.look_at(ctx.desk_data, period, now=ctx.now)
    every, now = reminder_facts.load(ctx.tx, look), moment(ctx)
    lacking = [one for one in every if is_lacking(one)]
    steps = max((rule.unanswered for rule in ctx.desk_data.reminders.of("desk")), default=1)
    work = reminder_facts.desk_work(ctx.tx, look)
    found = [
        _told(ctx, period, subject=one, trigger="unreachable" if not one.is_reachable else "unanswered")
        for one in lacking
        if not one.is_reachable or unanswered(now, one) >= steps
    ]
    own = {"queue": work.waiting > 0, "profile": work.profile is not None}
    found += [
        Occurrence(Key("", period.id, 0, ctx.person.id, ""), trigger, ctx.now)
        for trigger, is_there in own.items()
        if is_there
    ]
    cards = reminder_texts.cards(
        ctx.tx, [one for one in every if one.office in {f.key.office for f in found}]
    )
    note = desk_note(
        Note(found, cards, work, steps, period.year, ctx.today), ctx.say, calendar=ctx.desk_data.calendar
    )
    done = sum(one.standing == Standing.DONE for one in every)
    figures = ctx.say("tasks.desk_figures", done=done, lacking=len(lacking), year=period.year)
    held = ctx.say("tasks.held") if occurrences.paused_since(ctx.tx) else ""
    empty = "" if found else ctx.say("tasks.desk_empty")
    return replace(note, text=join((note.text, figures, empty, held)))


def _told(ctx: Context, period: Period, *, subject: Subject, trigger: str) -> Occurrence:
    return Occurrence(Key("", period.id, subject.office, ctx.person.id, ""), trigger, ctx.now)
