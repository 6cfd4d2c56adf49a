"""An answer that crossed another: it was sent before the open question was asked, on another channel."""

from __future__ import annotations

from collections.abc import Sequence

from domain.message import Kind, Message, plain
from domain.texts import shortened
from domain.typed_choice import Reads
from handlers import remarks
from handlers.context import Context, Says
from storage import keyboards


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
    return inbound.sent_at <= asked.at.replace(microsecond=0)


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
