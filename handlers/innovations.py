"""/inovasi: the innovations of the period, each with its state."""

from __future__ import annotations

from domain.message import Choice, Message
from domain.people import Right
from domain.texts import Marked, join
from handlers.context import Command, Context, message
from storage import innovations, offices, periods
from storage.innovations import Innovation

SHOWN = 30  # lines on one screen; the count says how many there are in all


def listing(ctx: Context) -> list[Message]:
    """List the office's own, or for leaders and the desk everything that was sent."""
    period = periods.current(ctx.tx)
    if period is None:
        return message(ctx.say("filling.no_period"), (Choice(ctx.say("help.button"), "k:bantuan"),))
    if ctx.may(Right.SUBMIT):
        every = [i for office in ctx.person.offices for i in innovations.of_office(ctx.tx, office, period.id)]
        found = [i for i in every if not i.discarded_at]
    else:
        found = innovations.sent(ctx.tx, period.id)
    rows = [(Choice(ctx.say("submit.button"), "k:ajukan"),)] if ctx.may(Right.SUBMIT) else []
    if ctx.may(Right.SUBMIT) and any(one.receipt for one in found):
        rows.append((Choice(ctx.say("returned.button"), "rk:mine"),))
    rows.append((Choice(ctx.say("status.button"), "k:status"),))
    if not found:
        return message(ctx.say("innovations.none", year=period.year), *rows)
    title = ctx.say("innovations.title", year=period.year, count=len(found))
    return message(join((title, join([_line(ctx, i) for i in found[:SHOWN]], by="\n"))), *rows)


def _line(ctx: Context, innovation: Innovation) -> Marked:
    office = offices.load(ctx.tx, innovation.office_id)
    return ctx.say(
        "innovations.line",
        title=innovation.title or ctx.say("conversation.untitled"),
        office=office.short if office else "",
        state=ctx.say(f"innovations.state_{innovation.state}"),
        receipt=f" · {innovation.receipt}" if innovation.receipt else "",
    )


COMMAND = Command("inovasi", "innovations", "innovations", Right.SEE_INNOVATIONS, listing)
