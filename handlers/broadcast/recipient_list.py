"""The recipients of an announcement, on pages and as files: who they are, and what became of the message."""

from __future__ import annotations

from domain import buttons
from domain.announcing.recipient_state import say_state
from domain.channel_facts import title_of
from domain.message import Attachment, Choice, Message
from domain.pager import turns
from domain.texts import Marked, join
from handlers import ui
from handlers.broadcast import report
from handlers.context import Context, message
from storage import acknowledgements, audit, recipient_lists
from storage.broadcasts import Broadcast
from storage.recipient_lists import Recipient

LISTED = 15  # recipients on a screen


def show(ctx: Context, broadcast: Broadcast, *, which: str, page: int) -> list[Message]:
    """List recipients, a page at a time; whom to call with their numbers."""
    if which not in report.LISTS:
        return report.show(ctx, broadcast)
    offset = page * LISTED
    if which == "unread":
        unread = acknowledgements.unread(ctx.tx, broadcast.first, limit=LISTED + 1, offset=offset)
        lines = [ctx.say("broadcast_report.office", office=reader.office or reader.name) for reader in unread]
        count = len(unread)
    else:
        listed = recipient_lists.listed(ctx.tx, broadcast.id, which=which, limit=LISTED + 1, offset=offset)
        lines = [line(ctx, recipient, says_reason=which != "stopped") for recipient in listed]
        count = recipient_lists.counted(ctx.tx, broadcast.id, which=which)
    title = ctx.say(f"broadcast_report.title_{report.LISTS[which]}", number=broadcast.id, count=count)
    turning = turns(
        ctx.say,
        lambda to: buttons.BroadcastRecipients(broadcast.id, which, to),
        page=page,
        more=len(lines) > LISTED,
    )
    rows = (*turning, (Choice(ctx.say("broadcast_report.back"), buttons.Broadcast("show", broadcast.id)),))
    text = join((title, join(lines[:LISTED], by="\n") or ctx.say("broadcast_report.nobody")))
    return ui.in_place(ctx, [Message(text, rows)])


def line(ctx: Context, recipient: Recipient, *, says_reason: bool) -> Marked:
    """Say one recipient: who, and, where the list does not tell, what became of the message."""
    say = ctx.say
    names = " · ".join(part for part in (recipient.office, recipient.name, recipient.phone) if part)
    if not says_reason:
        return say("broadcast_report.office", office=names)
    why = (
        say(f"recipient.reason_{recipient.reason}")
        if recipient.reason
        else say_state(
            say,
            recipient.state,
            channel=recipient.channel,
            channels=ctx.desk_data.channels,
            is_confirmed=bool(recipient.acked_at),
        )
    )
    second = ""
    if recipient.first_channel:
        first, then = (
            title_of(ctx.desk_data.channels, name) for name in (recipient.first_channel, recipient.channel)
        )
        second = say("recipient.second", first=first, second=then)
    return say("broadcast_report.recipient", who=names, what=join((why, second), by="; "))


def export(ctx: Context, broadcast: Broadcast, *, kind: str) -> list[Message]:
    """Send the result per recipient as a file; it is made when it is sent."""
    if kind not in report.FORMATS:
        return report.show(ctx, broadcast)
    audit.record(
        ctx.tx, "broadcast_exported", now=ctx.now, actor=ctx.person.id, broadcast=broadcast.id, format=kind
    )
    args = {"broadcast": broadcast.id, "format": kind, "language": ctx.say.language}
    name = f"siaran-{broadcast.id}.{kind}"
    text = ctx.say("broadcast_report.exported", number=broadcast.id)
    back = (Choice(ctx.say("broadcast_report.details"), buttons.Broadcast("show", broadcast.id)),)
    return message(text, back, attachment=Attachment("document", "broadcast", args, name))
