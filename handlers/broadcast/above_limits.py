"""Whom the limits of unasked messages keep an announcement from, and marking it urgent with a reason."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Above:
    """Who will have reached a limit at some moment."""

    counts: Counter[str]  # by the limit
    earliest: datetime | None  # at which the first of them is below the limits again; None for nobody


def find_above(ctx: Context, broadcast: Broadcast, *, at: datetime) -> Above:
    """Count who will have reached a limit at that moment, and find when the first of them gets it; what was
    confirmed and has not left yet counts too.
    """
    people = audiences.reachable(ctx.tx, chosen_people(ctx, broadcast))
    zone, limits = ctx.desk_data.timezone, ctx.desk_data.reminders.limits
    heard = heard_days.days(ctx.tx, ctx.desk_data, contacts=people, now=at)
    coming = recipients.coming_days(ctx.tx, contacts=people, zone=zone, now=ctx.now)
    today = at.astimezone(zone).date()
    days = [(*heard.get(person, ()), *coming.get(person, ())) for person in heard.keys() | coming]
    above = [of_person for of_person in days if limits.reached(of_person, today=today)]
    mornings = (
        limits.free_morning(of_person, after=at, calendar=ctx.desk_data.calendar, zone=zone)
        for of_person in above
    )
    counts = Counter(limits.reached(of_person, today=today) for of_person in above)
    return Above(counts, min(mornings, default=None))


def say_above(ctx: Context, broadcast: Broadcast, *, above: Above, above_now: Above) -> Marked:
    """Say who gets it later because of the limits, and when, or why they get it all the same; and whom it
    would not reach even if it were sent right now.
    """
    limits = ctx.desk_data.reminders.limits
    said = [
        ctx.say(f"broadcast_limits.{limit}", count=count, day=limits.per_day, week=limits.per_week)
        for limit in ("weekly_cap", "heard_today")
        if (count := above.counts[limit])
    ]
    if broadcast.urgent_reason:
        return join((*said, ctx.say("broadcast_limits.urgent", reason=broadcast.urgent_reason)), by="\n")
    if above.earliest is not None:
        said.append(ctx.say("broadcast_limits.later", at=moment_said(ctx, above.earliest)))
    if above_now.earliest is not None:
        at, rush = moment_said(ctx, above_now.earliest), ctx.say("broadcast_send.rush")
        said.append(ctx.say("broadcast_limits.not_now", count=above_now.counts.total(), at=at, rush=rush))
    return join(said, by="\n")


def find_above_now(ctx: Context, broadcast: Broadcast) -> Above:
    """Find whom it would not reach where it is held because of the hour and then sent right now all the
    same.
    """
    is_held = leaves_at(ctx, broadcast) > max(broadcast.starts_at or ctx.now, ctx.now)
    if broadcast.urgent_reason or not is_held:
        return Above(Counter(), None)
    return find_above(ctx, broadcast, at=ctx.now)


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
