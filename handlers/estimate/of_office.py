"""The estimate for an office: the regency, its own innovations, its best next step."""

from __future__ import annotations

from domain import buttons
from domain.index import headline
from domain.index.whatif import Regency, Step, steps
from domain.message import Choice, Message
from domain.texts import Marked, bold, join
from handlers import ui
from handlers.context import Context, message
from handlers.estimate import figure_words, lines
from storage import office_sums, profile, reports
from storage.office_sums import Entry, OfficeSums
from storage.periods import Period
from storage.reports import PeriodFigures


def told(ctx: Context, period: Period, *, found: PeriodFigures) -> list[Message]:
    """Say how the regency and the person's own office stand, and what helps most."""
    every = [
        one
        for number in ctx.person.offices
        if (one := office_sums.office(ctx.tx, period.id, office_id=number))
    ]
    title = ctx.say("status.title", year=period.year)
    judged = reports.judged(ctx.tx, ctx.desk_data, period=period, figures=found)
    parts = (
        join((title, *headline.headline(judged, ctx.say)), by="\n"),
        *(
            join((_own(ctx, one, period=period), best(ctx, period, found=found, office=one.id)), by="\n")
            for one in every
        ),
        join(
            (lines.deadline(ctx, period), *(lines.deadline_of(ctx, period, office=one) for one in every)),
            by="\n",
        ),
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


def _own(ctx: Context, office: OfficeSums, *, period: Period) -> Marked:
    """Say what the office has brought, with thanks where it has."""
    if not period.open:
        told = ctx.say("status.own_closed", sent=office.sent, drafts=office.drafts)
        return join((bold(office.name), told), by="\n")
    key = "status.own_draft" if office.drafts else "status.own_none"
    if office.sent:
        key = "status.own_done"
    return join((bold(office.name), ctx.say(key, sent=office.sent, drafts=office.drafts)), by="\n")


def best(ctx: Context, period: Period, *, found: PeriodFigures, office: int) -> str:
    """Say an office's best next step; nothing where the period is closed, none of its innovations counts or
    all are at the top.
    """
    if not period.open:
        return ""
    room = office_sums.room(ctx.tx, period.id, office_id=office)
    rule = ctx.desk_data.rules[period.rule_year]
    indicators, efforts = ctx.desk_data.indicators[period.rule_year], profile.efforts(ctx.tx)
    left = [one for one in indicators.indicators if room[one.no] > 0]
    if not left:
        return ""
    chosen = max(left, key=lambda one: (one.weight / efforts.get(one.no, 1), -one.no))
    entry = office_sums.with_room(ctx.tx, period.id, office_id=office, indicator=chosen.no)
    if entry is None:
        return ""
    regency = Regency(rule, found.claimed.sums, found.spd)
    step = next(
        one for one in steps(regency, indicators, levels=entry.levels, efforts=efforts) if one.no == chosen.no
    )
    return ctx.say("status.best", **step_words(ctx, entry, step=step))


def step_words(ctx: Context, entry: Entry, *, step: Step) -> dict[str, object]:
    """The parameters that say one step of an innovation."""
    indicator = ctx.desk_data.indicators_of(entry).by_no[step.no]
    return {
        "no": step.no,
        "name": indicator.name.in_(ctx.say.language),
        "level": step.level,
        "points": step.points,
        "gain": figure_words.signed(ctx, step.after - step.before),
        "title": ui.title(ctx.say, entry.title),
    }
