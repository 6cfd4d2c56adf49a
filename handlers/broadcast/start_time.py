"""When an announcement starts: asked, typed, tapped, or at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from domain import buttons
from domain.message import Choice, Kind, Message
from domain.reading.future_moment import MomentResult, read_moment
from domain.reading.result import Ambiguous, NotUnderstood
from domain.texts import join, quoted
from handlers.broadcast import text as broadcast_text
from handlers.broadcast.report import moment_said
from handlers.broadcast.send import preview
from handlers.context import Context, message
from storage import broadcast_drafts
from storage.broadcasts import Broadcast

MOMENT = "%Y%m%d%H%M"  # of a local moment in a button


def ask_time(ctx: Context, broadcast: Broadcast, *, notice: str = "") -> list[Message]:
    """Ask when it is sent."""
    broadcast_text.open_at(ctx, broadcast.id, at="time")
    at_once = Choice(ctx.say("broadcast_send.at_once"), buttons.Broadcast("now", broadcast.id))
    decent = ctx.desk_data.calendar.next_decent(ctx.now + timedelta(hours=12), ctx.desk_data.timezone)
    soon = Choice(
        moment_said(ctx, decent),
        buttons.BroadcastTime(broadcast.id, f"{decent.astimezone(ctx.desk_data.timezone):{MOMENT}}"),
    )
    back = Choice(ctx.say("broadcast_send.back"), buttons.Broadcast("see", broadcast.id))
    return message(join((notice, ctx.say("broadcast_send.ask_time"))), (soon,), (at_once, back))


def time_said(ctx: Context, broadcast: Broadcast) -> list[Message]:
    """Read the time that was typed; what is past or unclear is asked again."""
    local = ctx.now.astimezone(ctx.desk_data.timezone)
    result: MomentResult = read_moment(ctx.inbound.text if ctx.inbound.kind is Kind.TEXT else "", now=local)
    if isinstance(result, NotUnderstood):
        key = "broadcast_send.time_past" if result.reason == "past" else "broadcast_send.time_unclear"
        return ask_time(
            ctx,
            broadcast,
            notice=ctx.say(key, said=quoted(ctx.inbound.text), now=moment_said(ctx, ctx.now)),
        )
    if isinstance(result, Ambiguous):
        rows = [
            (
                Choice(
                    moment_said(ctx, _make_aware(ctx, moment)),
                    buttons.BroadcastTime(broadcast.id, f"{moment:{MOMENT}}"),
                ),
            )
            for moment in result.candidates
        ]
        return message(ctx.say("broadcast_send.time_which"), *rows)
    return _set_time(ctx, broadcast, moment=_make_aware(ctx, result.value))


def time_tapped(ctx: Context, broadcast: Broadcast, *, value: str) -> list[Message]:
    """Take the time of a button; one that has passed meanwhile is asked again."""
    try:
        moment = _make_aware(ctx, datetime.strptime(value, MOMENT))
    except ValueError:
        return ask_time(ctx, broadcast)
    if moment <= ctx.now:
        said = ctx.say(
            "broadcast_send.time_past", said=moment_said(ctx, moment), now=moment_said(ctx, ctx.now)
        )
        return ask_time(ctx, broadcast, notice=said)
    return _set_time(ctx, broadcast, moment=moment)


def _make_aware(ctx: Context, moment: datetime) -> datetime:
    return moment.replace(tzinfo=ctx.desk_data.timezone)


def _set_time(ctx: Context, broadcast: Broadcast, *, moment: datetime) -> list[Message]:
    broadcast_drafts.set_time(ctx.tx, broadcast.id, starts_at=moment)
    return preview(ctx, replace(broadcast, starts_at=moment))


def at_once(ctx: Context, broadcast: Broadcast) -> list[Message]:
    """Send it as soon as it is confirmed."""
    broadcast_drafts.set_time(ctx.tx, broadcast.id, starts_at=None)
    return preview(ctx, replace(broadcast, starts_at=None))
