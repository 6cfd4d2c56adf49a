"""What more innovations would do to the index of the regency, and what else would raise it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from domain import buttons
from domain.index import headline, index_words
from domain.index.estimate import in_index
from domain.index.judgement import Judgement
from domain.index.whatif import (
    Addition,
    Plan,
    Regency,
    adding,
    break_even,
    cheapest,
    more_to,
    one_more_affair,
)
from domain.message import Choice, Message
from domain.texts import Marked, bold, join
from handlers.context import Context, message
from handlers.estimate import figure_words
from storage import office_sums, profile, reports
from storage.periods import Period
from storage.reports import PeriodFigures

KINDS_SHOWN = 3  # of improvements towards the target (F54)
AFFAIRS_NAMED = 2  # of the missing basic ones; more are counted
MATURITIES = (37, 60, 74, 90, 102)  # to try for one more innovation; 37 is level 1 and 74 level 2 throughout
USUAL = 74


def show_regency(
    ctx: Context, period: Period, *, maturity: int = USUAL, target: Decimal | None = None
) -> list[Message]:
    """Say the cheapest way to the target, or to one that is tried, and what more innovations would do."""
    figures, regency = load_standing(ctx, period)
    judged = reports.judged(ctx.tx, ctx.desk_data, period=period, figures=figures)
    if target is not None:
        judged = replace(judged, target=target)
    parts = (
        ctx.say("whatif.title", year=period.year),
        _say_no_distance(ctx, judged) if target is not None else "",
        _write_way(ctx, period, judged=judged, regency=regency),
        _write_more(ctx, figures, judged=judged, regency=regency, maturity=maturity),
        write_end(ctx, period),
    )
    hundredths = 0 if target is None else int(target * 100)
    tries = [_try(ctx, shown, chosen=shown == maturity, target=hundredths) for shown in MATURITIES]
    return message(
        join(parts),
        tuple(tries[:3]),
        tuple(tries[3:]),
        (Choice(ctx.say("figure_words.back"), buttons.Status("now")),),
    )


def _try(ctx: Context, maturity: int, *, chosen: bool, target: int) -> Choice:
    label = ctx.say("whatif.try", maturity=maturity)
    return Choice(f"✔ {label}" if chosen else label, buttons.Whatif("m", maturity, target=target))


def _say_no_distance(ctx: Context, judged: Judgement) -> str:
    """Say that what is missing to a target that is tried is not known yet; nothing where it is."""
    if judged.gap is not None:
        return ""
    return ctx.say("whatif.no_distance", target=figure_words.number(ctx, judged.target))


def _write_way(ctx: Context, period: Period, *, judged: Judgement, regency: Regency) -> Marked:
    """Say the cheapest improvements to the target; while the estimate is not complete, what it lacks."""
    if judged.claimed is None:
        return ctx.say("whatif.no_innovations")
    if judged.gap is None:
        so_far = ctx.say(
            "headline.incomplete", year=judged.year, index=headline.open_index(judged.claimed, ctx.say)
        )
        return join((so_far, headline.missing(judged, ctx.say), _say_open_profile(ctx, judged)), by="\n")
    target, index = figure_words.number(ctx, judged.target), figure_words.number(ctx, judged.claimed.low)
    if not judged.gap:
        return ctx.say("whatif.reached", target=target, index=index)
    indicators = ctx.desk_data.indicators[period.rule_year]
    efforts = profile.efforts(ctx.tx)
    plan = cheapest(
        regency, indicators, room=office_sums.room(ctx.tx, period.id), target=judged.target, efforts=efforts
    )
    gap = ctx.say("whatif.gap", target=target, index=index, gap=figure_words.number(ctx, judged.gap))
    return join((gap, _write_plan(ctx, period, plan=plan, alike=not set(efforts.values()) - {1})), by="\n")


def _write_plan(ctx: Context, period: Period, *, plan: Plan, alike: bool) -> Marked:
    """Name the improvements that bring most, how many there are in all, and how sure it is that fewer do
    not do.
    """
    indicators = ctx.desk_data.indicators[period.rule_year]
    first = plan.foremost(indicators, KINDS_SHOWN)
    lines = [index_words.rise_line(ctx.say, rise, indicators=indicators) for rise in first]
    rest = len(plan.improvements) - len(first)
    others = ctx.say("whatif.other_kinds", count=rest) if rest else ""
    after = figure_words.number(ctx, plan.after)
    if not plan.reached:
        return join((ctx.say("whatif.not_enough", after=after), *lines, others), by="\n")
    title = ctx.say(
        "whatif.fewest" if alike else "whatif.cheapest",
        improvements=sum(plan.improvements.values()),
        cost=plan.cost,
        after=after,
    )
    bound = ctx.say("whatif.off_by", off_by=plan.off_by) if plan.off_by else ""
    return join((title, *lines, others, bound), by="\n")


def _write_more(
    ctx: Context, figures: PeriodFigures, *, judged: Judgement, regency: Regency, maturity: int
) -> Marked:
    """What one more innovation does, the offices that have none, one more basic affair."""
    empty = figures.figures.offices - figures.figures.done
    lines = (
        _write_added(ctx, regency, maturity=maturity, count=1),
        _say_break_even(ctx, regency),
        _write_added(ctx, regency, maturity=maturity, count=empty) if empty else "",
        _say_enough(ctx, judged, regency=regency, maturity=maturity),
        _name_affair(ctx, regency),
        _say_profile(ctx, regency),
    )
    return join((bold(ctx.say("whatif.more_title")), *lines, ctx.say("whatif.try_another")), by="\n")


def _write_added(ctx: Context, regency: Regency, *, maturity: int, count: int) -> Marked:
    """Say what so many more innovations do: without a new basic affair, and with those that are missing."""
    plain = adding(regency, [maturity] * count)
    key = "whatif.one_more" if count == 1 else "whatif.empty_offices"
    said = ctx.say(key, count=count, maturity=maturity, **_gather_change(ctx, plain))
    brings = regency.now().missing[:count]
    with_affairs = adding(regency, [maturity] * count, affairs=brings)
    if with_affairs.change == plain.change:
        return said
    few = len(brings) <= AFFAIRS_NAMED
    names = _name_affairs(ctx, brings) if few else ctx.say("whatif.missing_affairs", count=len(brings))
    return join(
        (said, ctx.say("whatif.with_affairs", names=names, **_gather_change(ctx, with_affairs))), by=" "
    )


def _name_affairs(ctx: Context, affairs: Sequence[str]) -> str:
    options = {option.id: option.label for option in ctx.desk_data.form.by_id["urusan_utama"].options}
    return ", ".join(options[name].in_(ctx.say.language) for name in affairs)


def _say_break_even(ctx: Context, regency: Regency) -> str:
    """Say from which maturity one more innovation, without a new basic affair, does not lower the
    estimate.
    """
    lowest = break_even(regency)
    if not lowest:
        return ""
    return ctx.say(
        "whatif.break_even" if regency.now().condition_met else "whatif.break_even_short", lowest=lowest
    )


def _say_enough(ctx: Context, judged: Judgement, *, regency: Regency, maturity: int) -> str:
    """Say how many innovations of this maturity reach the target; nothing while the profile is open.

    "Never" is said only when neither those without a new basic affair nor those with the missing ones do, up
    to the cap of the count score.
    """
    if not judged.profile.complete or judged.gap == 0:
        return ""
    params = {"target": figure_words.number(ctx, judged.target), "maturity": maturity}
    alone = more_to(regency, maturity, target=judged.target)
    served = more_to(regency, maturity, target=judged.target, affairs=regency.now().missing)
    if served is None and alone is None:
        return ctx.say("whatif.never_enough", **params, cap=regency.rule.index.count_cap)
    if alone is not None and (served is None or alone <= served):
        return ctx.say("whatif.enough", **params, count=alone)
    with_affairs = ctx.say("whatif.enough_with_affairs", **params, count=served)
    if alone is None:
        return with_affairs
    return join((with_affairs, ctx.say("whatif.enough_otherwise", count=alone)), by=" ")


def _say_profile(ctx: Context, regency: Regency) -> str:
    """Say what the rows of the regency's own profile still hold."""
    left = regency.rule.index.spd_max - regency.spd
    if not regency.rule.spd or left <= 0:
        return ""
    index = figure_words.signed(ctx, in_index(regency.rule, left))
    return ctx.say("whatif.profile", points=figure_words.number(ctx, left), index=index)


