"""The estimate as a picture, with the same figures in words; it is drawn when it is sent."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from domain.index.estimate import Estimate
from domain.message import Attachment, Choice, Message
from domain.reading.dates import PartialDate, say_date
from domain.texts import join
from handlers.context import Context, message
from handlers.estimate import figure_words, lines
from storage import reports
from storage.periods import Period
from storage.reports import Standing

WEEKS = 12  # shown at most
MONTH_CHARS = 3  # of a month's name under the line


def picture(ctx: Context) -> list[Message]:
    """Send the picture as a new message: a picture is never an edit."""
    period = figure_words.period(ctx)
    again = (Choice(ctx.say("status.now_button"), "k:status"),)
    if period is None:
        return message(ctx.say("form.no_period"), again)
    found = reports.standing(ctx.tx, period.id, ctx.house.rules[period.rule_year])
    caption = join((
        join((ctx.say("status.title", year=period.year), *lines.headline(ctx, found), _in_words(ctx, found)),
             by="\n"),
        lines.participation(ctx, found),
        figure_words.footer(ctx, period.rule_year),
    ))  # fmt: skip
    args = described(ctx, period, found)
    return message(caption, again, attachment=Attachment("photo", "chart", args, f"perkiraan-{period.year}.png"))


def _in_words(ctx: Context, found: Standing) -> str:
    """Say the shares of the claimed index that the picture shows."""
    spd, average, count = (figure_words.number(ctx, line.share) for line in found.claimed.lines)
    return ctx.say("chart.shares", spd=spd, average=average, count=count)


def described(ctx: Context, period: Period, found: Standing) -> dict[str, Any]:
    """Say everything the picture shows, as JSON keeps it (read by `bot/attachments/chart.py`)."""
    trend = _trend(ctx, period, found)
    return {
        "title": str(ctx.say("chart.title", year=period.year)),
        "components": [str(ctx.say(key)) for key in ("chart.spd", "chart.average", "chart.count")],
        "bars": [_bar(ctx, "chart.claimed", found.claimed), _bar(ctx, "chart.verified", found.verified)],
        "target": str(found.target),
        "target_said": str(ctx.say("chart.target", target=figure_words.number(ctx, found.target))),
        "trend": [row[:3] for row in trend],
        "days": [row[3] for row in trend],
        "trend_title": str(ctx.say("chart.trend")),
        "note": str(ctx.say("chart.note", rules=period.rule_year, at=ctx.time(ctx.now))),
    }


def _bar(ctx: Context, key: str, found: Estimate) -> dict[str, Any]:
    """One bar; without innovations there is nothing to assess, whatever the SPD."""
    if not found.sums.count:
        return {"name": str(ctx.say(key)), "shares": ["0"] * len(found.lines), "said": str(ctx.say("chart.none"))}
    shares = [str(line.share) for line in found.lines]
    return {"name": str(ctx.say(key)), "shares": shares, "said": figure_words.number(ctx, found.index)}


def _trend(ctx: Context, period: Period, found: Standing) -> list[tuple[str, str, str, str]]:
    """Both figures at the same hour of the past weeks, the oldest first, then now."""
    rule, rows = ctx.house.rules[period.rule_year], []
    for weeks in range(WEEKS, 0, -1):
        moment = ctx.now - timedelta(weeks=weeks)
        then = reports.standing_at(ctx.tx, period.id, rule, moment)
        if then is not None:
            day = moment.astimezone(ctx.house.timezone).date()
            rows.append((day.isoformat(), _value(then.claimed), _value(then.verified), _day(ctx, day)))
    return [*rows, (ctx.today.isoformat(), _value(found.claimed), _value(found.verified), _day(ctx, ctx.today))]


def _value(found: Estimate) -> str:
    return str(found.index) if found.sums.count else "0"


def _day(ctx: Context, day: date) -> str:
    """Say a day as short as fits under a line: "3 Agu"."""
    number, month, _ = say_date(PartialDate(day), ctx.say.language).split()
    return f"{number} {month[:MONTH_CHARS]}"
