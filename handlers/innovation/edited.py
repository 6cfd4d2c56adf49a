"""A message that was edited: it corrects the answer it became, and is never met with silence."""

from __future__ import annotations

from domain import buttons
from domain.message import Choice, Message
from domain.people import Right
from handlers.context import Context, message
from handlers.innovation import form, form_sheet
from storage import answer_messages


def corrected(ctx: Context) -> list[Message]:
    """Take the correction, or say that the message is not read again and how to change what was kept."""
    if ctx.contact is None:
        return []
    inbound = ctx.inbound
    answer = answer_messages.find(ctx.tx, sent=(inbound.channel, inbound.address, inbound.message_ref))
    if answer is not None and (said := form.corrected(ctx, answer)):
        return said
    if form_sheet.open_innovation(ctx) is not None:
        return form.go_on(
            ctx, notice=ctx.say("edited.write_anew" if inbound.message_ref else "edited.unread")
        )
    if ctx.may(Right.SUBMIT):
        way_on = Choice(ctx.say("opens.drafts"), buttons.Open("draf"))
    else:
        way_on = Choice(ctx.say("opens.help"), buttons.Open("bantuan"))
    return message(ctx.say("edited.write_anew"), (way_on,))
