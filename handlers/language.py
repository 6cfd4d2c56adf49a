"""/bahasa: Bahasa Indonesia or English, each person's own choice."""

from __future__ import annotations

from dataclasses import replace

from domain.message import Choice, Message
from domain.texts import LANGUAGES
from handlers.context import Context, message
from storage import contacts, invitations

NAMES = {"id": "Bahasa Indonesia", "en": "English"}


def language(ctx: Context) -> list[Message]:
    """Ask for the language, or take the one named behind the command."""
    wanted = ctx.args.strip().casefold()[:2]
    if wanted in LANGUAGES:
        return chosen(ctx.with_args(wanted))
    return message(ctx.say("language.ask"), tuple(Choice(NAMES[code], f"l:{code}") for code in LANGUAGES))


def chosen(ctx: Context) -> list[Message]:
    """Keep the choice and speak it from now on."""
    if ctx.args not in LANGUAGES:
        return language(ctx.with_args(""))
    if ctx.contact is not None:
        contacts.set_language(ctx.tx, ctx.person.id, ctx.args)
    else:
        invitations.set_enrolment_language(ctx.tx, ctx.inbound.channel, ctx.inbound.address, ctx.args)
    speaking = replace(ctx, say=ctx.house.words.in_(ctx.args))
    return message(speaking.say("language.done"), (Choice(speaking.say("help.button"), "k:bantuan"),))
