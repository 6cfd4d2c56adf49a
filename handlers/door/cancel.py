"""/batal: leave whatever is open; the draft stays."""

from __future__ import annotations

from domain import buttons
from domain.message import Choice, Message
from handlers.context import Context, message
from handlers.innovation import form
from storage import dialogues, invitations


def cancel(ctx: Context) -> list[Message]:
    """Close what is open and say what is kept."""
    if ctx.contact is None:
        invitations.end_enrolment(ctx.tx, ctx.inbound.channel, address=ctx.inbound.address)
        return message(ctx.say("cancel.nothing"), _make_help(ctx))
    left = form.leaves(ctx)
    if left:
        return left
    dialogue = dialogues.load(ctx.tx, ctx.person.id)
    dialogues.close(ctx.tx, ctx.person.id)
    return message(ctx.say("cancel.closed" if dialogue else "cancel.nothing"), _make_help(ctx))


def _make_help(ctx: Context) -> tuple[Choice, ...]:
    return (Choice(ctx.say("opens.help"), buttons.Open("bantuan")),)
