"""Answers read from the tables: deadline, contact, own state, who has not sent, why a figure moved."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta

from domain import buttons
from domain.index import headline
from domain.message import Choice, Message
from domain.people import Right
from domain.review import QUEUES
from domain.texts import Marked, bounded, join, shortened
from handlers import ui
from handlers.context import Context
from handlers.estimate import figure_words, lines
from handlers.estimate import why_moved as why_moved_lines
from handlers.questions import desk_contact
from storage import innovations, office_sums, periods, reports, reviews
from storage.office_sums import Entry
from storage.periods import Period

LISTED_CHARS = 600  # of names in one message
TITLE_CHARS = 60
SCORED = 6  # innovations in the answer to why the own score is what it is
WEEK = timedelta(days=7)


def deadline(ctx: Context) -> Message:
    """Say until when to send, and what holds for the person's own offices instead."""
    period = figure_words.period(ctx)
    if period is None:
        return Message(ui.no_period(ctx))
    own = [
        lines.deadline_of(ctx, period, office=office)
        for office_id in (ctx.contact.offices if ctx.contact else ())
        if (office := office_sums.office(ctx.tx, period.id, office_id=office_id)) is not None
    ]
    return Message(join((lines.deadline(ctx, period), *own), by="\n"))


def contact(ctx: Context) -> Message:
    """Say whom to call."""
    if ctx.may(Right.ANSWER_QUESTIONS):
        return Message(
            ctx.say("table_answers.contact_of_desk", desk=ctx.desk), ((desk_contact.make_change(ctx),),)
        )
    return Message(ctx.say("table_answers.contact", desk=ctx.desk))


def own_state(ctx: Context) -> Message:
    """Say how the innovations of the person's offices stand, or for the desk what waits."""
    period = periods.current(ctx.tx) or figure_words.period(ctx)
    if period is None:
        return Message(ui.no_period(ctx))
    if ctx.may(Right.SUBMIT):
        return _say_own_innovations(ctx, period)
    if ctx.may(Right.VERIFY):
        counts = reviews.counts(ctx.tx)
        waiting = sum(counts.get(state.value, 0) for state in QUEUES["wait"])
        row = (Choice(ctx.say("opens.review"), buttons.Open("antrean")),)
        return Message(ctx.say("table_answers.desk_waits", count=waiting), (row,))
    return _say_regency(ctx, period)


def _say_own_innovations(ctx: Context, period: Period) -> Message:
    own = innovations.of_offices(ctx.tx, ctx.person.offices, period_id=period.id)
    if not own:
        row = (Choice(ctx.say("opens.submit"), buttons.Open("ajukan")),)
        return Message(ctx.say("table_answers.none_of_own", year=period.year), (row,))
    named = [
        ctx.say(
            "table_answers.in_state",
            title=shortened(ui.title(ctx.say, innovation.title), TITLE_CHARS),
            state=ctx.say(f"state.{innovation.state}"),
        )
        for innovation in own
    ]
    row = (Choice(ctx.say("opens.drafts"), buttons.Open("draf")),)
    return Message(bounded(named, LISTED_CHARS, more=lambda left: _say_more(ctx, left)), (row,))


def own_scores(ctx: Context) -> Message:
    """Say the points of each of the person's innovations, with the way to those of each indicator; to others
    what the regency's figure is made of.
    """
    period = figure_words.period(ctx)
    if period is None or not ctx.may(Right.SUBMIT):
        why, shown = Choice(ctx.say("status.why_button"), buttons.Status("why")), figure(ctx)
        return replace(shown, rows=((why,), *shown.rows))
    entries = [
        entry
        for office in ctx.person.offices
        for entry in office_sums.entries(ctx.tx, period.id, office_id=office, drafts=True, limit=SCORED + 1)
    ]
    if not entries:
        return _say_own_innovations(ctx, period)
    scored = [_say_score(ctx, entry) for entry in entries[:SCORED]]
    every = (Choice(ctx.say("opens.innovations"), buttons.Open("inovasi")),)
    rows = (*(row for _, row in scored), *((every,) if len(entries) > SCORED else ()))
    return Message(join((*(line for line, _ in scored), ctx.say("table_answers.score_is")), by="\n"), rows)


