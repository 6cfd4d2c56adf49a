"""/simulasi: what would raise the index; for an office its own innovations, for leaders and the desk the regency."""

from __future__ import annotations

from decimal import Decimal

from domain import buttons
from domain.index import index_words
from domain.index.estimate import in_index
from domain.index.whatif import (
    Addition,
    Plan,
    Regency,
    Step,
    adding,
    break_even,
    cheapest,
    more_to,
    one_more_affair,
    steps,
)
from domain.message import Choice, Message, Rows
from domain.people import Right
from domain.rules.form import Answers
from domain.texts import Marked, bold, join
from handlers import ui
from handlers.context import Context, message
from handlers.estimate import figure_words, of_office
from storage import audit, innovations, office_sums, profile, reports
from storage.office_sums import Entry
from storage.periods import Period
from storage.reports import Standing

STEPS_SHOWN = 4  # of one innovation
KINDS_SHOWN = 3  # of steps towards the target (F54)
OWN_SHOWN = 20  # innovations to choose from
MATURITIES = (37, 60, 74, 90, 102)  # to try for one more innovation; 37 is level 1 and 74 level 2 throughout
USUAL = 74


def whatif(ctx: Context) -> list[Message]:
    """Open the simulation that fits the person."""
    period = figure_words.period(ctx)
    if period is None:
        return message(ctx.say("form.no_period"), (Choice(ctx.say("status.button"), buttons.Open("status")),))
    return _regency(ctx, period, USUAL) if ctx.may(Right.SEE_OFFICES) else _office(ctx, period)


def tapped(ctx: Context, button: buttons.Whatif) -> list[Message]:
    """Show another simulation in the place of this one."""
    period = figure_words.period(ctx)
    if period is not None and button.of == "m" and ctx.may(Right.SEE_OFFICES):
        most = ctx.house.rules[period.rule_year].index.maturity_max
        return ui.in_place(ctx, _regency(ctx, period, min(button.number, most)))
    entry = _entry(ctx, button.number) if period is not None and button.of == "i" else None
    return ui.in_place(ctx, _innovation(ctx, period, entry) if period and entry else whatif(ctx))


def _entry(ctx: Context, number: int) -> Entry | None:
    """Load an innovation this person may try things with."""
    entry = office_sums.entry(ctx.tx, number)
    own = entry is not None and entry.office_id in ctx.person.offices
    if entry is None or own or (ctx.may(Right.SEE_OFFICES) and entry.state != "draf"):
        return entry
    audit.record(ctx.tx, "refused_button", now=ctx.now, actor=ctx.person.id, innovation=number)
    return None


def _standing(ctx: Context, period: Period) -> tuple[Standing, Regency]:
    rule = ctx.house.rules[period.rule_year]
    found = reports.standing(ctx.tx, period.id, rule)
    return found, Regency(rule, found.claimed.sums, found.spd)


def _end(ctx: Context, period: Period) -> Marked:
    return join((ctx.say("whatif.changes_nothing"), figure_words.footer(ctx, period.rule_year)), by="\n")


# one office


def _office(ctx: Context, period: Period) -> list[Message]:
    """Let the office choose one of its innovations; the only one opens at once."""
    found = [
        entry
        for office in ctx.person.offices
        for entry in office_sums.entries(ctx.tx, period.id, office, drafts=True, limit=OWN_SHOWN)
    ]
    if not found:
        return message(ctx.say("whatif.none"), (Choice(ctx.say("submit.button"), buttons.Open("ajukan")),))
    if len(found) == 1:
        return _innovation(ctx, period, found[0])
    rows = [
        (Choice(f"{ui.title(ctx.say, one.title)[:40]} · {one.claimed}", buttons.Whatif("i", one.id)),) for one in found
    ]
    return message(ctx.say("whatif.which"), *rows, (Choice(ctx.say("status.button"), buttons.Open("status")),))


def _innovation(ctx: Context, period: Period, entry: Entry) -> list[Message]:
    """List the best single steps of one innovation: points, the regency's index, the paper."""
    _, regency = _standing(ctx, period)
    if not entry.counts:  # as if it were sent and in full use
        regency = regency.with_(regency.sums.plus(entry.claimed))
    indicators = ctx.house.indicators[entry.rule_year]
    found = steps(regency, indicators, entry.levels, efforts=profile.efforts(ctx.tx))
    head = ctx.say(
        "whatif.innovation", title=ui.title(ctx.say, entry.title), claimed=entry.claimed, maximum=indicators.maximum
    )
    if not found:
        return message(join((head, ctx.say("whatif.at_the_top"), _end(ctx, period))), *_innovation_doors(ctx, entry))
    answers = innovations.answers(ctx.tx, entry.id)
    lines = [_step(ctx, entry, step, answers) for step in found[:STEPS_SHOWN]]
    assumed = "" if entry.counts else ctx.say("whatif.as_if_sent")
    parts = (join((head, assumed), by="\n"), *lines, _end(ctx, period))
    return message(join(parts), *_innovation_doors(ctx, entry))


def _step(ctx: Context, entry: Entry, step: Step, answers: Answers) -> Marked:
    """Say one step: what the level needs, by the basis that was chosen where there is a choice, and the paper."""
    indicator = ctx.house.indicators[entry.rule_year].by_no[step.no]
    basis = indicator.basis(answers)
    levels = basis.levels if basis else indicator.levels
    words = of_office.step_words(ctx, entry, step)
    needs = levels[step.level - 1].in_(ctx.say.language) if levels else ctx.say("whatif.by_basis")
    evidence = (basis or indicator).evidence.in_(ctx.say.language)
    before, after = figure_words.number(ctx, step.before), figure_words.number(ctx, step.after)
    return ctx.say("whatif.step", **words, needs=needs, evidence=evidence, before=before, after=after)


