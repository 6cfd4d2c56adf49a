"""What a moved score means for the regency, said in one clause after each level."""

from __future__ import annotations

from collections.abc import Callable

from domain.draft.eligibility import eligibility
from domain.index.whatif import Regency
from domain.review import MEETS_DUTY
from handlers.context import Context
from handlers.estimate import figure_words
from storage import contacts, innovations, periods, reports
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


def _load_with_it(ctx: Context, innovation: Innovation, *, rule_year: int) -> Regency | None:
    """What the estimate rests on with this innovation in it.

    None where it may not count, and as long as the estimate is not complete: a moving part of a figure that
    must not be said yet would be taken for the figure.
    """
    answers = innovations.answers(ctx.tx, innovation.id)
    period = periods.load(ctx.tx, innovation.period_id)
    asked = ctx.desk_data.counting_rule(innovation.rule_year, period.window)
    if (
        not eligibility(answers, levels={}, rule=asked).counts
        or not reports.judged(ctx.tx, ctx.desk_data, period=period).complete
    ):
        return None
    rule = ctx.desk_data.rules[rule_year]
    figures = reports.period_figures(ctx.tx, innovation.period_id, rule=rule)
    sums = figures.claimed.sums
    if innovation.state not in MEETS_DUTY:
        sums = sums.plus(innovation.claimed, answers.get("urusan_utama") or "")
    return Regency(rule, sums, figures.spd)
