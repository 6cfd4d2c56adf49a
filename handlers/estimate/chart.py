"""The estimate as a picture, with the same figures in words; it is drawn when it is sent."""

from __future__ import annotations

from domain import buttons
from domain.index import headline
from domain.index.chart import Chart, described
from domain.index.judgement import Judgement
from domain.message import Attachment, Choice, Message
from domain.texts import join
from handlers import ui
from handlers.context import Context, message
from handlers.estimate import figure_words, lines
from storage import reports


def picture(ctx: Context) -> list[Message]:
    """Send the picture as a new message: a picture is never an edit."""
    period = figure_words.period(ctx)
    again = (Choice(ctx.say("status.now_button"), buttons.Open("status")),)
    if period is None:
        return message(ui.no_period(ctx), again)
    figures = reports.period_figures(ctx.tx, period.id, rule=ctx.desk_data.rules[period.rule_year])
    judged = reports.judged(ctx.tx, ctx.desk_data, period=period, figures=figures)
    title = ctx.say("status.title", year=period.year)
    caption = join((
        join((title, *headline.headline(judged, ctx.say), _say_shares(ctx, judged)), by="\n"),
        lines.participation(ctx, figures, unreached=len(lines.unreached_offices(ctx, period))),
        figure_words.footer(ctx, period.rule_year),
    ))  # fmt: skip
    trend = reports.trend(ctx.tx, ctx.desk_data, period=period, now=ctx.now)
    args = described(Chart(ctx.now.astimezone(ctx.desk_data.timezone), judged, trend), ctx.say)
    return message(
        caption, again, attachment=Attachment("photo", "chart", args, f"perkiraan-{period.year}.png")
    )


def _say_shares(ctx: Context, judged: Judgement) -> str:
    """Say the shares of the claimed index that the picture shows; nothing where it shows none."""
    if judged.claimed is None:
        return ""
    spd, average, count = (figure_words.number(ctx, share) for share in judged.claimed.shares)
    return ctx.say("status.shares", spd=spd, average=average, count=count)
