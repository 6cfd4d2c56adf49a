"""What people hear of a turn that was not taken: it came faster than we answer, or it failed five times."""

from __future__ import annotations

from domain import buttons
from domain.desk_data import DeskData
from domain.message import Choice, Message, Rows
from domain.people import Role
from domain.texts import Say
from handlers.context import Context
from storage import audit, contacts
from storage.engine.transaction import Transaction


def too_fast(tx: Transaction, desk_data: DeskData, *, channel: str, address: str) -> tuple[bool, Message]:
    """Say whether this is somebody we know, and what a person hears who writes faster than we answer."""
    contact = contacts.by_address(tx, channel, address=address)
    say = desk_data.words.in_(contact.language if contact else desk_data.language)
    text = say("help.too_fast" if contact else "help.too_fast_stranger")
    return contact is not None, Message(text, _lead_to_help(say))


def given_up(ctx: Context) -> list[tuple[str, str, Message]]:
    """Apologise to the person and tell the desk; each message with its channel and address."""
    apology = Message(ctx.say("help.gave_up"), _lead_to_help(ctx.say)).answering(ctx.inbound)
    said = [(ctx.inbound.channel, ctx.inbound.address, apology)]
    name = ctx.contact.name if ctx.contact else "–"
    number = ctx.contact.id if ctx.contact else 0
    for channel, address, language in contacts.reachable(ctx.tx, Role.ADMIN):
        say = ctx.desk_data.words.in_(language)
        said.append((channel, address, Message(say("help.desk_told", who=name, number=number))))
    audit.record(ctx.tx, "turn_given_up", now=ctx.now, actor=ctx.contact.id if ctx.contact else None)
    return said


def _lead_to_help(say: Say) -> Rows:
    return ((Choice(say("opens.help"), buttons.Open("bantuan")),),)
