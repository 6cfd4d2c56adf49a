"""/periode: the reporting period as the desk sees it, and the doors to change it."""

from __future__ import annotations

from datetime import date

from domain import buttons
from domain.message import Choice, Message, Rows
from domain.review import State
from domain.texts import Marked, join
from handlers.change import acts
from handlers.context import Context, message
from handlers.period import changes
from handlers.period import offices as period_offices
from storage import offices, periods, scores
from storage.periods import Extension, Period

REOPENABLE = 2  # the newest periods, offered to be opened again
SHOWN = 25  # extensions on one screen


def period(ctx: Context) -> list[Message]:
    """Show the present period, or the newest where none is open."""
    every = periods.every(ctx.tx)
    now = periods.current(ctx.tx) or (every[0] if every else None)
    if now is None:
        return message(
            ctx.say("period.none"), _make_door(ctx, "period.open_new", button=buttons.Period("open"))
        )
    return message(_write_period(ctx, now), *_make_doors(ctx, now, every=every))


def _write_period(ctx: Context, now: Period) -> Marked:
    window = ctx.desk_data.window(now.rule_year, now.window)
    extensions = periods.extensions(ctx.tx, now.id)
    exempt = sum(extension.until is None for extension in extensions.values())
    text = ctx.say(
        "period.title",
        year=now.year,
        state=ctx.say("period.is_open" if now.open else "period.is_closed"),
        opens=ctx.day(now.opens_on),
        deadline=ctx.day(now.deadline),
        left=_say_left(ctx, now.deadline),
        portal=_say_portal(ctx, now),
        rules=now.rule_year,
        first=ctx.day(window.opens),
        last=ctx.day(window.closes),
        extended=len(extensions) - exempt,
        exempt=exempt,
    )
    figures = scores.figures(ctx.tx, now.id)
    drafts, returned = figures.states[State.DRAFT], figures.states[State.RETURNED]
    return join((text, ctx.say("period.figures", sent=figures.sent, drafts=drafts, returned=returned)))


def _say_portal(ctx: Context, now: Period) -> str:
    if now.portal_closes is None:
        return ctx.say("period.portal_unknown")
    return ctx.say(
        "period.portal_closes", day=ctx.day(now.portal_closes), left=_say_left(ctx, now.portal_closes)
    )


def _say_left(ctx: Context, deadline: date) -> str:
    days = (deadline - ctx.today).days
    if days < 0:
        return ctx.say("period.passed", days=-days)
    return ctx.say("period.days_left", days=days) if days else ctx.say("period.last_day")


def _make_doors(ctx: Context, now: Period, *, every: list[Period]) -> Rows:
    rows = []
    if now.open:
        rows.append(_make_door(ctx, "period.move", button=buttons.Period("deadline", now.id)))
        rows.append(_make_door(ctx, "period.portal", button=buttons.Period("portal", now.id)))
        rows.append(_make_door(ctx, "period.extend", button=buttons.Period("extend", now.id)))
        rows.append(_make_door(ctx, "period.exempt", button=buttons.Period("exempt", now.id)))
    if periods.extensions(ctx.tx, now.id):
        rows.append(_make_door(ctx, "period.list", button=buttons.Period("list", now.id)))
    if now.open:
        return (*rows, _make_door(ctx, "period.close", button=buttons.Period("close", now.id)))
    return (
        *rows,
        *(_make_reopen(ctx, period) for period in every[:REOPENABLE]),
        _make_door(ctx, "period.open_new", button=buttons.Period("open")),
    )


def _make_reopen(ctx: Context, period: Period) -> tuple[Choice, ...]:
    return (Choice(ctx.say("period.reopen", year=period.year), buttons.Period("reopen", period.id)),)


def _make_door(ctx: Context, key: str, *, button: buttons.Period) -> tuple[Choice, ...]:
    return (Choice(ctx.say(key), button),)


def tapped(ctx: Context, button: buttons.Period) -> list[Message]:
    """Open a door; a period that is not there shows the present one."""
    if button.door == "open":
        return acts.begin(ctx, changes.OPEN)
    known = {chosen.id: chosen for chosen in periods.every(ctx.tx)}
    chosen = known.get(button.period)
    if chosen is None:
        return period(ctx)
    if button.door == "list":
        return _list_extensions(ctx, chosen)
    act = {**changes.BY_DOOR, **period_offices.BY_DOOR}.get(button.door)
    return acts.begin(ctx, act, period=chosen.id) if act else period(ctx)


def _list_extensions(ctx: Context, period: Period) -> list[Message]:
    """List what holds for single offices; a tap takes it back."""
    extensions = periods.extensions(ctx.tx, period.id)
    by_id = {office.id: office for office in offices.active(ctx.tx)}
    known = [(by_id[number].name, extension) for number, extension in extensions.items() if number in by_id]
    lines = [_write_line(ctx, name, extension=extension) for name, extension in known[:SHOWN]]
    title = ctx.say("period.list_title", year=period.year, count=len(known))
    rows = (
        (_make_door(ctx, "period.lift", button=buttons.Period("lift", period.id)),)
        if known and period.open
        else ()
    )
    return message(join((title, join(lines, by="\n"))), *rows, changes.back(ctx))


def _write_line(ctx: Context, name: str, *, extension: Extension) -> Marked:
    if extension.until is None:
        return ctx.say("period.line_exempt", office=name, reason=extension.reason)
    return ctx.say("period.line_until", office=name, until=ctx.day(extension.until), reason=extension.reason)
