"""Handing in with a receipt, handing in again, and discarding."""

from __future__ import annotations

from domain import buttons
from domain.conversation.indicator_page import INDICATORS
from domain.conversation.pages import indicator_lines, indicators_lacking
from domain.draft.facts import DraftFacts
from domain.message import Choice, Message
from domain.review import Move
from domain.rules.form import Answers
from domain.texts import join
from handlers.context import Context, message
from storage import innovations, periods, rechecks, reviews
from storage.innovations import Innovation


def send(ctx: Context, innovation: Innovation, *, answers: Answers, facts: DraftFacts) -> list[Message]:
    """Hand in; the receipt says what happens next, and leads to the indicators that are still missing."""
    if facts.returned:
        return _resend(ctx, innovation, answers=answers)
    period = periods.load(ctx.tx, innovation.period_id)
    until = periods.sendable_until(ctx.tx, period, office_id=innovation.office_id)
    if ctx.today > until:
        ctx.refuse("refused_move", innovation=innovation.id, move="send", state=innovation.state)
        text = ctx.say("form.too_late", year=period.year, deadline=ctx.day(until), desk=ctx.desk)
        return message(text, (Choice(ctx.say("opens.drafts"), buttons.Open("draf")),))
    rechecks.all_seen(ctx.tx, innovation.id)
    receipt = innovations.send(ctx.tx, innovation, year=period.year, by=ctx.person.id, now=ctx.now)
    lacking = indicators_lacking(answers, facts)
    later = ctx.say("form.complete_later") if lacking else ""
    text = ctx.say(
        "form.receipt",
        title=answers.get("nama", ""),
        receipt=receipt,
        at=ctx.time(ctx.now),
        indicators=join((indicator_lines(answers, facts), later), by="\n"),
    )
    rows = [(Choice(ctx.say("form.complete_now"), buttons.Form(innovation.id, "#ind", 0, "j", INDICATORS)),)]
    last = (
        Choice(ctx.say("opens.status"), buttons.Open("status")),
        Choice(ctx.say("submit.another"), buttons.NewDraft("new")),
    )
    return message(text, *(rows if lacking else ()), last)


def _resend(ctx: Context, innovation: Innovation, *, answers: Answers) -> list[Message]:
    """Hand a corrected innovation in again, under the receipt it has."""
    reviews.move(ctx.tx, innovation, to=Move.RESEND, by=ctx.person.id, now=ctx.now)
    title = answers.get("nama", "")
    text = ctx.say("form.resent", title=title, receipt=innovation.receipt, at=ctx.time(ctx.now))
    return message(
        text,
        (
            Choice(ctx.say("opens.status"), buttons.Open("status")),
            Choice(ctx.say("opens.drafts"), buttons.Open("draf")),
        ),
    )


def discard(ctx: Context, innovation: Innovation) -> list[Message]:
    """Put a draft away; it can be taken back for seven days."""
    innovations.discard(ctx.tx, innovation.id, by=ctx.person.id, now=ctx.now)
    back = Choice(ctx.say("form.take_back"), buttons.TakeBackDraft(innovation.id))
    return message(ctx.say("form.discarded"), (back,))
