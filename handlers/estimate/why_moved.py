"""One sentence on why the estimate moved: since yesterday, else in a week."""

from __future__ import annotations

from datetime import timedelta

from domain.index.moved import Cause, Moved, why_moved
from domain.index.sending import effect_of_sending
from domain.index.whatif import Regency
from domain.texts import Marked
from handlers.context import Context
from handlers.estimate import figure_words
from storage import reports
from storage.periods import Period

SPANS = (("day", timedelta(days=1)), ("week", timedelta(days=7)))


def sentence(ctx: Context, period: Period) -> Marked:
    """Say how and why it moved; "" where it did not, or where the two moments cannot be compared."""
    for span, back in SPANS:
        moment = ctx.now - back
        earlier = reports.judged_at(ctx.tx, ctx.desk_data, period=period, moment=moment)
        if earlier is None or not earlier.complete:
            return Marked("")
        if moved := _compare(ctx, period, back=back):
            return _write(ctx, moved[0], span=span, least=moved[1])
    return Marked("")


def _compare(ctx: Context, period: Period, *, back: timedelta) -> tuple[Moved, int] | None:
    """Compare with an earlier moment; also the least score that would have raised the estimate then."""
    rule = ctx.desk_data.rules[period.rule_year]
    moment = ctx.now - back
    before = reports.period_figures_at(ctx.tx, period.id, rule=rule, moment=moment)
    now = reports.period_figures(ctx.tx, period.id, rule=rule)
    if before is None:
        return None
    stood = Regency(rule, before.claimed.sums, before.spd)
    stands = Regency(rule, now.claimed.sums, now.spd)
    moved = why_moved(stood, stands)
    if moved is None:
        return None
    indicators = ctx.desk_data.indicators[period.rule_year]
    raises_from = effect_of_sending(stood, indicators, affair="", levels={}).raises_from
    return moved, raises_from or 0


def _write(ctx: Context, moved: Moved, *, span: str, least: int) -> Marked:
    fell = moved.change < 0
    change = figure_words.number(ctx, abs(moved.change))
    head = ctx.say(f"why_moved.{'fell' if fell else 'rose'}_{span}", change=change)
    key = f"why_moved.{moved.cause}"
    if moved.cause is Cause.ADDED and fell and least:
        key = "why_moved.added_low"
    why = ctx.say(key, count=moved.count, least=least)
    return ctx.say("why_moved.sentence", head=head, why=why, parts=figure_words.parts(ctx, moved.parts))