def _say_score(ctx: Context, entry: Entry) -> tuple[Marked, tuple[Choice, ...]]:
    """Say the points of an innovation, and make the way to those of its indicators."""
    title = shortened(ui.title(ctx.say, entry.title), TITLE_CHARS)
    most = ctx.desk_data.indicators_of(entry).maximum
    line = ctx.say("table_answers.score", title=title, points=entry.claimed, most=most)
    return line, (Choice(title, buttons.StatusInnovation(entry.id)),)


def _say_more(ctx: Context, left: int) -> Marked:
    return ctx.say("table_answers.more", count=left)


def not_sent(ctx: Context) -> Message:
    """Name the offices that have sent nothing, to whoever may see every office; else how the own stand."""
    period = figure_words.period(ctx)
    if period is None:
        return Message(ui.no_period(ctx))
    if not ctx.may(Right.SEE_OFFICES):
        own = own_state(ctx)
        return Message(join((ctx.say("table_answers.not_yours"), own.text)), own.rows)
    return _say_participation(ctx, period)


def _say_participation(ctx: Context, period: Period) -> Message:
    """Count and name them as `/status` does: those out of the bot's reach by themselves."""
    rule = ctx.desk_data.rules[period.rule_year]
    figures = reports.period_figures(ctx.tx, period.id, rule=rule)
    beyond = lines.unreached_offices(ctx, period)
    head = lines.participation(ctx, figures, unreached=len(beyond))
    named = lines.name_without(ctx, period)
    row = (Choice(ctx.say("opens.status"), buttons.Open("status")),)
    return Message(join((head, *named)), (row,))


def _say_regency(ctx: Context, period: Period) -> Message:
    """Say the estimate and how many offices have sent, as `/status` begins."""
    figures = reports.period_figures(ctx.tx, period.id, rule=ctx.desk_data.rules[period.rule_year])
    sent = lines.participation(ctx, figures, unreached=len(lines.unreached_offices(ctx, period)))
    shown = figure(ctx)
    return replace(shown, text=join((shown.text, sent), by="\n"))


def why_moved(ctx: Context) -> Message:
    """Say how the estimate moved in a week, and what moved with it."""
    period = periods.current(ctx.tx)
    if period is None:
        return Message(ui.no_period(ctx))
    row = (Choice(ctx.say("opens.status"), buttons.Open("status")),)
    judged = reports.judged(ctx.tx, ctx.desk_data, period=period)
    if why := why_moved_lines.sentence(ctx, period):
        return Message(why, (row,))
    before = reports.judged_at(ctx.tx, ctx.desk_data, period=period, moment=ctx.now - WEEK)
    change = reports.change_of_week(ctx.tx, ctx.desk_data, period=period, now=ctx.now)
    if before is None or change is None:
        return Message(ctx.say("table_answers.no_comparison", count=judged.count), (row,))
    if not change and judged.count == before.count:
        return Message(ctx.say("table_answers.not_moved", count=judged.count), (row,))
    said = ctx.say("table_answers.moved", change=figure_words.signed(ctx, change))
    if judged.count == before.count:
        return Message(join((said, ctx.say("table_answers.same_count", count=judged.count)), by=" "), (row,))
    counted = ctx.say("table_answers.count_moved", before=before.count, count=judged.count)
    lowered = ctx.say("table_answers.average_fell") if change < 0 and judged.count > before.count else ""
    return Message(join((said, counted, lowered), by=" "), (row,))


def figure(ctx: Context) -> Message:
    """Say the index and its target, as `/status` begins."""
    period = figure_words.period(ctx)
    if period is None:
        return Message(ui.no_period(ctx))
    judged = reports.judged(ctx.tx, ctx.desk_data, period=period)
    row = (Choice(ctx.say("opens.status"), buttons.Open("status")),)
    return Message(join(headline.headline(judged, ctx.say), by="\n"), (row,))


ANSWERS: Mapping[str, Callable[[Context], Message]] = {
    "deadline": deadline,
    "contact": contact,
    "own_state": own_state,
    "not_sent": not_sent,
    "why_moved": why_moved,
    "figure": figure,
    "own_scores": own_scores,
}
