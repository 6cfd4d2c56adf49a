"""/pengingat: what the bot will send, to whom, why not to the others; and a switch to hold it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from domain import buttons
from domain.message import Choice, Message, Rows
from domain.people import Office
from domain.reminding.due import REASONS, due
from domain.reminding.escalation import has_somebody, is_lacking, ladder, unanswered
from domain.reminding.facts import Moment, Occurrence, Subject
from domain.reminding.steps import coming
from domain.review import Standing
from domain.texts import Marked, bold, join
from handlers import ui
from handlers.context import Context, message
from storage import occurrences, offices, periods, reminder_facts, reminder_wishes
from storage.periods import Period

DAYS_AHEAD = 8  # mornings of the plan on one screen
PROMISES_SHOWN = 12
NAMES_SHOWN = 60  # offices of one reason; the count says how many there are


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """The next morning as it would be: for each office its rules, or the reason for silence."""

    moment: Moment
    period: Period
    subjects: tuple[Subject, ...]
    triggers: Mapping[int, tuple[str, ...]]  # triggers, by office
    silent: Mapping[int, str]  # reasons, by office


def rehearse(ctx: Context, period: Period) -> Rehearsal:
    """Judge every office at the next morning with today's facts; nothing is sent and nothing is kept."""
    desk_data = ctx.desk_data
    until = desk_data.reminders.next_run(ctx.now, desk_data.calendar, desk_data.timezone)
    since = occurrences.last_tick(ctx.tx, "reminders") or ctx.now
    subjects = tuple(reminder_facts.load(ctx.tx, reminder_facts.look_at(desk_data, period, now=until)))
    plan = due(
        desk_data.reminders,
        desk_data.calendar,
        subjects=subjects,
        since=since,
        until=until,
        zone=desk_data.timezone,
    )
    silent = {occurrence.office: occurrence.reason for occurrence in plan.silences}
    return Rehearsal(
        Moment(desk_data.reminders, desk_data.calendar, desk_data.timezone, since, until),
        period,
        subjects,
        _group_triggers(plan.occurrences),
        silent,
    )


def _group_triggers(planned: Iterable[Occurrence]) -> dict[int, tuple[str, ...]]:
    """List the triggers of each office once, in the order they would be told."""
    triggers: dict[int, dict[str, None]] = {}
    for occurrence in planned:
        triggers.setdefault(occurrence.key.office, {})[occurrence.trigger] = None
    return {office: tuple(of_office) for office, of_office in triggers.items()}


def overview(ctx: Context) -> list[Message]:
    """Say whether reminders go out, and what the next morning brings."""
    period = periods.current(ctx.tx)
    if period is None:
        return message(ui.no_period(ctx), (Choice(ctx.say("opens.help"), buttons.Open("bantuan")),))
    seen = rehearse(ctx, period)
    paused = occurrences.paused_since(ctx.tx)
    state = _say_paused(ctx, paused) if paused else _say_running(ctx)
    morning = ctx.say(
        "reminders.next_held" if paused else "reminders.next",
        day=_say_day(ctx, seen.moment.today),
        told=len(seen.triggers),
        silent=len(seen.silent),
        year=period.year,
    )
    return message(
        join((ctx.say("reminders.title"), state, morning, _write_targets(ctx, seen))),
        *_make_doors(ctx, "", paused=paused),
    )


def _say_paused(ctx: Context, since: datetime) -> Marked:
    name, reason = occurrences.paused_by(ctx.tx)
    if not reason:
        return ctx.say("reminders.paused", at=ctx.time(since))
    return ctx.say("reminders.paused_by", at=ctx.time(since), name=name, reason=reason)


def _say_running(ctx: Context) -> Marked:
    """Say hours and limits as the rules have them, and what they do not hold."""
    hours, limits = ctx.desk_data.reminders.hours, ctx.desk_data.reminders.limits
    ends = datetime.combine(ctx.today, hours.opens) + timedelta(minutes=hours.spread)
    return ctx.say(
        "reminders.running",
        opens=f"{hours.opens:%H.%M}",
        ends=f"{ends:%H.%M}",
        per_day=limits.per_day,
        per_week=limits.per_week,
    )


