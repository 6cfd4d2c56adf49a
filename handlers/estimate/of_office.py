"""The estimate for an office: the regency, its own innovations, its best next improvement."""

from __future__ import annotations

from domain import buttons
from domain.index import headline
from domain.index.whatif import Improvement, Regency, improvements
from domain.message import Choice, Message
from domain.texts import Marked, bold, join
from handlers import ui
from handlers.context import Context, message
from handlers.estimate import figure_words, lines
from storage import office_sums, profile, reports
from storage.office_sums import Entry, OfficeSums
from storage.periods import Period
from storage.reports import PeriodFigures


def show(ctx: Context, period: Period, *, figures: PeriodFigures) -> list[Message]:
    """Say how the regency and the person's own office stand, and what helps most."""
    every = [
        sums
        for number in ctx.person.offices
        if (sums := office_sums.office(ctx.tx, period.id, office_id=number))
    ]
    title = ctx.say("status.title", year=period.year)
    judged = reports.judged(ctx.tx, ctx.desk_data, period=period, figures=figures)
    deadlines = (lines.deadline_of(ctx, period, office=sums) for sums in every)
    parts = (
        join((title, *headline.headline(judged, ctx.say)), by="\n"),
        *(_write_own(ctx, sums, period=period, figures=figures) for sums in every),
        join((lines.deadline(ctx, period), *deadlines), by="\n"),
        figure_words.footer(ctx, period.rule_year),
    )
    own = (Choice(ctx.say("status.own_button"), buttons.Open("inovasi")),)
    if len(every) == 1:
        own = (Choice(ctx.say("status.own_button"), buttons.StatusOffice(every[0].id, 0)),)
    whatif = (
        Choice(ctx.say("opens.whatif"), buttons.Open("simulasi")),
        Choice(ctx.say("status.again"), buttons.Status("now")),
    )
    return message(join(parts), own, whatif)


def _write_own(ctx: Context, office: OfficeSums, *, period: Period, figures: PeriodFigures) -> Marked:
    improvement = best(ctx, period, figures=figures, office=office.id)
    return join((_say_own(ctx, office, period=period), improvement), by="\n")


def _say_own(ctx: Context, office: OfficeSums, *, period: Period) -> Marked:
    """Say what the office has brought, with thanks where it has."""
    if not period.open:
        text = ctx.say("status.own_closed", sent=office.sent, drafts=office.drafts)
        return join((bold(office.name), text), by="\n")
    key = "status.own_draft" if office.drafts else "status.own_none"
    if office.sent:
        key = "status.own_done"
    return join((bold(office.name), ctx.say(key, sent=office.sent, drafts=office.drafts)), by="\n")


def best(ctx: Context, period: Period, *, figures: PeriodFigures, office: int) -> str:
    """Say an office's best next improvement; nothing where the period is closed, none of its innovations
    counts or all are at the top.
    """
    if not period.open:
        return ""
    room = office_sums.room(ctx.tx, period.id, office_id=office)
    rule = ctx.desk_data.rules[period.rule_year]
    indicators, efforts = ctx.desk_data.indicators[period.rule_year], profile.efforts(ctx.tx)
    left = [indicator for indicator in indicators.indicators if room[indicator.no] > 0]
    if not left:
        return ""
    chosen = max(left, key=lambda indicator: (indicator.weight / efforts.get(indicator.no, 1), -indicator.no))
    entry = office_sums.with_room(ctx.tx, period.id, office_id=office, indicator=chosen.no)
    if entry is None:
        return ""
    regency = Regency(rule, figures.claimed.sums, figures.spd)
    improvement = next(
        way
        for way in improvements(regency, indicators, levels=entry.levels, efforts=efforts)
        if way.no == chosen.no
    )
    return ctx.say("status.best", **improvement_words(ctx, entry, improvement=improvement))


def improvement_words(ctx: Context, entry: Entry, *, improvement: Improvement) -> dict[str, object]:
    """The parameters that say one improvement of an innovation."""
    indicator = ctx.desk_data.indicators_of(entry).by_no[improvement.no]
    return {
        "no": improvement.no,
        "name": indicator.name.in_(ctx.say.language),
        "level": improvement.level,
        "points": improvement.points,
        "gain": figure_words.signed(ctx, improvement.after - improvement.before),
        "title": ui.title(ctx.say, entry.title),
    }
