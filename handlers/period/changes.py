"""What the desk changes about a period for everybody: open it, move its deadline, close it, open it again."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta

from domain import buttons
from domain.message import Choice, Message, Rows
from domain.people import Right
from domain.reading.range_words import split_range
from domain.review import State
from domain.texts import Marked, join, quoted
from handlers import notices
from handlers.change import typed_day_or_office
from handlers.change.acts import Act, Ask, Unfit, Values, option
from handlers.context import Context, message
from handlers.period import notices as period_notices
from storage import periods, rules_in_use, scores
from storage.audit import Actor
from storage.periods import Period

YEARS_AHEAD = 1  # a period is opened for the present year or the next
EXAMPLE_AWAY = timedelta(days=60)  # of the deadline in the example
PORTAL_AFTER = timedelta(days=14)  # the deadline, in the example of the day the portal closes
AS_RULED = "-"  # the window of the rule year


def back(ctx: Context) -> tuple[Choice, ...]:
    """Make the way back to the period."""
    return (Choice(ctx.say("opens.period"), buttons.Open("periode")),)


def period_of(ctx: Context, values: Values) -> Period:
    """Load the period an act is about."""
    return periods.load(ctx.tx, values["period"])


def must_be_open(ctx: Context, values: Values) -> Marked | None:
    """Say that nothing can be changed in a period that is closed."""
    now = period_of(ctx, values)
    return None if now.open else ctx.say("period.closed_already", year=now.year)


def _refuse_when_open(ctx: Context, values: Values) -> Marked | None:
    other = periods.current(ctx.tx)
    return ctx.say("period.another_open", year=other.year) if other else None


def day_note(ctx: Context, day: date) -> Marked:
    """Say that a deadline falls on a day on which offices are closed."""
    return (
        Marked("")
        if ctx.desk_data.calendar.is_working(day)
        else ctx.say("period.not_working", day=ctx.day(day))
    )


def _read_year(ctx: Context, values: Values, said: str) -> int:
    years = {period.year for period in periods.every(ctx.tx)}
    last = ctx.today.year + YEARS_AHEAD
    if not re.fullmatch(r"\d{4}", said) or not ctx.today.year - 1 <= int(said) <= last:
        raise Unfit(ctx.say("period.year_wanted", said=quoted(said), first=ctx.today.year, last=last))
    if int(said) in years:
        raise Unfit(ctx.say("period.year_there", year=int(said)))
    return int(said)


def _offer_years(ctx: Context, values: Values) -> Rows:
    taken = {period.year for period in periods.every(ctx.tx)}
    years = range(ctx.today.year, ctx.today.year + YEARS_AHEAD + 1)
    return tuple(option("year", year, label=str(year)) for year in years if year not in taken)


def _read_rules(ctx: Context, values: Values, said: str) -> int:
    if not said.isdecimal() or int(said) not in ctx.desk_data.rules:
        known = ", ".join(map(str, sorted(ctx.desk_data.rules)))
        raise Unfit(ctx.say("period.rules_wanted", said=quoted(said), known=known))
    return int(said)


def _offer_rules(ctx: Context, values: Values) -> Rows:
    return tuple(
        option("rule_year", year, label=str(year)) for year in sorted(ctx.desk_data.rules, reverse=True)
    )


def _read_opening(ctx: Context, values: Values, said: str) -> str:
    opens = typed_day_or_office.day(ctx, "opens_on", said=said)
    if abs(opens.year - values["year"]) > 1:
        raise Unfit(ctx.say("period.opening_far", day=ctx.day(opens), year=values["year"]))
    return opens.isoformat()


def _offer_opening(ctx: Context, values: Values) -> Rows:
    return (option("opens_on", ctx.today.isoformat(), label=ctx.say("period.today", day=ctx.day(ctx.today))),)


def _ask_deadline(ctx: Context, values: Values) -> Marked:
    opens = date.fromisoformat(values["opens_on"]) if "opens_on" in values else ctx.today
    return ctx.say("period.ask_deadline", example=ctx.day(max(opens, ctx.today) + EXAMPLE_AWAY))


def _read_deadline(ctx: Context, values: Values, said: str) -> str:
    """Read a deadline: not past, not before the opening, and not the one there is."""
    deadline = typed_day_or_office.day(ctx, "deadline", said=said, to_come=True)
    now = period_of(ctx, values) if "period" in values else None
    opens = now.opens_on if now else date.fromisoformat(values["opens_on"])
    if deadline < ctx.today:
        raise Unfit(ctx.say("period.deadline_past", day=ctx.day(deadline), today=ctx.day(ctx.today)))
    if deadline <= opens:
        raise Unfit(ctx.say("period.deadline_before", day=ctx.day(deadline), opens=ctx.day(opens)))
    if now is not None and now.open and deadline == now.deadline:
        raise Unfit(ctx.say("period.deadline_same", day=ctx.day(deadline)))
    return deadline.isoformat()


def _read_window(ctx: Context, values: Values, said: str) -> str:
    """Read "first sampai last"; "-" keeps the window of the rule year."""
    if said == AS_RULED:
        return said
    parts = split_range(said)
    if len(parts) != 2:
        raise Unfit(ctx.say("period.window_wanted", said=quoted(said)))
    first, last = (typed_day_or_office.whole_day(ctx, part) for part in parts)
    if first is None or last is None:
        raise Unfit(ctx.say("period.window_wanted", said=quoted(said)))
    if last <= first:
        raise Unfit(ctx.say("period.window_order", first=ctx.day(first), last=ctx.day(last)))
    return f"{first.isoformat()}/{last.isoformat()}"


def _offer_window(ctx: Context, values: Values) -> Rows:
    window = ctx.desk_data.window(values["rule_year"], None)
    label = ctx.say("period.window_ruled", first=ctx.day(window.opens), last=ctx.day(window.closes))
    return (option("window", AS_RULED, label=label),)


def _read_window_of(values: Values) -> tuple[date, date] | None:
    if values["window"] == AS_RULED:
        return None
    first, last = values["window"].split("/")
    return date.fromisoformat(first), date.fromisoformat(last)


def _look_opening(ctx: Context, values: Values) -> Marked:
    window = ctx.desk_data.window(values["rule_year"], _read_window_of(values))
    deadline = date.fromisoformat(values["deadline"])
    look = ctx.say(
        "period.look_open",
        year=values["year"],
        rules=values["rule_year"],
        opens=ctx.day(date.fromisoformat(values["opens_on"])),
        deadline=ctx.day(deadline),
        first=ctx.day(window.opens),
        last=ctx.day(window.closes),
    )
    return join((look, day_note(ctx, deadline)))


def _open(ctx: Context, values: Values) -> list[Message]:
    number = periods.open_period(
        ctx.tx,
        periods.NewPeriod(
            year=values["year"],
            rule_year=values["rule_year"],
            opens_on=date.fromisoformat(values["opens_on"]),
            deadline=date.fromisoformat(values["deadline"]),
            window=_read_window_of(values),
        ),
        now=ctx.now,
        actor=Actor(ctx.person.id, values["reason"]),
    )
    rules_in_use.changes(ctx.tx, ctx.desk_data.deciding_rules, now=ctx.now)  # notes what is begun with
    result = period_notices.opened(ctx, periods.load(ctx.tx, number))
    return message(join((ctx.say("period.done_open", year=values["year"]), result)), back(ctx))


def _require_none_open(ctx: Context, values: Values) -> Marked | None:
    """Say that another period is open: one at a time, so that everybody means the same by "now"."""
    if other := periods.current(ctx.tx):
        return ctx.say("period.another_open", year=other.year)
    years = {period.year for period in periods.every(ctx.tx)}
    return ctx.say("period.year_there", year=values["year"]) if values.get("year") in years else None


def _look_deadline(ctx: Context, values: Values) -> Marked:
    now, after = period_of(ctx, values), date.fromisoformat(values["deadline"])
    people = notices.count(ctx, period_notices.concerned_by_deadline(ctx, now, after=after))
    look = ctx.say(
        "period.look_deadline",
        year=now.year,
        before=ctx.day(now.deadline),
        after=ctx.day(after),
        people=people,
    )
    return join((look, day_note(ctx, after)))


def _move(ctx: Context, values: Values) -> list[Message]:
    now, after = period_of(ctx, values), date.fromisoformat(values["deadline"])
    people = period_notices.concerned_by_deadline(ctx, now, after=after)
    change = periods.move_deadline(
        ctx.tx, now, deadline=after, reason=values["reason"], by=ctx.person.id, now=ctx.now
    )
    result = period_notices.deadline_moved(
        ctx, now, after=after, people=people, change=change, reason=values["reason"]
    )
    return message(
        join((ctx.say("period.done_deadline", year=now.year, after=ctx.day(after)), result)), back(ctx)
    )


def _ask_portal(ctx: Context, values: Values) -> Marked:
    return ctx.say("period.ask_portal", example=ctx.day(period_of(ctx, values).deadline + PORTAL_AFTER))


def _read_portal(ctx: Context, values: Values, said: str) -> str:
    """Read the day the portal closes: not a year away from the period's own."""
    now, day = period_of(ctx, values), typed_day_or_office.day(ctx, "portal_closes", said=said, to_come=True)
    if not now.opens_on <= day <= now.deadline + timedelta(days=365):
        example = ctx.day(now.deadline + PORTAL_AFTER)
        raise Unfit(ctx.say("period.portal_far", day=ctx.day(day), year=now.year, example=example))
    return day.isoformat()


