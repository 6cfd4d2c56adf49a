"""Keeps a person who has agreed, with the role of their code or of the roster."""

from __future__ import annotations

from collections.abc import Sequence

from domain.message import Message
from handlers.context import Context
from handlers.door import linking, own_number
from handlers.door.accounts import proved_number
from handlers.door.privacy import NOTICE_VERSION
from handlers.door.welcome import greeted, welcome
from handlers.offices import handover
from handlers.speaking import as_known_now
from storage import audit, contacts, dialogues, invitations, roster
from storage.invitations import Invitation
from storage.roster import Entry


def enrol_listed(ctx: Context, phone: str, *, listed: Sequence[Entry], language: str) -> list[Message]:
    """Keep a person whose number the roster has, under the name it has there."""
    tx = ctx.tx
    contact_id = _keep(ctx, listed[0].name, language=language)
    contacts.set_phone(tx, contact_id, phone=phone)
    roster.bind(tx, contact_id, phone=phone, now=ctx.now)
    audit.record(tx, "enrolled", now=ctx.now, actor=contact_id, roster=listed[0].id, consent=NOTICE_VERSION)
    return greeted(as_known_now(ctx))


def enrol(ctx: Context, invitation: Invitation, *, language: str) -> list[Message]:
    """Keep the person, the role and the consent, use the code up, and ask for the number."""
    tx, inbound = ctx.tx, ctx.inbound
    contact_id = _keep(ctx, inbound.name, language=language)
    contacts.grant(tx, contact_id, role=invitation.role, office_id=invitation.office_id, now=ctx.now)
    invitations.use(tx, invitation, by=contact_id, now=ctx.now)
    invitations.end_enrolment(tx, inbound.channel, address=inbound.address)
    audit.record(
        tx, "enrolled", now=ctx.now, actor=contact_id, invitation=invitation.id, consent=NOTICE_VERSION
    )
    return _greet_enrolled(ctx, invitation, contact_id=contact_id)


def _greet_enrolled(ctx: Context, invitation: Invitation, *, contact_id: int) -> list[Message]:
    """Take the number the address proves, unless it is another's, or ask for one; then greet."""
    tx, number = ctx.tx, proved_number(ctx)
    if number and (holder := contacts.of_phone(tx, number, but=contact_id)):
        now = as_known_now(ctx)
        handed, offered = handover.taken_up(now, invitation.id), linking.number_known(now)
        return [*handed, *welcome(now), *offered] if offered else [
            *handed, *own_number.refuse_number(now, holder), *welcome(now)
        ]  # fmt: skip
    if number:
        contacts.set_phone(tx, contact_id, phone=number)
        roster.bind(tx, contact_id, phone=number, now=ctx.now)
        return [*handover.taken_up(as_known_now(ctx), invitation.id), *greeted(as_known_now(ctx))]
    handed = handover.taken_up(as_known_now(ctx), invitation.id)
    if not ctx.inbound.proves_phone:
        return [*handed, *greeted(as_known_now(ctx))]
    dialogues.begin(tx, contact_id, name=own_number.PHONE)
    return [*handed, *own_number.phone_asked(ctx)]


def _keep(ctx: Context, name: str, *, language: str) -> int:
    """Keep a person who has agreed."""
    return contacts.create(
        ctx.tx,
        contacts.NewContact(
            channel=ctx.inbound.channel,
            address=ctx.inbound.address,
            name=name or ctx.inbound.address,
            language=language,
            consent_version=NOTICE_VERSION,
        ),
        now=ctx.now,
    )
