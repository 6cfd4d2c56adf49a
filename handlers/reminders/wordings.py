"""How each reminder reads to whoever gets it: a page for each reason, with real words where one is due."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from domain import buttons
from domain.conversation.missing import Lack
from domain.message import Choice, Message
from domain.pager import pager
from domain.reminding.escalation import announced, is_lacking
from domain.reminding.facts import Subject
from domain.reminding.texts import Line, reminder
from domain.review import Standing
from domain.texts import Marked, Say, join
from handlers import ui
from handlers.context import Context, message
from handlers.reminders import reminders
from handlers.reminders.reminders import Rehearsal
from storage import contacts, periods, reminder_texts

STEPS = ("deadline", "target")  # reasons whose text says who is told next


@dataclass(frozen=True, slots=True)
class _Shown:
    """One wording: the office it is shown for, and whether that office gets it next."""

    subject: Subject
    is_due: bool


def tapped(ctx: Context, button: buttons.ReminderWording) -> list[Message]:
    """Show one wording in place, with the way to the others."""
    period = periods.current(ctx.tx)
    if period is None:
        return reminders.overview(ctx)
    seen = reminders.rehearse(ctx, period)
    triggers = list_triggers(ctx)
    at = min(button.at, len(triggers) - 1)
    turning = pager(ctx.say, buttons.ReminderWording, page=at, pages=len(triggers))
    back = (Choice(ctx.say("reminders.back"), buttons.Reminders("home")),)
    if not seen.subjects:
        return ui.in_place(ctx, message(ctx.say("wordings.no_office"), back))
    text = _write_page(ctx, seen, trigger=triggers[at])
    return ui.in_place(ctx, message(text, *turning, back))


def list_triggers(ctx: Context) -> tuple[str, ...]:
    """List the reasons for which an office hears something, in the order of the rules."""
    rules = ctx.desk_data.reminders.by_id.values()
    return tuple(dict.fromkeys(rule.trigger for rule in rules if rule.readers == "office"))


def _write_page(ctx: Context, seen: Rehearsal, *, trigger: str) -> Marked:
    shown = _choose(seen, trigger)
    say = _speak_to(ctx, shown.subject)
    written = reminder(
        [_make_line(ctx, seen, trigger=trigger, shown=shown, say=say)], say, calendar=seen.moment.calendar
    )
    head = ctx.say("wordings.head", what=ctx.say(f"reminders.gets_{trigger}"))
    note = ctx.say("wordings.due" if shown.is_due else "wordings.example", day=ctx.day(seen.moment.today))
    return join((join((head, note), by="\n"), written.text, _write_buttons(written)))


def _write_buttons(written: Message) -> Marked:
    """Write the buttons of the receiver as words: here they would act for the desk."""
    return join([Marked(" ".join(f"[{choice.label}]" for choice in row)) for row in written.rows], by="\n")


def _choose(seen: Rehearsal, trigger: str) -> _Shown:
    """Choose an office that gets it on the next morning, else make one up."""
    due = (subject for subject in seen.subjects if trigger in seen.triggers.get(subject.office, ()))
    if subject := next(due, None):
        return _Shown(subject, True)
    lacking = [subject for subject in seen.subjects if is_lacking(subject)]
    return _Shown(_make_up((lacking or list(seen.subjects))[0], seen, trigger=trigger), False)


def _make_up(subject: Subject, seen: Rehearsal, *, trigger: str) -> Subject:
    """Give an office the facts the reason rests on."""
    today = seen.moment.today
    week = today - timedelta(days=7)
    facts = {
        "passed": {"standing": Standing.NONE, "deadline": today - timedelta(days=1)},
        "done": {"standing": Standing.DONE, "done_on": today},
        "returned": {"standing": Standing.RETURNED, "returned_on": week},
        "stalled": {"standing": Standing.DRAFT, "touched": week},
        "almost_done": {"standing": Standing.DRAFT, "touched": week},
        "target": {"standing": Standing.DRAFT, "target": today + timedelta(days=3)},
    }
    return replace(subject, innovation=0, **facts.get(trigger, {"standing": Standing.NONE}))  # type: ignore[arg-type]


def _make_line(ctx: Context, seen: Rehearsal, *, trigger: str, shown: _Shown, say: Say) -> Line:
    subject, today = shown.subject, seen.moment.today
    name, short = reminder_texts.names(ctx.tx, [subject.office])[subject.office]
    lack = None
    if subject.innovation:
        lack = reminder_texts.lack(
            ctx.tx, ctx.desk_data, innovation_id=subject.innovation, say=say, today=today
        )
    elif subject.standing in (Standing.DRAFT, Standing.RETURNED):
        gaps = [say("wordings.gap_date"), say("wordings.gap_benefit")]
        lack = Lack(0, str(say("wordings.title")), filled=12, asked=14, gaps=tuple(gaps))
    notices = announced(seen.moment, subject, leaders=True) if trigger in STEPS else ()
    return Line(trigger, name, short, subject, seen.period.year, today, lack, notices)


def _speak_to(ctx: Context, subject: Subject) -> Say:
    """Speak as to the first person of the office who can be reached, else as the house does."""
    for person in subject.people:
        if where := contacts.reach(ctx.tx, person.id):
            return ctx.desk_data.words.in_(where[2])
    return ctx.desk_data.words.in_(ctx.desk_data.language)
