"""A scheduled announcement of a colleague is taken over only when asked: else it would be a draft that
nobody sends.
"""

from __future__ import annotations

from domain import buttons
from domain.message import Choice, Message
from handlers.broadcast import report, send
from handlers.broadcast.report import moment_said
from handlers.context import Context, message
from storage import audit, broadcasts, contacts, outbox
from storage.broadcasts import Broadcast


def edit(ctx: Context, broadcast: Broadcast) -> list[Message]:
    """Take back one's own; ask first where a colleague has scheduled it."""
    if broadcast.contact_id != ctx.person.id and broadcast.state == "held":
        return _ask_taking_over(ctx, broadcast)
    return send.recall(ctx, broadcast)


def _ask_taking_over(ctx: Context, broadcast: Broadcast) -> list[Message]:
    text = ctx.say(
        "broadcast_send.ask_take_over",
        name=contacts.name_of(ctx.tx, broadcast.contact_id),
        at=moment_said(ctx, broadcast.starts_at or ctx.now),
    )
    take = Choice(ctx.say("broadcast_send.take_over"), buttons.Broadcast("take", broadcast.id))
    leave = Choice(ctx.say("broadcast_send.leave_it"), buttons.Broadcast("show", broadcast.id))
    return message(text, (take,), (leave,))


def take_over(ctx: Context, broadcast: Broadcast) -> list[Message]:
    """Make a colleague's held announcement a draft of one's own; the colleague hears of it."""
    if broadcast.contact_id == ctx.person.id:
        return send.recall(ctx, broadcast)
    inbound = ctx.inbound
    if not broadcasts.take_over(
        ctx.tx, broadcast.id, by=ctx.person.id, channel=inbound.channel, address=inbound.address
    ):
        return report.show(ctx, broadcast)
    audit.record(
        ctx.tx, "broadcast_taken_over", now=ctx.now, actor=ctx.person.id, broadcast=broadcast.id,
        before=broadcast.contact_id,
    )  # fmt: skip
    _tell_first(ctx, broadcast)
    draft = broadcasts.load(ctx.tx, broadcast.id)
    at = moment_said(ctx, broadcast.starts_at or ctx.now)
    return send.preview(ctx, draft, notice=ctx.say("broadcast_send.taken_over", at=at)) if draft else []


def _tell_first(ctx: Context, broadcast: Broadcast) -> None:
    """Tell whoever scheduled it that a colleague changes it, at any hour: they started it."""
    where = contacts.reach(ctx.tx, broadcast.contact_id)
    if where is None:
        return
    channel, address, language = where
    say = ctx.desk_data.words.in_(language)
    news = say("broadcast_send.was_taken_over", number=broadcast.id, name=ctx.person.name)
    key = f"broadcast:{broadcast.id}:taken:{broadcast.revision}"
    outbox.insert(
        ctx.tx, channel=channel, address=address, message=Message(news), now=ctx.now, dedupe_key=key
    )
