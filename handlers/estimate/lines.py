"""The lines of the summary: the two figures, the target, participation, the deadline."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from domain.index import headline
from domain.index.judgement import Judgement
from domain.reading.numbers import say_number
from domain.texts import Marked, join
from handlers import ui
from handlers.context import Context
from handlers.estimate import figure_words, to_call, why_moved
from storage import office_sums, periods, posts, profile, reports
from storage.office_sums import OfficeSums
from storage.periods import Period
from storage.reports import PeriodFigures

PUBLISHED_SHOWN = 3
NAMES_SHOWN = 40  # offices without an innovation, named in words


def summary(ctx: Context, period: Period, *, figures: PeriodFigures) -> Marked:
    """Say the headline of the regency, who takes part, until when."""
    judged = reports.judged(ctx.tx, ctx.desk_data, period=period, figures=figures)
    within, beyond = offices_without(ctx, period)
    index = (
        ctx.say("status.title", year=period.year),
        *headline.headline(judged, ctx.say),
        _say_week(ctx, period),
    )
    parts = (
        join(index, by="\n"),
        join(
            (participation(ctx, figures, unreached=len(beyond)), states(ctx, figures), affairs(ctx, judged)),
            by="\n",
        ),
        to_call.list_lines(ctx, within, beyond=beyond),
        join((published(ctx) if judged.leads else "", deadline(ctx, period)), by="\n"),
        figure_words.footer(ctx, period.rule_year),
    )
    return join(parts)


def _say_week(ctx: Context, period: Period) -> str:
    """Say why the claimed index moved, else what it did in seven days; nothing where the two cannot be
    compared.
    """
    if why := why_moved.sentence(ctx, period):
        return why
    change = reports.change_of_week(ctx.tx, ctx.desk_data, period=period, now=ctx.now)
    return "" if change is None else ctx.say("status.week", change=figure_words.signed(ctx, change))


def participation(ctx: Context, figures: PeriodFigures, *, unreached: int = 0) -> Marked:
    """Say how many offices have sent an innovation; of those that have not, `unreached` are out of reach."""
    done, every = figures.figures.done, figures.figures.offices
    share = percent(done, every, language=ctx.say.language)
    left = every - done - unreached
    said = ctx.say("status.participation", done=done, offices=every, percent=share, left=left)
    exempt = figures.figures.exempt
    more = (
        ctx.say("status.unreached", count=unreached) if unreached else "",
        ctx.say("weekly_summary.exempt", count=exempt) if exempt else "",
    )
    return join((said, *more), by=" ")


def unreached_offices(ctx: Context, period: Period) -> list[OfficeSums]:
    """List the offices that have a duty, have handed in nothing, and are out of the bot's reach."""
    return offices_without(ctx, period)[1]


def offices_without(ctx: Context, period: Period) -> tuple[list[OfficeSums], list[OfficeSums]]:
    """List the offices that have a duty and have handed in nothing: those within the bot's reach, and those
    out of it.
    """
    lacking = [
        office for office in office_sums.offices(ctx.tx, period.id) if office.on_duty and not office.sent
    ]
    beyond = posts.reach(ctx.tx, [office.id for office in lacking], now=ctx.now).unreached
    within = [office for office in lacking if office.id not in beyond]
    return within, [office for office in lacking if office.id in beyond]


def name_without(ctx: Context, period: Period) -> list[Marked | str]:
    """Name both kinds, as many as a page takes."""
    within, beyond = offices_without(ctx, period)
    return [_name_offices(ctx, "without", within), _name_offices(ctx, "unreached", beyond)]


def _name_offices(ctx: Context, key: str, offices: Sequence[OfficeSums]) -> Marked | str:
    names = [office.short for office in offices]
    more = len(names) - NAMES_SHOWN
    key = f"figure_pages.{key}_more" if more > 0 else f"figure_pages.{key}"
    return ctx.say(key, count=len(names), names=", ".join(names[:NAMES_SHOWN]), more=more) if names else ""


def states(ctx: Context, figures: PeriodFigures) -> Marked:
    """Count the innovations by state, leaving out states nobody is in."""
    named = [
        ctx.say("status.in_state", state=ctx.say(f"state.{state}"), count=count)
        for state, count in figures.figures.states.items()
        if count
    ]
    counted = ctx.say("status.counted", count=figures.figures.claimed.count)
    left = uncounted(figures)
    said = join((counted, join(named, by=" · ")), by=" – ") if named else counted
    return join((said, ctx.say("status.uncounted", count=left) if left else ""), by="\n")


def uncounted(figures: PeriodFigures) -> int:
    """How many innovations were handed in and are not in the estimate."""
    return figures.figures.sent - figures.figures.claimed.count


def affairs(ctx: Context, judged: Judgement) -> Marked:
    """Say how many basic-service affairs are represented, and what the count score asks for.

    Nothing where the headline names them among what is missing.
    """
    of_affairs = judged.affairs
    if of_affairs.short and not judged.complete:
        return Marked("")
    if of_affairs.needed is None:
        return ctx.say("status.affairs_unknown", there=of_affairs.covered, every=of_affairs.every)
    key = "status.affairs_short" if of_affairs.short else "status.affairs_met"
    return ctx.say(key, there=of_affairs.covered, every=of_affairs.every, needed=of_affairs.needed)


def published(ctx: Context) -> str:
    """Name the latest results the ministry published, apart from the estimate."""
    results = profile.published(ctx.tx)[:PUBLISHED_SHOWN]
    named = [f"{result.year}: {figure_words.number(ctx, result.value)}" for result in results]
    return ctx.say("status.published", results="; ".join(named)) if named else ""


def deadline(ctx: Context, period: Period) -> Marked:
    """Say until when, and how long that is; or that the period is closed."""
    if not period.open:
        return ui.closing(ctx, period)
    return ctx.say("status.deadline", deadline=ctx.day(period.deadline), left=left(ctx, period.deadline))


def deadline_of(ctx: Context, period: Period, *, office: OfficeSums) -> Marked:
    """Say what holds for an office instead of the deadline of the period; nothing where that holds, or
    nothing does any more.
    """
    if not period.open:
        return Marked("")
    day = periods.deadline_for(ctx.tx, period, office_id=office.id)
    if day is None:
        return ctx.say("status.own_exempt", office=office.short)
    if day == period.deadline:
        return Marked("")
    return ctx.say("status.own_deadline", office=office.short, deadline=ctx.day(day), left=left(ctx, day))


def left(ctx: Context, day: date) -> str:
    """Say how many days are left until the end of a day."""
    days = (day - ctx.today).days
    if days < 0:
        return ctx.say("status.passed", days=-days)
    return ctx.say("status.today") if days == 0 else ctx.say("status.days_left", days=days)


def percent(part: int, whole: int, *, language: str) -> str:
    """Say a share in per cent with one decimal, half up; 0 of 0 is 0."""
    share = Decimal(100 * part) / whole if whole else Decimal(0)
    return say_number(share.quantize(Decimal("0.1"), ROUND_HALF_UP), language, places=1)
