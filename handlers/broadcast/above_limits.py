"""Whom the limits of unasked messages keep an announcement from, and marking it urgent with a reason."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from domain import buttons
from domain.message import Choice, Kind, Message
from domain.texts import Marked, Say, join, shortened
from handlers.broadcast import text as broadcast_text
from handlers.broadcast.audience import chosen_people
from handlers.broadcast.report import moment_said
from handlers.context import Context, message
from storage import audiences, broadcast_drafts, heard_days, recipients
from storage.broadcasts import Broadcast

REASON_CHARS = 300


def leaves_at(ctx: Context, broadcast: Broadcast) -> datetime:
    """Say when it really leaves once it is confirmed: at its time, or at the next decent hour."""
    wanted = max(broadcast.starts_at or ctx.now, ctx.now)
    return ctx.desk_data.calendar.next_decent(wanted, ctx.desk_data.timezone)


def count_above(ctx: Context, broadcast: Broadcast, *, at: datetime) -> Counter[str]:
    """Count who will have reached a limit at that moment, by the limit; what was confirmed and has not left
    yet counts too.
    """
    people = audiences.reachable(ctx.tx, chosen_people(ctx, broadcast))
    zone, limits = ctx.desk_data.timezone, ctx.desk_data.reminders.limits
    heard = heard_days.days(ctx.tx, ctx.desk_data, contacts=people, now=at)
    coming = recipients.coming_days(ctx.tx, contacts=people, zone=zone, now=ctx.now)
    today = at.astimezone(zone).date()
    days = {person: (*heard.get(person, ()), *coming.get(person, ())) for person in heard.keys() | coming}
    return Counter(
        reached for of_person in days.values() if (reached := limits.reached(of_person, today=today))
    )


def say_above(ctx: Context, broadcast: Broadcast, *, above: Counter[str], above_now: int) -> Marked:
    """Say who gets it later because of the limits, and when, or why they get it all the same; and whom it
    would not reach even if it were sent right now.
    """
    limits = ctx.desk_data.reminders.limits
    said = [
        ctx.say(f"broadcast_limits.{limit}", count=above[limit], day=limits.per_day, week=limits.per_week)
        for limit in ("weekly_cap", "heard_today")
        if above[limit]
    ]
    if broadcast.urgent_reason:
        return join((*said, ctx.say("broadcast_limits.urgent", reason=broadcast.urgent_reason)), by="\n")
    if said:
        at = _say_morning_after(ctx, leaves_at(ctx, broadcast))
        said.append(ctx.say("broadcast_limits.later", at=at))
    if above_now:
        at, rush = _say_morning_after(ctx, ctx.now), ctx.say("broadcast_send.rush")
        said.append(ctx.say("broadcast_limits.not_now", count=above_now, at=at, rush=rush))
    return join(said, by="\n")


def count_above_now(ctx: Context, broadcast: Broadcast) -> int:
    """Count whom it would not reach where it is held because of the hour and then sent right now all the
    same.
    """
    is_held = leaves_at(ctx, broadcast) > max(broadcast.starts_at or ctx.now, ctx.now)
    if broadcast.urgent_reason or not is_held:
        return 0
    return count_above(ctx, broadcast, at=ctx.now).total()


def _say_morning_after(ctx: Context, moment: datetime) -> str:
    return moment_said(ctx, ctx.desk_data.calendar.morning_after(moment, ctx.desk_data.timezone))


def button(broadcast: Broadcast, say: Say, *, keeps_out: bool) -> tuple[tuple[Choice, ...], ...]:
    """Offer to mark it urgent where the limits keep it from somebody."""
    if not keeps_out or broadcast.urgent_reason:
        return ()
    return ((Choice(say("broadcast_limits.mark"), buttons.Broadcast("urgent", broadcast.id)),),)


def ask_reason(ctx: Context, broadcast: Broadcast) -> list[Message]:
    """Ask why it cannot wait."""
    broadcast_text.open_at(ctx, broadcast.id, at="urgent")
    back = Choice(ctx.say("broadcast_send.back"), buttons.Broadcast("see", broadcast.id))
    return message(ctx.say("broadcast_limits.ask"), (back,))


def take_reason(ctx: Context, broadcast: Broadcast) -> list[Message]:
    """Keep the reason that was typed; returns the question again where there is none."""
    typed = ctx.inbound.text.strip() if ctx.inbound.kind is Kind.TEXT else ""
    if not typed:
        return ask_reason(ctx, broadcast)
    reason = shortened(typed, REASON_CHARS)
    broadcast_drafts.mark_urgent(ctx.tx, broadcast.id, reason=reason, by=ctx.person.id, now=ctx.now)
    return []
