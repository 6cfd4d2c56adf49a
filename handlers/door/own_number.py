"""The number of somebody we know: shared by one tap, refused where it is another's, or kept to oneself."""

from __future__ import annotations

from domain import buttons
from domain.buttons import Key
from domain.message import Choice, Kind, Message, Rows
from domain.people import Role
from domain.reading.phones import normal
from domain.reading.remarks import Remark, remark_in
from domain.texts import Marked, Say
from handlers import notices, ui
from handlers.context import Context, message
from handlers.door import linking
from handlers.door.welcome import greeted, welcome
from handlers.speaking import as_known_now
from storage import audit, contacts, dialogues, roster
from storage.contacts import Reachable

PHONE = "phone"  # the dialogue that waits for the number


def phone_asked(ctx: Context) -> list[Message]:
    """Ask for the number, to be shared by one tap or not at all."""
    share, skip = Choice(ctx.say("start.phone_share"), Key()), Choice(ctx.say("conversation.skip"), Key())
    return message(ctx.say("start.phone_ask"), (share,), (skip,), ask="phone")


def phone_said(ctx: Context) -> list[Message]:
    """Take the shared number; only one's own counts.

    A question is answered and the number asked for again; anything else that is typed goes on without.
    """
    inbound = ctx.inbound
    if inbound.kind is Kind.PHONE:
        return _take_shared(ctx)
    if normal(inbound.text):
        return message(
            ctx.say("start.phone_typed"), (Choice(ctx.say("conversation.skip"), buttons.Consent("nophone")),)
        )
    remark = remark_in(inbound.text) if inbound.kind is Kind.TEXT else None
    if remark is not None and remark.kind in (Remark.QUESTION, Remark.LOST):
        return ui.as_one([Message(ctx.say("start.phone_why"))], phone_asked(ctx))
    return go_on(ctx, "start.phone_skipped")


def _take_shared(ctx: Context) -> list[Message]:
    """Keep a number that was shared by a tap, unless it is another person's or cannot be read."""
    inbound = ctx.inbound
    number = normal(inbound.phone, from_platform=True)
    if ctx.dialogue is None and not inbound.phone_is_own:
        return [Message(ctx.say("start.number_other")), *welcome(ctx)]
    if not inbound.phone_is_own or not number:
        wrong = "start.phone_unusable" if inbound.phone_is_own else "start.phone_other"
        return message(ctx.say(wrong), (Choice(ctx.say("conversation.skip"), buttons.Consent("nophone")),))
    if (holder := contacts.of_phone(ctx.tx, number, but=ctx.person.id)) is not None:
        dialogues.close(ctx.tx, ctx.person.id)
        return linking.number_known(ctx, again=True) or [*refuse_number(ctx, holder), *welcome(ctx)]
    contacts.set_phone(ctx.tx, ctx.person.id, phone=number)
    bound = roster.bind(ctx.tx, ctx.person.id, phone=number, now=ctx.now)
    return go_on(ctx, "start.phone_listed" if bound else "start.phone_kept")


def go_on(ctx: Context, key: str) -> list[Message]:
    """Say what became of the number, and greet."""
    dialogues.close(ctx.tx, ctx.person.id)
    return [Message(ctx.say(key), ask="remove"), *greeted(as_known_now(ctx))]


def refuse_number(ctx: Context, holder: int) -> list[Message]:
    """Say that a number is bound to another account, and tell the desk, which knows whose it should be.

    Nothing is kept of who is speaking: the desk reads the name it knows already.
    """
    actor = ctx.contact.id if ctx.contact else None
    line = audit.record(ctx.tx, "refused_number", now=ctx.now, actor=actor, contact=holder)
    name = contacts.name_of(ctx.tx, holder)

    def words(say: Say, reader: Reachable) -> tuple[Marked, Rows]:
        return say("start.number_elsewhere_desk", name=name), (
            (Choice(say("opens.offices"), buttons.Open("opd")),),
        )

    notices.tell(ctx, f"number:{line}", people=contacts.posts(ctx.tx, Role.ADMIN), words=words)
    return message(ctx.say("start.number_elsewhere"), ask="remove")
