"""/inovasi: the innovations of the period with state and score; a tap leads down to the indicators."""

from __future__ import annotations

from dataclasses import replace

from domain import buttons
from domain.message import Choice, Message
from domain.people import Right
from domain.reading.receipts import receipt_in
from domain.texts import Marked, join, quoted, shortened
from handlers import ui
from handlers.context import Context, message
from handlers.estimate import figure_pages, figure_words, seen_names
from storage import audit, innovations
from storage import office_sums as sums
from storage.periods import Period

OFFERED = 6  # names that may be meant


def reads_receipt_or_name(ctx: Context, said: str) -> bool:
    """Whether a text is the number of a receipt, or the name of an office or innovation."""
    return bool(receipt_in(said)) or seen_names.is_named(ctx, said)


def listing(ctx: Context) -> list[Message]:
    """List the office's own with their scores, or for leaders and the desk the offices that have some."""
    if receipt := receipt_in(ctx.args):
        return of_receipt(ctx, receipt)
    if opened := seen_names.opened(ctx) or seen_names.refused(ctx, ctx.args):
        return opened
    likely = seen_names.likely(ctx, ctx.args, limit=OFFERED)
    if asked := seen_names.ask_which(ctx, likely, to=seen_names.figures_of):
        return asked
    period = figure_words.period(ctx)
    if period is None:
        return message(ui.no_period(ctx), (Choice(ctx.say("opens.help"), buttons.Open("bantuan")),))
    if ctx.may(Right.SEE_OFFICES):
        return _say_none_named(ctx, figure_pages.page(ctx, buttons.StatusOffices(0)))
    return _say_none_named(ctx, _list_own(ctx, period))


def _say_none_named(ctx: Context, shown: list[Message]) -> list[Message]:
    """Say above the list that nothing is called what stands behind the command."""
    if not ctx.args.strip() or not shown:
        return shown
    said = ctx.say("seen_names.nothing_named", said=quoted(ctx.args))
    return [replace(shown[0], text=join((said, Marked(shown[0].text)))), *shown[1:]]


def _list_own(ctx: Context, period: Period) -> list[Message]:
    """List what the offices of this person have; several are asked for first."""
    every = [
        office
        for number in ctx.person.offices
        if (office := sums.office(ctx.tx, period.id, office_id=number))
    ]
    shown = [office for office in every if office.listed + office.drafts]
    if not shown:
        return message(
            ctx.say("innovations.none", year=period.year),
            (Choice(ctx.say("opens.submit"), buttons.Open("ajukan")),),
        )
    if len(shown) == 1:
        return figure_pages.office_page(ctx, period, office_id=shown[0].id, at=0)
    return message(
        ctx.say("innovations.which"),
        *(
            (Choice(shortened(office_shown.name, 40), buttons.StatusOffice(office_shown.id, 0)),)
            for office_shown in shown
        ),
    )


def of_receipt(ctx: Context, receipt: str) -> list[Message]:
    """Show the innovation of a receipt to whoever may see it; to others it is not there."""
    innovation = innovations.of_receipt(ctx.tx, receipt)
    ways = (Choice(ctx.say("opens.innovations"), buttons.Open("inovasi")),)
    if innovation is None:
        return message(ctx.say("innovations.no_receipt", receipt=receipt), ways)
    if not ctx.may(Right.SEE_OFFICES) and innovation.office_id not in ctx.person.offices:
        audit.record(ctx.tx, "refused_receipt", now=ctx.now, actor=ctx.person.id, innovation=innovation.id)
        return message(ctx.say("innovations.no_receipt", receipt=receipt), ways)
    state = ctx.say(f"state.{innovation.state}")
    text = ctx.say(
        "innovations.of_receipt", receipt=receipt, title=ui.title(ctx.say, innovation.title), state=state
    )
    shown = figure_pages.page(ctx, buttons.StatusInnovation(innovation.id))
    return shown or message(text, ways)
