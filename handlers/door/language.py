"""/bahasa: Bahasa Indonesia or English, each person's own choice."""

from __future__ import annotations

from dataclasses import replace

from domain import buttons
from domain.message import Choice, Message
from domain.people import Right
from domain.texts import LANGUAGES, join
from handlers.context import Context, message
from handlers.door import start
from storage import contacts, invitations


def language(ctx: Context) -> list[Message]:
    """Ask for the language, or take the one named behind the command."""
    if wanted := _read_language(ctx, ctx.args):
        return chosen(ctx, buttons.Language(wanted))
    choices = tuple(Choice(ctx.say(f"language.name_{code}"), buttons.Language(code)) for code in LANGUAGES)
    return message(ctx.say("language.ask"), choices, *((_make_switch(ctx),) if ctx.may(Right.SUBMIT) else ()))


def names_language(ctx: Context, said: str) -> bool:
    """Whether a text names one of our languages, in whichever of them."""
    return bool(_read_language(ctx, said))


def _read_language(ctx: Context, said: str) -> str:
    """Find the code of the language that is named; "" for none."""
    wanted = " ".join(said.casefold().split()).rstrip(".!")
    return next((code for code in LANGUAGES if wanted in ctx.say(f"language.typed_{code}").split("|")), "")


def _make_switch(ctx: Context) -> tuple[Choice, ...]:
    """Offer to hide, or to show again, what an indicator does to the index."""
    if contacts.wants_live_clause(ctx.tx, ctx.person.id):
        return (Choice(ctx.say("language.clause_off"), buttons.LiveClause("off")),)
    return (Choice(ctx.say("language.clause_on"), buttons.LiveClause("on")),)


def clause_chosen(ctx: Context, button: buttons.LiveClause) -> list[Message]:
    """Keep whether the person hears after each indicator what it does to the index."""
    contacts.set_live_clause(ctx.tx, ctx.person.id, wanted=button.set_to == "on")
    key = "language.clause_is_on" if button.set_to == "on" else "language.clause_is_off"
    return message(ctx.say(key), _make_switch(ctx), (Choice(ctx.say("opens.help"), buttons.Open("bantuan")),))


def chosen(ctx: Context, button: buttons.Language) -> list[Message]:
    """Keep the choice and speak it from now on; of a stranger nothing is kept, so nothing is promised."""
    if button.code not in LANGUAGES:
        return language(ctx.with_args(""))
    speaking = replace(ctx, say=ctx.desk_data.words.in_(button.code))
    if ctx.contact is None:
        return _repeat_at_the_door(speaking, button.code)
    contacts.set_language(ctx.tx, ctx.person.id, language=button.code)
    return message(
        speaking.say("language.done"), (Choice(speaking.say("opens.help"), buttons.Open("bantuan")),)
    )


def _repeat_at_the_door(ctx: Context, code: str) -> list[Message]:
    """Say what waits for a stranger's answer once more, in the language chosen: the notice, or how to get
    in.
    """
    tx, inbound = ctx.tx, ctx.inbound
    enrolling = invitations.enrolment(tx, inbound.channel, address=inbound.address) is not None
    invitations.set_enrolment_language(tx, inbound.channel, address=inbound.address, language=code)
    text = ctx.say("language.done" if enrolling else "language.passing")
    first, *rest = start.stranger(ctx)
    return [replace(first, text=join((text, first.text))), *rest]
