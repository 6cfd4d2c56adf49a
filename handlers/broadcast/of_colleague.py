"""What an officer does with a colleague's announcement: asked first, and told to whoever scheduled it."""

from __future__ import annotations

from domain import buttons
from domain.message import Choice, Message
from domain.texts import Marked, Say
from handlers import notices
from handlers.broadcast import report, send
from handlers.broadcast.report import moment_said
from handlers.context import Context, message
from storage import audit, broadcasts, contacts
from storage.broadcasts import Broadcast


def edit(ctx: Context, broadcast: Broadcast) -> list[Message]:
    """Take back one's own; ask first where a colleague has scheduled it."""
    if _is_colleagues(ctx, broadcast) and broadcast.state == "held":
        return _ask_first(ctx, broadcast, act="edit", yes=buttons.Broadcast("take", broadcast.id))
    return send.recall(ctx, broadcast)


def call_off(ctx: Context, broadcast: Broadcast) -> list[Message]:
    """Give up one's own; ask first where a colleague scheduled it, and leave a colleague's draft alone."""
    if not _is_colleagues(ctx, broadcast):
        return send.call_off(ctx, broadcast)
    if broadcast.state == "held":
        return _ask_first(ctx, broadcast, act="off", yes=buttons.Broadcast("off_yes", broadcast.id))
    return report.show(ctx, broadcast)


def rush(ctx: Context, broadcast: Broadcast) -> list[Message]:
    """Send one's own at once; ask first where a colleague has scheduled it."""
    if _is_colleagues(ctx, broadcast) and broadcast.state in ("held", "running"):
        return _ask_first(ctx, broadcast, act="rush", yes=buttons.Broadcast("rush_yes", broadcast.id))
    return send.rush(ctx, broadcast)


def take_over(ctx: Context, broadcast: Broadcast) -> list[Message]:
    """Make a colleague's held announcement a draft of one's own; the colleague hears of it."""
    if not _is_colleagues(ctx, broadcast):
        return send.recall(ctx, broadcast)
    inbound = ctx.inbound
    if not broadcasts.take_over(
        ctx.tx, broadcast.id, by=ctx.person.id, channel=inbound.channel, address=inbound.address
    ):
        return report.show(ctx, broadcast)
    audit.record(
        ctx.tx, "broadcast_taken_over", now=ctx.now, actor=ctx.person.id, broadcast=broadcast.id,
        before=broadcast.contact_id, after=ctx.person.id,
    )  # fmt: skip
    _tell_first(ctx, broadcast, act="edit")
    draft = broadcasts.load(ctx.tx, broadcast.id)
    at = moment_said(ctx, broadcast.starts_at or ctx.now)
    return send.preview(ctx, draft, notice=ctx.say("broadcast_send.taken_over", at=at)) if draft else []


def call_off_confirmed(ctx: Context, broadcast: Broadcast) -> list[Message]:
    """Give up what a colleague has scheduled; the colleague hears of it."""
    if broadcast.state != "held":
        return report.show(ctx, broadcast)
    _tell_first(ctx, broadcast, act="off")
    return send.call_off(ctx, broadcast)


def rush_confirmed(ctx: Context, broadcast: Broadcast) -> list[Message]:
    """Send at once what a colleague has scheduled; the colleague hears of it."""
    if broadcast.state not in ("held", "running"):
        return report.show(ctx, broadcast)
    _tell_first(ctx, broadcast, act="rush")
    return send.rush(ctx, broadcast)


def stop(ctx: Context, broadcast: Broadcast) -> list[Message]:
    """Stop a running one at once, whoever's it is: asking would let more of it leave; a colleague hears of
    it.
    """
    if broadcast.state == "running":
        _tell_first(ctx, broadcast, act="stop")
    return send.stop(ctx, broadcast)


def _is_colleagues(ctx: Context, broadcast: Broadcast) -> bool:
    return broadcast.contact_id != ctx.person.id


def _ask_first(ctx: Context, broadcast: Broadcast, *, act: str, yes: buttons.Broadcast) -> list[Message]:
    text = ctx.say(
        f"broadcast_send.ask_{act}",
        name=contacts.name_of(ctx.tx, broadcast.contact_id),
        at=moment_said(ctx, broadcast.starts_at or ctx.now),
        people=broadcast.previewed_for,
    )
    leave = Choice(ctx.say("broadcast_send.leave_it"), buttons.Broadcast("show", broadcast.id))
    return message(text, (Choice(ctx.say(f"broadcast_send.yes_{act}"), yes),), (leave,))


def _tell_first(ctx: Context, broadcast: Broadcast, *, act: str) -> None:
    """Tell whoever scheduled it what a colleague did with it, at any hour: they started it."""
    if not _is_colleagues(ctx, broadcast):
        return

    def words(say: Say) -> Marked:
        return say(f"broadcast_send.told_{act}", number=broadcast.id, name=ctx.person.name)

    key = f"broadcast:{broadcast.id}:{act}:{broadcast.revision}"
    notices.tell_person(ctx, broadcast.contact_id, key=key, words=words)
