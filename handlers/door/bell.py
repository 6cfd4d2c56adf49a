"""The button of a template that rings: what was kept for the person follows as soon as they tap."""

from __future__ import annotations

from domain import buttons
from domain.message import Choice, Message
from handlers.context import Context, message
from handlers.door import start
from storage import held_messages


def tapped(ctx: Context, _: buttons.Bell) -> list[Message]:
    """Say that what was kept follows, that it waited too long, or what has become of it."""
    if ctx.contact is None:
        return [*message(ctx.say("bell.unknown")), *start.stranger(ctx)]
    inbound = ctx.inbound
    follows, too_old = held_messages.held_count(ctx.tx, inbound.channel, address=inbound.address, now=ctx.now)
    if follows:
        return message(ctx.say("bell.follows"))
    key = "bell.too_old" if too_old else _find_fate(ctx)
    return message(ctx.say(key), (Choice(ctx.say("opens.help"), buttons.Open("bantuan")),))


def _find_fate(ctx: Context) -> str:
    """Say by its key what has become of the message that this template rang for."""
    inbound = ctx.inbound
    state = held_messages.state_of_rung(
        ctx.tx, inbound.channel, address=inbound.address, message_ref=inbound.message_ref
    )
    if state in ("sent", "waiting", "leased"):
        return "bell.sent"
    return "bell.gone" if state else "bell.nothing"
