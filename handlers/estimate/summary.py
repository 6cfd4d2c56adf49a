"""/rekap: the weekly summary on demand, and whether it comes by itself every Monday."""

from __future__ import annotations

from domain import buttons
from domain.message import Choice, Message
from domain.reminding import weekly_summary
from handlers import ui
from handlers.context import Context, message
from storage import periods, reminder_wishes, summaries


def summary(ctx: Context) -> list[Message]:
    period = periods.current(ctx.tx)
    if period is None:
        return message(ui.no_period(ctx), make_switch(ctx))
    made = summaries.gather(ctx.tx, ctx.desk_data, period=period, now=ctx.now)
    rows = ((Choice(ctx.say("opens.status"), buttons.Open("status")),), make_switch(ctx))
    indicators = ctx.desk_data.indicators[period.rule_year]
    return [
        weekly_summary.message(made, ctx.say, indicators=indicators, zone=ctx.desk_data.timezone, rows=rows)
    ]


def make_switch(ctx: Context) -> tuple[Choice, ...]:
    """Make the button that begins or stops the summary of every Monday."""
    if reminder_wishes.is_subscribed(ctx.tx, ctx.person.id):
        return (Choice(ctx.say("weekly_summary.unsubscribe"), buttons.Summary("off")),)
    return (Choice(ctx.say("weekly_summary.subscribe"), buttons.Summary("on")),)


def tapped(ctx: Context, button: buttons.Summary) -> list[Message]:
    """Begin or stop to send it every week; a second tap says the same again."""
    if button.set_to == "on":
        reminder_wishes.subscribe(ctx.tx, ctx.person.id, now=ctx.now)
        first = weekly_summary.next_morning(ctx.now, ctx.desk_data.calendar, zone=ctx.desk_data.timezone)
        day, zone = ctx.day(first.date(), weekday=True), first.tzname() or ""
        text = ctx.say("summary.subscribed", day=day, zone=zone)
        return message(text, make_switch(ctx), _make_now(ctx))
    reminder_wishes.unsubscribe(ctx.tx, ctx.person.id, now=ctx.now)
    return message(ctx.say("summary.unsubscribed"), make_switch(ctx), _make_now(ctx))


def _make_now(ctx: Context) -> tuple[Choice, ...]:
    return (Choice(ctx.say("opens.summary"), buttons.Open("rekap")),)