def _innovation_doors(ctx: Context, entry: Entry) -> Rows:
    own = entry.office_id in ctx.person.offices
    first = Choice(ctx.say("whatif.fill"), buttons.Form(entry.id, "#list", 0, "j", "#ind")) if own else None
    back = Choice(ctx.say("figure_words.back"), buttons.Whatif("all") if own else buttons.StatusInnovation(entry.id))
    return ((first,), (back,)) if first else ((back,),)


# the regency


def _regency(ctx: Context, period: Period, maturity: int) -> list[Message]:
    """Say the cheapest way to the target, and what more innovations would do."""
    found, regency = _standing(ctx, period)
    if not regency.sums.count:
        parts = [ctx.say("whatif.title", year=period.year), ctx.say("whatif.no_innovations")]
    else:
        parts = [ctx.say("whatif.title", year=period.year), _way(ctx, period, found, regency)]
    parts += [_more(ctx, found, regency, maturity), _end(ctx, period)]
    tries = tuple(Choice(f"• {one} •" if one == maturity else str(one), buttons.Whatif("m", one)) for one in MATURITIES)
    return message(join(parts), tries, (Choice(ctx.say("figure_words.back"), buttons.Status("now")),))


def _way(ctx: Context, period: Period, found: Standing, regency: Regency) -> Marked:
    target, index = figure_words.number(ctx, found.target), figure_words.number(ctx, found.claimed.index)
    if not found.gap:
        return ctx.say("whatif.reached", target=target, index=index)
    indicators = ctx.house.indicators[period.rule_year]
    efforts = profile.efforts(ctx.tx)
    plan = cheapest(regency, indicators, office_sums.room(ctx.tx, period.id), found.target, efforts=efforts)
    gap = ctx.say("whatif.gap", target=target, index=index, gap=figure_words.number(ctx, found.gap))
    return join((gap, _plan(ctx, period, plan, alike=not set(efforts.values()) - {1})), by="\n")


def _plan(ctx: Context, period: Period, plan: Plan, *, alike: bool) -> Marked:
    """Name the steps that bring most, how many there are in all, and how sure it is that fewer do not do."""
    indicators = ctx.house.indicators[period.rule_year]
    first = plan.foremost(indicators, KINDS_SHOWN)
    lines = [index_words.rise_line(ctx.say, rise, indicators) for rise in first]
    rest = len(plan.steps) - len(first)
    others = ctx.say("whatif.other_kinds", count=rest) if rest else ""
    after = figure_words.number(ctx, plan.after)
    if not plan.reached:
        return join((ctx.say("whatif.not_enough", after=after), *lines, others), by="\n")
    title = ctx.say(
        "whatif.fewest" if alike else "whatif.cheapest", steps=sum(plan.steps.values()), cost=plan.cost, after=after
    )
    bound = ctx.say("whatif.off_by", off_by=plan.off_by) if plan.off_by else ""
    return join((title, *lines, others, bound), by="\n")


def _more(ctx: Context, found: Standing, regency: Regency, maturity: int) -> Marked:
    """What one more innovation does, the offices that have none, one more basic affair."""
    one = ctx.say("whatif.one_more", maturity=maturity, **_change(ctx, adding(regency, [maturity])))
    lowest = break_even(regency)
    warning = ctx.say("whatif.break_even", lowest=lowest) if lowest else ""
    empty = found.figures.offices - found.figures.done
    each = _change(ctx, adding(regency, [maturity] * empty))
    offices = ctx.say("whatif.empty_offices", count=empty, maturity=maturity, **each) if empty else ""
    enough = _enough(ctx, found, regency, maturity)
    lines = (one, warning, offices, enough, _affair(ctx, regency), _profile(ctx, regency))
    return join((bold(ctx.say("whatif.more_title")), *lines, ctx.say("whatif.try_another")), by="\n")


def _enough(ctx: Context, found: Standing, regency: Regency, maturity: int) -> str:
    """Say how many innovations of this maturity would reach the target alone."""
    if not found.gap:
        return ""
    more = more_to(regency, maturity, found.target)
    params = {"target": figure_words.number(ctx, found.target), "maturity": maturity}
    if more is None:
        return ctx.say("whatif.never_enough", **params, cap=regency.rule.index.count_cap)
    return ctx.say("whatif.enough", **params, count=more)


def _profile(ctx: Context, regency: Regency) -> str:
    """Say what the rows of the regency's own profile still hold."""
    left = regency.rule.index.spd_max - regency.spd
    if not regency.rule.spd or left <= 0:
        return ""
    index = figure_words.signed(ctx, in_index(regency.rule, left))
    return ctx.say("whatif.profile", points=figure_words.number(ctx, left), index=index)


def _affair(ctx: Context, regency: Regency) -> str:
    affair = one_more_affair(regency)
    if affair is None or regency.now().condition_met:
        return ""
    options = {option.id: option.label for option in ctx.house.form.by_id["urusan_utama"].options}
    name, change = options[affair[0]].in_(ctx.say.language), affair[1].change
    key = "whatif.affair" if change else "whatif.affair_nothing"
    return ctx.say(key, name=name, change=figure_words.signed(ctx, change))


def _change(ctx: Context, found: Addition) -> dict[str, str]:
    said: dict[str, Decimal] = {"average": found.average, "number": found.number, "change": found.change}
    return {name: figure_words.signed(ctx, value) for name, value in said.items()}
