"""The lines of the summary: the two figures, the target, who takes part, until when."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from domain.index import index_words
from domain.reading.dates import PartialDate, say_date
from domain.reading.numbers import say_number
from domain.texts import Marked, join
from handlers.context import Context
from handlers.estimate import figure_words
from storage import profile, reports
from storage.periods import Period
from storage.reports import Standing

PUBLISHED_SHOWN = 3


def summary(ctx: Context, period: Period, found: Standing) -> Marked:
    """Say the estimate of the regency, what it aims at, who takes part, until when."""
    parts = (
        join((ctx.say("status.title", year=period.year), *headline(ctx, found), _week(ctx, period, found)), by="\n"),
        join((participation(ctx, found), states(ctx, found), affairs(ctx, found)), by="\n"),
        join((published(ctx), deadline(ctx, period)), by="\n"),
        figure_words.footer(ctx, period.rule_year),
    )
    return join(parts)


def headline(ctx: Context, found: Standing) -> tuple[Marked, ...]:
    """Say both figures and the distance to the target; without innovations, what would change that."""
    if not found.claimed.sums.count:
        return (figure_words.index(ctx, found.claimed), ctx.say("status.none_counted"))
    return (
        ctx.say("status.claimed", index=figure_words.index(ctx, found.claimed)),
        verified(ctx, found),
        distance(ctx, found),
    )


def verified(ctx: Context, found: Standing) -> Marked:
    """Say the verified figure, or that nothing is verified yet."""
    if not found.verified.sums.count:
        return ctx.say("status.none_verified")
    return ctx.say("status.verified", index=figure_words.index(ctx, found.verified))


def distance(ctx: Context, found: Standing) -> Marked:
    """Say how far the target is."""
    return index_words.distance(ctx.say, found.target, index=found.claimed.index)


def _week(ctx: Context, period: Period, found: Standing) -> str:
    """Say what the claimed index did in seven days; nothing where there was nothing to compare with."""
    rule = ctx.house.rules[period.rule_year]
    before = reports.standing_at(ctx.tx, period.id, rule, ctx.now - reports.WEEK)
    if before is None or not before.claimed.sums.count:
        return ""
    return ctx.say("status.week", change=figure_words.signed(ctx, found.claimed.index - before.claimed.index))


def participation(ctx: Context, found: Standing) -> Marked:
    """Say how many offices have sent an innovation."""
    done, every = found.figures.done, found.figures.offices
    share = percent(done, every, ctx.say.language)
    return ctx.say("status.participation", done=done, offices=every, percent=share, left=every - done)


def states(ctx: Context, found: Standing) -> Marked:
    """Count the innovations by state, leaving out states nobody is in."""
    named = [
        ctx.say("status.in_state", state=ctx.say(f"innovations.state_{state}"), count=count)
        for state, count in found.figures.states.items()
        if count
    ]
    counted = ctx.say("status.counted", count=found.claimed.sums.count)
    return join((counted, join(named, by=" · ")), by=" – ") if named else counted


def affairs(ctx: Context, found: Standing) -> Marked:
    """Say how many basic-service affairs are represented, and what the count score asks for."""
    claimed = found.claimed
    params = {"there": len(claimed.basic), "every": len(claimed.basic) + len(claimed.missing)}
    if claimed.needed is None:
        return ctx.say("status.affairs_unknown", **params)
    key = "status.affairs_met" if claimed.condition_met else "status.affairs_short"
    return ctx.say(key, **params, needed=claimed.needed)


def published(ctx: Context) -> str:
    """Name the latest results the ministry published, apart from the estimate."""
    found = profile.published(ctx.tx)[:PUBLISHED_SHOWN]
    named = [f"{one.year}: {figure_words.number(ctx, one.value)}" for one in found]
    return ctx.say("status.published", results="; ".join(named)) if named else ""


def deadline(ctx: Context, period: Period) -> Marked:
    """Say until when, and how long that is."""
    day = say_date(PartialDate(period.deadline, "day"), ctx.say.language)
    return ctx.say("status.deadline", deadline=day, left=left(ctx, period))


def left(ctx: Context, period: Period) -> str:
    """Say how many days are left."""
    days = (period.deadline - ctx.today).days
    if days < 0:
        return ctx.say("status.passed", days=-days)
    return ctx.say("status.today") if days == 0 else ctx.say("status.days_left", days=days)


def percent(part: int, whole: int, language: str) -> str:
    """Say a share in per cent with one decimal, half up; 0 of 0 is 0."""
    share = Decimal(100 * part) / whole if whole else Decimal(0)
    return say_number(share.quantize(Decimal("0.1"), ROUND_HALF_UP), language, places=1)
