"""Whom people may call: asked of the desk at its first start, changed in the chat whenever it likes."""

from __future__ import annotations

from domain import buttons
from domain.message import Choice, Kind, Message
from domain.people import Right
from domain.reading.clean_text import one_line
from handlers.context import Context, message
from storage import desk_settings, dialogues

DIALOGUE = "desk_contact"
FEWEST_CHARS, MOST_CHARS = 5, 200


def first_asked(ctx: Context) -> list[Message]:
    """Ask somebody of the desk for it where nobody has said it, neither here nor in the environment."""
    if not ctx.may(Right.ANSWER_QUESTIONS) or ctx.desk_data.contact:
        return []
    if desk_settings.contact(ctx.tx) is not None:
        return []
    later = Choice(ctx.say("desk_contact.later"), buttons.DeskContact("later"))
    return message(ctx.say("desk_contact.first"), (make_change(ctx), later))


def make_change(ctx: Context) -> Choice:
    """Make the button that changes it."""
    return Choice(ctx.say("desk_contact.change"), buttons.DeskContact("ask"))


def tapped(ctx: Context, button: buttons.DeskContact) -> list[Message]:
    """Ask for it, or leave it for later: it is not asked again by itself."""
    if button.act == "ask":
        dialogues.begin(ctx.tx, ctx.person.id, name=DIALOGUE)
        return _ask(ctx)
    if desk_settings.contact(ctx.tx) is None:
        desk_settings.set_contact(ctx.tx, "", by=ctx.person.id, now=ctx.now)
    return message(ctx.say("desk_contact.put_off"), (make_change(ctx),))


def said(ctx: Context) -> list[Message]:
    """Take what was typed as the contact, and show how people read it."""
    text = one_line(ctx.inbound.text) if ctx.inbound.kind is Kind.TEXT else ""
    if not FEWEST_CHARS <= len(text) <= MOST_CHARS:
        return _ask(ctx)
    desk_settings.set_contact(ctx.tx, text, by=ctx.person.id, now=ctx.now)
    dialogues.close(ctx.tx, ctx.person.id)
    return message(ctx.say("desk_contact.kept", desk=ctx.desk), (make_change(ctx),))


def _ask(ctx: Context) -> list[Message]:
    leave = (Choice(ctx.say("ask.leave"), buttons.Open("batal")),)
    return message(ctx.say("desk_contact.ask", desk=ctx.desk, limit=MOST_CHARS), leave)
