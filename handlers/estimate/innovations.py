"""/inovasi: the innovations of the period with state and score; a tap leads down to the indicators."""

from __future__ import annotations

from domain import buttons
from domain.message import Choice, Message
from domain.people import Right
from domain.reading.receipts import receipt_in
from handlers import ui
from handlers.context import Context, message
from handlers.estimate import figure_pages, figure_words
from storage import audit, innovations
from storage import office_sums as sums


def listing(ctx: Context) -> list[Message]:
    """List the office's own with their scores, or for leaders and the desk the offices that have some."""
    if receipt := receipt_in(ctx.args):
        return of_receipt(ctx, receipt)
    period = figure_words.period(ctx)
    if period is None:
        return message(ctx.say("ui.no_period"), (Choice(ctx.say("opens.help"), buttons.Open("bantuan")),))
    if ctx.may(Right.SEE_OFFICES):
        return figure_pages.page(ctx, buttons.StatusOffices(0))
    every = [
        office
        for number in ctx.person.offices
        if (office := sums.office(ctx.tx, period.id, office_id=number))
    ]
    found = [office for office in every if office.listed + office.drafts]
    if not found:
        return message(
            ctx.say("innovations.none", year=period.year),
            (Choice(ctx.say("opens.submit"), buttons.Open("ajukan")),),
        )
    if len(found) == 1:
        return figure_pages.office_page(ctx, period, office_id=found[0].id, at=0)
    return message(
        ctx.say("innovations.which"),
        *((Choice(one.name[:40], buttons.StatusOffice(one.id, 0)),) for one in found),
    )


def of_receipt(ctx: Context, receipt: str) -> list[Message]:
    """Show the innovation of a receipt to whoever may see it; to others it is not there."""
    found = innovations.of_receipt(ctx.tx, receipt)
    ways = (Choice(ctx.say("opens.innovations"), buttons.Open("inovasi")),)
    if found is None:
        return message(ctx.say("innovations.no_receipt", receipt=receipt), ways)
    if not ctx.may(Right.SEE_OFFICES) and found.office_id not in ctx.person.offices:
        audit.record(ctx.tx, "refused_receipt", now=ctx.now, actor=ctx.person.id, innovation=found.id)
        return message(ctx.say("innovations.no_receipt", receipt=receipt), ways)
    state = ctx.say(f"state.{found.state}")
    told = ctx.say(
        "innovations.of_receipt", receipt=receipt, title=ui.title(ctx.say, found.title), state=state
    )
    shown = figure_pages.page(ctx, buttons.StatusInnovation(found.id))
    return shown or message(told, ways)