def _look_portal(ctx: Context, values: Values) -> Marked:
    now, after = period_of(ctx, values), date.fromisoformat(values["portal_closes"])
    before = ctx.day(now.portal_closes) if now.portal_closes else ctx.say("period.portal_unknown")
    return ctx.say("period.look_portal", year=now.year, before=before, after=ctx.day(after))


def _set_portal(ctx: Context, values: Values) -> list[Message]:
    now, after = period_of(ctx, values), date.fromisoformat(values["portal_closes"])
    actor = Actor(ctx.person.id, values["reason"])
    periods.set_portal_closing(ctx.tx, now, day=after, actor=actor, now=ctx.now)
    return message(ctx.say("period.done_portal", year=now.year, after=ctx.day(after)), back(ctx))


def _look_closing(ctx: Context, values: Values) -> Marked:
    now = period_of(ctx, values)
    by_state = scores.figures(ctx.tx, now.id).states
    running = [
        extension
        for extension in periods.extensions(ctx.tx, now.id).values()
        if extension.until and extension.until >= ctx.today
    ]
    look = ctx.say(
        "period.look_close",
        year=now.year,
        drafts=by_state[State.DRAFT],
        returned=by_state[State.RETURNED],
    )
    ending = ctx.say("period.look_ending", extended=len(running)) if running else ""
    early = ctx.say("period.look_early", deadline=ctx.day(now.deadline)) if ctx.today <= now.deadline else ""
    return join((look, ending, early))