def _name_affair(ctx: Context, regency: Regency) -> str:
    affair = one_more_affair(regency)
    if affair is None or regency.now().condition_met:
        return ""
    name, change = _name_affairs(ctx, affair[:1]), affair[1].change
    key = "whatif.affair" if change else "whatif.affair_nothing"
    return ctx.say(key, name=name, change=figure_words.signed(ctx, change))


def _gather_change(ctx: Context, addition: Addition) -> dict[str, str]:
    said: dict[str, Decimal] = {
        "average": addition.average,
        "number": addition.number,
        "change": addition.change,
    }
    return {name: figure_words.signed(ctx, value) for name, value in said.items()}


def load_standing(ctx: Context, period: Period) -> tuple[PeriodFigures, Regency]:
    """Load the figures of the period, and the regency as claimed, which every simulation starts from."""
    rule = ctx.desk_data.rules[period.rule_year]
    figures = reports.period_figures(ctx.tx, period.id, rule=rule)
    return figures, Regency(rule, figures.claimed.sums, figures.spd)


def write_end(ctx: Context, period: Period) -> Marked:
    """Say that a simulation changes nothing, and by which rules it counts."""
    return join((ctx.say("whatif.changes_nothing"), figure_words.footer(ctx, period.rule_year)), by="\n")


def say_what_is_open(ctx: Context, judged: Judgement) -> Marked | str:
    """Say what keeps these figures from being the estimate; nothing where it is complete."""
    open_profile = _say_open_profile(ctx, judged)
    return open_profile if open_profile or judged.complete else headline.missing(judged, ctx.say)


def _say_open_profile(ctx: Context, judged: Judgement) -> str:
    """Say that the figures leave out what the profile has not filled in yet."""
    profile_ = judged.profile
    if profile_.complete:
        return ""
    key = "whatif.open_profile" if profile_.rows else "whatif.unknown_profile"
    return ctx.say(key, filled=profile_.filled, rows=profile_.rows, rules=judged.rule_year)
