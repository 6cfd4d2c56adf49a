"""Answers about the whole regency, read from the tables: offices in order, a rise, earlier years, Mondays."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import combinations

from domain import buttons
from domain.index import headline
from domain.message import Choice, Message
from domain.people import Right
from domain.reading.names import exactly
from domain.reading.result import Understood
from domain.reminding import weekly_summary
from domain.texts import join
from handlers import ui
from handlers.context import Context
from handlers.estimate import figure_words, lines, ranking, seen_names, summary, whatif
from handlers.questions import table_answers
from storage import reports

NAME_WORDS = 8  # words of a text in which the name of an office or innovation is looked for


def first_offices(ctx: Context) -> Message:
    """Name the offices with most points to whoever may see every office; else how the own stand."""
    period = figure_words.period(ctx)
    if period is None:
        return Message(ui.no_period(ctx))
    if not ctx.may(Right.SEE_OFFICES):
        own = table_answers.own_state(ctx)
        return Message(join((ctx.say("regency_answers.order_not_yours"), own.text)), own.rows)
    row = (Choice(ctx.say("ranking.button"), buttons.StatusRanking("points", 0)),)
    return Message(ranking.name_first(ctx, period), (row,))


def if_raised(ctx: Context) -> Message:
    """Open the simulation of what a text names beside its question, else the one that fits the person."""
    return whatif.whatif(replace(ctx, args=_find_name(ctx, ctx.inbound.text)))[0]


def _find_name(ctx: Context, text: str) -> str:
    """Find the words of a text that are the whole name of an office or innovation; "" for none."""
    words, names = text.replace("?", " ").replace(",", " ").split()[-NAME_WORDS:], seen_names.every(ctx)
    longest_first = sorted(combinations(range(len(words) + 1), 2), key=lambda ends: ends[0] - ends[1])
    said = (" ".join(words[first:end]) for first, end in longest_first)
    return next(
        (name for name in said if seen_names.may_name(name) and isinstance(exactly(name, names), Understood)),
        "",
    )


def every_monday(ctx: Context) -> Message:
    """Say when the weekly summary comes, with its switch, to whoever may have it."""
    if not ctx.may(Right.SEE_SUMMARY):
        row = (Choice(ctx.say("opens.status"), buttons.Open("status")),)
        return Message(ctx.say("regency_answers.summary_not_yours"), (row,))
    first = weekly_summary.next_morning(ctx.now, ctx.desk_data.calendar, zone=ctx.desk_data.timezone)
    text = ctx.say("regency_answers.every_monday", day=ctx.day(first.date(), weekday=True))
    return Message(
        text, (summary.make_switch(ctx), (Choice(ctx.say("opens.summary"), buttons.Open("rekap")),))
    )


def earlier_years(ctx: Context) -> Message:
    """Put the official results of earlier years beside the estimate of this one."""
    period = figure_words.period(ctx)
    if period is None:
        return Message(ui.no_period(ctx))
    judged = reports.judged(ctx.tx, ctx.desk_data, period=period)
    said = join(
        (lines.published(ctx), *headline.headline(judged, ctx.say), ctx.say("regency_answers.other_rules")),
        by="\n",
    )
    gained = (Choice(ctx.say("regency_answers.gained"), buttons.StatusRanking("growth", 0)),)
    row = (Choice(ctx.say("opens.status"), buttons.Open("status")),)
    return Message(said, (gained, row) if ctx.may(Right.SEE_OFFICES) else (row,))


ANSWERS: Mapping[str, Callable[[Context], Message]] = {
    "order": first_offices,
    "if_raised": if_raised,
    "every_monday": every_monday,
    "earlier_years": earlier_years,
}