def _close(ctx: Context, values: Values) -> list[Message]:
    now = period_of(ctx, values)
    change = periods.set_open(
        ctx.tx, now, is_open=False, reason=values["reason"], by=ctx.person.id, now=ctx.now
    )
    result = period_notices.closed(ctx, now, change=change or 0, reason=values["reason"])
    return message(join((ctx.say("period.done_close", year=now.year), result)), back(ctx))


def _offer_deadline(ctx: Context, values: Values) -> Rows:
    if "period" not in values or (now := period_of(ctx, values)).open or now.deadline < ctx.today:
        return ()
    return (
        option(
            "deadline",
            now.deadline.isoformat(),
            label=ctx.say("period.keep_deadline", day=ctx.day(now.deadline)),
        ),
    )


def _look_reopening(ctx: Context, values: Values) -> Marked:
    after = date.fromisoformat(values["deadline"])
    look = ctx.say("period.look_reopen", year=period_of(ctx, values).year, deadline=ctx.day(after))
    return join((look, day_note(ctx, after)))


def _reopen(ctx: Context, values: Values) -> list[Message]:
    now, after = period_of(ctx, values), date.fromisoformat(values["deadline"])
    change = periods.set_open(
        ctx.tx, now, is_open=True, reason=values["reason"], by=ctx.person.id, now=ctx.now
    )
    if after != now.deadline:
        periods.move_deadline(
            ctx.tx, now, deadline=after, reason=values["reason"], by=ctx.person.id, now=ctx.now
        )
    result = period_notices.reopened(ctx, period_of(ctx, values), change=change or 0, reason=values["reason"])
    return message(join((ctx.say("period.done_reopen", year=now.year), result)), back(ctx))


_MANAGE = Right.MANAGE_PERIODS
_DEADLINE = Ask("deadline", _ask_deadline, _read_deadline, _offer_deadline)
OPEN = Act(
    "period_open",
    _MANAGE,
    (
        Ask("year", lambda ctx, _: ctx.say("period.ask_year"), _read_year, _offer_years),
        Ask("rule_year", lambda ctx, _: ctx.say("period.ask_rules"), _read_rules, _offer_rules),
        Ask("opens_on", lambda ctx, _: ctx.say("period.ask_opening"), _read_opening, _offer_opening),
        _DEADLINE,
        Ask("window", lambda ctx, _: ctx.say("period.ask_window"), _read_window, _offer_window),
    ),
    _look_opening,
    _open,
    _require_none_open,
)
DEADLINE = Act("period_deadline", _MANAGE, (_DEADLINE,), _look_deadline, _move, must_be_open)
CLOSE = Act("period_close", _MANAGE, (), _look_closing, _close, must_be_open)
REOPEN = Act("period_reopen", _MANAGE, (_DEADLINE,), _look_reopening, _reopen, _refuse_when_open)
PORTAL = Act(
    "period_portal", _MANAGE, (Ask("portal_closes", _ask_portal, _read_portal),), _look_portal, _set_portal,
    must_be_open,
)  # fmt: skip
BY_DOOR: Mapping[str, Act] = {"deadline": DEADLINE, "portal": PORTAL, "close": CLOSE, "reopen": REOPEN}
ACTS = (OPEN, *BY_DOOR.values())
