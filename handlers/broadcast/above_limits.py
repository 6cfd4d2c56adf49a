"""Whom the limits of unasked messages keep an announcement from, and marking it urgent with a reason."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from domain import buttons
from domain.message import Choice, Kind, Message
from domain.texts import Marked, join, shortened
from handlers.broadcast import text as broadcast_text
from handlers.broadcast.audience import chosen_people
from handlers.context import Context, message
from storage import audiences, broadcasts, heard_days
from storage.broadcasts import Broadcast

REASON_CHARS = 300


def leaves_at(ctx: Context, broadcast: Broadcast) -> datetime:
    """Say when it really leaves once it is confirmed: at its time, or at the next decent hour."""
    wanted = max(broadcast.starts_at or ctx.now, ctx.now)
    return ctx.desk_data.calendar.next_decent(wanted, ctx.desk_data.timezone)


def count_above(ctx: Context, broadcast: Broadcast) -> Counter[str]:
    """Count who will have reached a limit when it leaves, by the limit."""
    at, limits = leaves_at(ctx, broadcast), ctx.desk_data.reminders.limits
    people = audiences.reachable(ctx.tx, chosen_people(ctx, broadcast))
    days = heard_days.days(ctx.tx, ctx.desk_data, contacts=people, now=at)
    today = at.astimezone(ctx.desk_data.timezone).date()
    return Counter(
        reached for heard_days in days.values() if (reached := limits.reached(heard_days, today=today))
    )


def say_above(ctx: Context, broadcast: Broadcast, *, above: Counter[str]) -> Marked:
    """Say who gets it later because of the limits, or why they get it all the same."""
    limits = ctx.desk_data.reminders.limits
    counted = [
        ctx.say(f"broadcast_limits.{limit}", count=above[limit], day=limits.per_day, week=limits.per_week)
        for limit in ("weekly_cap", "heard_today")
        if above[limit]
    ]
    if broadcast.urgent_reason:
        return join((*counted, ctx.say("broadcast_limits.urgent", reason=broadcast.urgent_reason)), by="\n")
    return join((*counted, ctx.say("broadcast_limits.later") if counted else ""), by="\n")


def button(ctx: Context, broadcast: Broadcast, *, above: Counter[str]) -> tuple[tuple[Choice, ...], ...]:
    """Offer to mark it urgent where the limits keep it from somebody."""
    if not above or broadcast.urgent_reason:
        return ()
    return ((Choice(ctx.say("broadcast_limits.mark"), buttons.Broadcast("urgent", broadcast.id)),),)


def ask_reason(ctx: Context, broadcast: Broadcast) -> list[Message]:
    """Ask why it cannot wait."""
    broadcast_text.open_at(ctx, broadcast.id, step="urgent")
    back = Choice(ctx.say("broadcast_send.back"), buttons.Broadcast("see", broadcast.id))
    return message(ctx.say("broadcast_limits.ask"), (back,))


def take_reason(ctx: Context, broadcast: Broadcast) -> list[Message]:
    """Keep the reason that was typed; returns the question again where there is none."""
    typed = ctx.inbound.text.strip() if ctx.inbound.kind is Kind.TEXT else ""
    if not typed:
        return ask_reason(ctx, broadcast)
    reason = shortened(typed, REASON_CHARS)
    broadcasts.mark_urgent(ctx.tx, broadcast.id, reason=reason, by=ctx.person.id, now=ctx.now)
    return []
