"""The button of a template that rings: what was kept for the person follows as soon as they tap."""

from __future__ import annotations

from domain import buttons
from domain.message import Choice, Message
from handlers.context import Context, message
from storage import held_messages


def tapped(ctx: Context, _: buttons.Bell) -> list[Message]:
    """Say that what was kept follows, that it waited too long, or that nothing is left of it."""
    inbound = ctx.inbound
    follows, too_old = held_messages.held_count(ctx.tx, inbound.channel, address=inbound.address, now=ctx.now)
    if follows:
        return message(ctx.say("bell.follows"))
    key = "bell.too_old" if too_old else "bell.nothing"
    return message(ctx.say(key), (Choice(ctx.say("opens.help"), buttons.Open("bantuan")),))
