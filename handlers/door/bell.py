"""The button of a template that rings: what was kept for the person follows as soon as they tap."""

from __future__ import annotations

from domain import buttons
from domain.message import Choice, Message
from handlers.context import Context, message
from storage import held_messages


def tapped(ctx: Context, _: buttons.Bell) -> list[Message]:
    """Say that what was kept follows, or that nothing is left of it."""
    if held_messages.held_count(ctx.tx, ctx.inbound.channel, address=ctx.inbound.address):
        return message(ctx.say("bell.follows"))
    return message(ctx.say("bell.nothing"), (Choice(ctx.say("opens.help"), buttons.Open("bantuan")),))
