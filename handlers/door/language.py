"""/bahasa: Bahasa Indonesia or English, each person's own choice."""

from __future__ import annotations

from dataclasses import replace

from domain import buttons
from domain.message import Choice, Message
from domain.texts import LANGUAGES, join
from handlers.context import Context, message
from handlers.door import start
from storage import contacts, invitations

NAMES = {"id": "Bahasa Indonesia", "en": "English"}


def language(ctx: Context) -> list[Message]:
    """Ask for the language, or take the one named behind the command."""
    wanted = ctx.args.strip().casefold()[:2]
    if wanted in LANGUAGES:
        return chosen(ctx, buttons.Language(wanted))
    return message(ctx.say("language.ask"), tuple(Choice(NAMES[code], buttons.Language(code)) for code in LANGUAGES))


def chosen(ctx: Context, button: buttons.Language) -> list[Message]:
    """Keep the choice and speak it from now on; of a stranger nothing is kept, so nothing is promised."""
    if button.code not in LANGUAGES:
        return language(ctx.with_args(""))
    speaking = replace(ctx, say=ctx.house.words.in_(button.code))
    if ctx.contact is None:
        return _at_the_door(speaking, button.code)
    contacts.set_language(ctx.tx, ctx.person.id, button.code)
    return message(speaking.say("language.done"), (Choice(speaking.say("opens.help"), buttons.Open("bantuan")),))


def _at_the_door(ctx: Context, code: str) -> list[Message]:
    """Say what waits for a stranger's answer once more, in the language chosen: the notice, or how to get in."""
    tx, inbound = ctx.tx, ctx.inbound
    enrolling = invitations.enrolment(tx, inbound.channel, inbound.address) is not None
    invitations.set_enrolment_language(tx, inbound.channel, inbound.address, code)
    told = ctx.say("language.done" if enrolling else "language.passing")
    first, *rest = start.stranger(ctx)
    return [replace(first, text=join((told, first.text))), *rest]
