"""An answer that crossed another: it was sent before the open question was asked, on another channel."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from domain.message import Kind, Message, plain
from domain.texts import shortened
from domain.typed_choice import Reads
from handlers import remarks
from handlers.context import Context, Says
from storage import addresses, keyboards

DELIVERED_WITHIN = timedelta(seconds=20)  # what is sent; more may be the difference of two clocks


def is_crossed(ctx: Context) -> bool:
    """Tell whether what was typed cannot be meant for the open question: it was asked at the person's other
    address in the same second or later, as the platform dates what people send by whole seconds.
    """
    inbound = ctx.inbound
    if not ctx.has_others or ctx.dialogue is None or inbound.kind is not Kind.TEXT or inbound.sent_at is None:
        return False
    asked = keyboards.said_last(ctx.tx, inbound.channel, address=inbound.address)
    if asked is None or (asked.channel, asked.address) == (inbound.channel, inbound.address):
        return False
    if inbound.sent_at > asked.at.replace(microsecond=0):
        return False
    return ctx.now - asked.at <= DELIVERED_WITHIN or not _is_clock_ahead(ctx, asked)


def _is_clock_ahead(ctx: Context, asked: keyboards.Said) -> bool:
    """Tell whether our clock may be ahead of the platforms': what was answered last took too long to come."""
    answered_at = next(
        (
            known.spoke_at
            for known in addresses.of_contact(ctx.tx, ctx.person.id)
            if (known.channel, known.address) == (asked.channel, asked.address)
        ),
        None,
    )
    return answered_at is not None and asked.at - answered_at > DELIVERED_WITHIN


def answered(ctx: Context, open_now: Says, *, asked_again: Sequence[Message]) -> list[Message]:
    """Say that it is not kept, where the answer before it came from, and ask the open question here."""
    said = keyboards.said_last(ctx.tx, ctx.inbound.channel, address=ctx.inbound.address)
    if said is None or not asked_again:
        return []
    text = plain(ctx.inbound.text).strip()
    title = next(
        (known.title for known in ctx.desk_data.channels if known.name == said.channel), said.channel
    )
    notice = Message(ctx.say("crossing.told", channel=title, said=shortened(text)))
    *others, asked = asked_again
    if open_now.reads(ctx) in (Reads.TEXT, Reads.TITLE):
        asked = remarks.with_keep(ctx, asked, text)
    return [notice, *others, asked]
