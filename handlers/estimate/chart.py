"""The estimate as a picture, with the same figures in words; it is drawn when it is sent."""

from __future__ import annotations

from domain import buttons
from domain.index.chart import Chart, Figure, described
from domain.message import Attachment, Choice, Message
from domain.texts import join
from handlers.context import Context, message
from handlers.estimate import figure_words, lines
from storage import reports
from storage.periods import Period
from storage.reports import Standing


def picture(ctx: Context) -> list[Message]:
    """Send the picture as a new message: a picture is never an edit."""
    period = figure_words.period(ctx)
    again = (Choice(ctx.say("status.now_button"), buttons.Open("status")),)
    if period is None:
        return message(ctx.say("form.no_period"), again)
    found = reports.standing(ctx.tx, period.id, ctx.house.rules[period.rule_year])
    caption = join((
        join((ctx.say("status.title", year=period.year), *lines.headline(ctx, found), _in_words(ctx, found)),
             by="\n"),
        lines.participation(ctx, found),
        figure_words.footer(ctx, period.rule_year),
    ))  # fmt: skip
    args = described(_chart(ctx, period, found), ctx.say)
    return message(caption, again, attachment=Attachment("photo", "chart", args, f"perkiraan-{period.year}.png"))


def _in_words(ctx: Context, found: Standing) -> str:
    """Say the shares of the claimed index that the picture shows."""
    spd, average, count = (figure_words.number(ctx, line.share) for line in found.claimed.lines)
    return ctx.say("status.shares", spd=spd, average=average, count=count)


def _chart(ctx: Context, period: Period, found: Standing) -> Chart:
    zone = ctx.house.timezone
    return Chart(
        year=period.year,
        rule_year=period.rule_year,
        at=ctx.now.astimezone(zone),
        claimed=Figure.of(found.claimed),
        verified=Figure.of(found.verified),
        target=found.target,
        trend=reports.trend(ctx.tx, period.id, ctx.house.rules[period.rule_year], now=ctx.now, zone=zone),
    )
