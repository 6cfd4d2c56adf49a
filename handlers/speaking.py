"""Who speaks in a turn: the person, the language they read, and what they have open."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from domain.desk_data import DeskData
from domain.message import Fetched, Inbound
from handlers.context import Context
from storage import contacts, invitations
from storage.engine.transaction import Transaction


def context_of(
    tx: Transaction, desk_data: DeskData, *, inbound: Inbound, fetched: Fetched | None, now: datetime
) -> Context:
    """Gather what a handler is given for this turn; a stranger has no contact."""
    speaker = contacts.speaker(tx, inbound.channel, address=inbound.address)
    if speaker is None:
        say = desk_data.words.in_(_choose_language(tx, desk_data, inbound=inbound))
        return Context(desk_data, tx, inbound, None, say, now, fetched)
    say = desk_data.words.in_(speaker.contact.language)
    return Context(
        desk_data, tx, inbound, speaker.contact, say, now, fetched, speaker.dialogue, speaker.has_others
    )


def as_known_now(ctx: Context) -> Context:
    """The same turn with the person, and the language they read, as this turn has left them."""
    contact = contacts.by_address(ctx.tx, ctx.inbound.channel, address=ctx.inbound.address)
    say = ctx.say if contact is None else ctx.desk_data.words.in_(contact.language)
    return replace(ctx, contact=contact, say=say)


def _choose_language(tx: Transaction, desk_data: DeskData, *, inbound: Inbound) -> str:
    """Read a stranger in the language chosen while coming in, else English for an app in English, else the
    house's.
    """
    enrolment = invitations.enrolment(tx, inbound.channel, address=inbound.address)
    if enrolment is not None:
        return enrolment.language
    return "en" if inbound.language.casefold().partition("-")[0] == "en" else desk_data.language
