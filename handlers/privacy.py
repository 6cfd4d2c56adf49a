"""/privasi: what is kept about a person, why, and who reads it (UU 27/2022)."""

from __future__ import annotations

from domain.message import Choice, Message
from domain.people import Right
from handlers.context import Command, Context, message
from storage import contacts
from storage.utc import utc_time

NOTICE_VERSION = "1"  # rises whenever the words of the notice change


def privacy(ctx: Context) -> list[Message]:
    """Repeat the notice with the day it was agreed to."""
    if ctx.contact is None:
        return message(ctx.say("privacy.notice"), (Choice(ctx.say("help.button"), "k:bantuan"),))
    version, at, _ = contacts.consent(ctx.tx, ctx.person.id)
    agreed = ctx.time(utc_time(at))
    kept = ctx.say("privacy.kept", name=ctx.person.name, phone=ctx.person.phone or "–", agreed=agreed, version=version)
    return [*message(ctx.say("privacy.notice")), *message(kept, (Choice(ctx.say("help.button"), "k:bantuan"),))]


COMMAND = Command("privasi", "privacy", "privacy", Right.TALK, privacy)