def _write_targets(ctx: Context, seen: Rehearsal) -> Marked:
    """Compare the offices that chose a date of their own with the others."""
    own = [subject for subject in seen.subjects if subject.target is not None and not subject.exempt]
    others = [subject for subject in seen.subjects if subject.target is None and not subject.exempt]
    if not own:
        return Marked("")
    return ctx.say(
        "reminders.targets",
        done=_count_done(own),
        own=len(own),
        done_others=_count_done(others),
        others=len(others),
    )


def _count_done(subjects: Iterable[Subject]) -> int:
    return sum(subject.standing == Standing.DONE for subject in subjects)


PAGES: tuple[Literal["who", "plan", "reach"], ...] = ("who", "plan", "reach")


def _make_doors(ctx: Context, page_shown: str, *, paused: datetime | None) -> Rows:
    doors = [
        (Choice(ctx.say(f"reminders.door_{page}"), buttons.Reminders(page)),)
        for page in PAGES
        if page != page_shown
    ]
    if not page_shown:
        doors.append((Choice(ctx.say("reminders.door_words"), buttons.ReminderWording(0)),))
    switch = Choice(ctx.say("reminders.pause"), buttons.Reminders("off"))
    if paused:
        switch = Choice(ctx.say("reminders.resume"), buttons.Reminders("on"))
    back = [(Choice(ctx.say("reminders.back"), buttons.Reminders("home")),)] if page_shown else []
    return (*doors, (switch,), *back)


def tapped(ctx: Context, button: buttons.Reminders) -> list[Message]:
    """Take a door of the page: it is shown in the same message."""
    period = periods.current(ctx.tx)
    if period is None:
        return overview(ctx)
    pages = {"who": _write_who, "plan": _write_plan, "reach": _write_reach}
    if button.page not in pages:
        return ui.in_place(ctx, overview(ctx))
    text = pages[button.page](ctx, rehearse(ctx, period))
    rows = _make_doors(ctx, button.page, paused=occurrences.paused_since(ctx.tx))
    return ui.in_place(ctx, [Message(text, rows)])


def _write_who(ctx: Context, seen: Rehearsal) -> Marked:
    """Say for every office what it gets, or why it gets nothing."""
    known = {office.id: office for office in offices.active(ctx.tx)}
    parts = [
        ctx.say(
            "reminders.who_title",
            day=_say_day(ctx, seen.moment.today),
            told=len(seen.triggers),
            all=len(seen.subjects),
        )
    ]
    if occurrences.paused_since(ctx.tx) is not None:
        parts.append(ctx.say("reminders.who_paused"))
    first = {office: triggers[0] for office, triggers in seen.triggers.items()}
    for trigger in dict.fromkeys(first.values()):
        names = [known[office] for office, its in first.items() if its == trigger and office in known]
        what = ctx.say(f"reminders.gets_{trigger}")
        parts.append(_write_group(ctx, ctx.say("reminders.gets", what=what), names=names))
    for reason in REASONS:
        names = [known[office] for office, why in seen.silent.items() if why == reason and office in known]
        if names:
            parts.append(_write_group(ctx, ctx.say(f"reminders.why_{reason}"), names=names))
    return join(parts)


def _write_group(ctx: Context, title: Marked, *, names: list[Office]) -> Marked:
    shown = ", ".join(office.short for office in names[:NAMES_SHOWN])
    more = len(names) - NAMES_SHOWN
    listed = ctx.say("reminders.more", names=shown, count=more) if more > 0 else Marked(join([shown]))
    return join((bold(f"{title} ({len(names)})"), listed), by="\n")


