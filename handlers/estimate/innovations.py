"""/inovasi: the innovations of the period with state and score; a tap leads down to the indicators."""

from __future__ import annotations

from domain import buttons
from domain.message import Choice, Message
from domain.people import Right
from handlers.context import Context, message
from handlers.estimate import figure_pages, figure_words
from storage import office_sums as sums


def listing(ctx: Context) -> list[Message]:
    """List the office's own with their scores, or for leaders and the desk the offices that have some."""
    period = figure_words.period(ctx)
    if period is None:
        return message(ctx.say("ui.no_period"), (Choice(ctx.say("opens.help"), buttons.Open("bantuan")),))
    if ctx.may(Right.SEE_OFFICES):
        return figure_pages.page(ctx, buttons.StatusOffices(0))
    every = [office for number in ctx.person.offices if (office := sums.office(ctx.tx, period.id, number))]
    found = [office for office in every if office.listed + office.drafts]
    if not found:
        return message(
            ctx.say("innovations.none", year=period.year), (Choice(ctx.say("opens.submit"), buttons.Open("ajukan")),)
        )
    if len(found) == 1:
        return figure_pages.office_page(ctx, period, found[0].id, 0)
    return message(
        ctx.say("innovations.which"), *((Choice(one.name[:40], buttons.StatusOffice(one.id, 0)),) for one in found)
    )
