"""What a moved score means for the regency, said in one clause after each level."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from domain.draft.eligibility import CountingRule, Reason, eligibility, say_reason
from domain.draft.facts import BeforeSending
from domain.index.sending import SendingEffect, effect_of_sending
from domain.index.whatif import Improvement, Regency
from domain.review import MEETS_DUTY
from domain.rules.indicators import Indicator, IndicatorSet
from domain.texts import join
from handlers.context import Context
from handlers.estimate import figure_words
from storage import contacts, innovations, periods, profile, reports
from storage.innovations import Innovation


def outlook(ctx: Context, innovation: Innovation, *, rule_year: int) -> Callable[[int, int], str]:
    """Make the clause of an innovation as it is kept; nothing is read before a level has moved."""

    def said(before: int, after: int) -> str:
        if not contacts.wants_live_clause(ctx.tx, ctx.person.id):
            return ""
        regency = _load_with_it(ctx, innovation, rule_year=rule_year)
        if regency is None:
            return ""
        moved = regency.with_(regency.sums.raised(after - before))
        index = [figure_words.number(ctx, regency_then.now().index) for regency_then in (regency, moved)]
        key = "score_effect.moved" if innovation.state in MEETS_DUTY else "score_effect.would_move"
        return ctx.say(key, before=index[0], after=index[1], rules=rule_year)

    return said


def before_sending(
    ctx: Context, innovation: Innovation, *, rule_year: int
) -> Callable[[Mapping[str, Any]], BeforeSending | None]:
    """Make the sentence of the check page; nothing where sending moves nothing that may be said."""

    def foresee(answers: Mapping[str, Any]) -> BeforeSending | None:
        if innovation.state in MEETS_DUTY:
            return None
        if uncounted := _say_uncounted(ctx, innovation, answers=answers):
            return uncounted
        regency = _load_without(ctx, innovation, rule_year=rule_year)
        if regency is None:
            return None
        indicators = ctx.desk_data.indicators_of(innovation)
        levels = {item.no: item.level(answers) for item in indicators.indicators}
        effect = effect_of_sending(
            regency,
            indicators,
            affair=answers.get("urusan_utama") or "",
            levels=levels,
            efforts=profile.efforts(ctx.tx),
        )
        return write_effect(ctx, effect, indicators=indicators)

    return foresee


def _say_uncounted(
    ctx: Context, innovation: Innovation, *, answers: Mapping[str, Any]
) -> BeforeSending | None:
    """Say that it would be in no figure, and lead to its stage where that is why; None where it counts."""
    asked = _load_counting_rule(ctx, innovation)
    reason = eligibility(answers, levels={}, rule=asked).reason
    if reason is None:
        return None
    why = say_reason(reason, ctx.say, opens=asked.opens, closes=asked.closes)
    places = ((str(ctx.say("score_effect.to_stage")), "tahapan"),) if reason is Reason.STAGE else ()
    return BeforeSending(ctx.say("score_effect.sending_uncounted", reason=why), places)


def write_effect(ctx: Context, effect: SendingEffect, *, indicators: IndicatorSet) -> BeforeSending:
    """Say whether it raises or lowers, from which score it would raise, and by which improvements.

    What lowers it by less than is shown leaves it as it is, and is told from which score it would raise.
    """
    shown = sum(effect.parts.values(), Decimal(0))
    moves = {
        "score": effect.maturity,
        "change": figure_words.number(ctx, abs(shown)),
        "parts": figure_words.parts(ctx, effect.parts),
    }
    moved = ctx.say(_name_move(shown), **moves)
    if effect.change >= 0:
        return BeforeSending(moved)
    turns = ctx.say("score_effect.sending_turns", score=effect.raises_from) if effect.raises_from else ""
    named = [_name_improvement(ctx, way, indicator=indicators.by_no[way.no]) for way in effect.cheapest]
    cheapest = ctx.say("score_effect.cheapest") if named else ""
    text = join((moved, turns, cheapest, ctx.say("score_effect.sending_is_free")), by=" ")
    return BeforeSending(text, tuple(named))


def _name_move(shown: Decimal) -> str:
    if not shown:
        return "score_effect.sending_keeps"
    return "score_effect.sending_raises" if shown > 0 else "score_effect.sending_lowers"


def _name_improvement(ctx: Context, improvement: Improvement, *, indicator: Indicator) -> tuple[str, str]:
    """Name an improvement by what it brings, and the question that takes it."""
    name = indicator.name.in_(ctx.say.language)
    label = ctx.say("score_effect.improvement", name=name, level=improvement.level, points=improvement.points)
    return str(label), indicator.level_question


def _load_without(ctx: Context, innovation: Innovation, *, rule_year: int) -> Regency | None:
    """What the estimate rests on without this innovation; None as long as it is not complete."""
    if not _is_estimate_complete(ctx, innovation):
        return None
    rule = ctx.desk_data.rules[rule_year]
    figures = reports.period_figures(ctx.tx, innovation.period_id, rule=rule)
    return Regency(rule, figures.claimed.sums, figures.spd)


def _is_estimate_complete(ctx: Context, innovation: Innovation) -> bool:
    """Whether the estimate of its period is complete enough to be moved in words."""
    period = periods.load(ctx.tx, innovation.period_id)
    return reports.judged(ctx.tx, ctx.desk_data, period=period).complete


def _load_counting_rule(ctx: Context, innovation: Innovation) -> CountingRule:
    period = periods.load(ctx.tx, innovation.period_id)
    return ctx.desk_data.counting_rule(innovation.rule_year, period.window)


def _load_with_it(ctx: Context, innovation: Innovation, *, rule_year: int) -> Regency | None:
    """What the estimate rests on with this innovation in it.

    None where it may not count, and as long as the estimate is not complete: a moving part of a figure that
    must not be said yet would be taken for the figure.
    """
    answers = innovations.answers(ctx.tx, innovation.id)
    judged = eligibility(answers, levels={}, rule=_load_counting_rule(ctx, innovation))
    if not judged.counts or not _is_estimate_complete(ctx, innovation):
        return None
    rule = ctx.desk_data.rules[rule_year]
    figures = reports.period_figures(ctx.tx, innovation.period_id, rule=rule)
    sums = figures.claimed.sums
    if innovation.state not in MEETS_DUTY:
        sums = sums.plus(innovation.claimed, answers.get("urusan_utama") or "")
    return Regency(rule, sums, figures.spd)