def _write_plan(ctx: Context, seen: Rehearsal) -> Marked:
    """Say on which mornings how many offices would hear of what, as the facts stand today."""
    days: dict[date, dict[str, set[int]]] = {}
    for subject in filter(is_lacking, seen.subjects):
        for person in subject.people:
            item = coming(seen.moment, subject, person=person)
            if item is not None and not person.reach:
                days.setdefault(item.on, {}).setdefault(item.rule.trigger, set()).add(subject.office)
    lines = [
        ctx.say("reminders.plan_line", day=_say_day(ctx, day), what=_say_what(ctx, triggers))
        for day, triggers in sorted(days.items())[:DAYS_AHEAD]
    ]
    deadline = ctx.day(seen.period.deadline)
    rungs, promised = _write_ladder(ctx, seen), _write_promised(ctx, seen)
    if not lines:
        return join((ctx.say("reminders.plan_none", deadline=deadline), rungs, promised))
    return join((ctx.say("reminders.plan_title", deadline=deadline), join(lines, by="\n"), rungs, promised))


def _write_ladder(ctx: Context, seen: Rehearsal) -> Marked:
    """Say who hears next of an office that gives no sign, and for how many offices a rung is empty."""
    lacking = [subject for subject in seen.subjects if is_lacking(subject)]
    leaders = bool(reminder_wishes.subscribers(ctx.tx, leaders_alone=True))
    lines = []
    for rule in ladder(seen.moment.rules):
        manned = sum(has_somebody(subject, rule.readers, leaders=leaders) for subject in lacking)
        rung = ctx.say(f"reminders.rung_{rule.readers}")
        days = " & ".join(f"H-{n}" for n in rule.before)
        key = "reminders.ladder_line" if manned == len(lacking) else "reminders.ladder_skipped"
        lines.append(ctx.say(key, days=days, rung=rung, count=manned, skipped=len(lacking) - manned))
    steps = max((rule.unanswered for rule in ladder(seen.moment.rules)), default=0)
    return join((ctx.say("reminders.ladder", steps=steps), *lines), by="\n") if lines else Marked("")


def _write_promised(ctx: Context, seen: Rehearsal) -> Marked:
    """Say what offices have promised themselves: a date of their own, a morning to be told again."""
    known = {office.id: office.short for office in offices.active(ctx.tx)}
    lines = []
    for subject in filter(is_lacking, seen.subjects):
        name = known.get(subject.office, "")
        if subject.target is not None and subject.target >= ctx.today:
            lines.append(ctx.say("reminders.promised_target", office=name, day=ctx.day(subject.target)))
        mornings = [
            person.snoozed for person in subject.people if person.snoozed and person.snoozed > ctx.today
        ]
        if mornings:
            lines.append(ctx.say("reminders.promised_later", office=name, day=ctx.day(min(mornings))))
    return join((ctx.say("reminders.promised"), *lines[:PROMISES_SHOWN]), by="\n") if lines else Marked("")


def _say_what(ctx: Context, triggers: Mapping[str, set[int]]) -> Marked:
    said = [
        ctx.say("reminders.plan_part", what=ctx.say(f"reminders.gets_{trigger}"), count=len(offices))
        for trigger, offices in triggers.items()
    ]
    return join(said, by="; ")


def _write_reach(ctx: Context, seen: Rehearsal) -> Marked:
    """List whom the bot does not reach and why, apart from those who have not answered."""
    known = {office.id: office for office in offices.active(ctx.tx)}
    lacking = [subject for subject in seen.subjects if is_lacking(subject) and subject.office in known]
    groups = (
        ("reminders.reach_nobody", [subject for subject in lacking if not subject.people]),
        (
            "reminders.reach_blocked",
            [subject for subject in lacking if subject.people and not subject.is_reachable],
        ),
        (
            "reminders.reach_silent",
            [subject for subject in lacking if subject.is_reachable and unanswered(seen.moment, subject)],
        ),
    )
    parts = [ctx.say("reminders.reach_title")]
    for key, unreached in groups:
        names = [known[subject.office] for subject in unreached]
        parts.append(
            _write_group(ctx, ctx.say(key), names=names)
            if names
            else ctx.say("reminders.reach_none", what=ctx.say(key))
        )
    return join(parts)


def _say_day(ctx: Context, day: date) -> str:
    return ctx.day(day, weekday=True)
