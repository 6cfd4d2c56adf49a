"""The progress of an announcement, its report, what was written back, and the follow-up."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from math import ceil

from domain import buttons
from domain.desk_data import DeskData
from domain.message import Choice, Message, Rows
from domain.reading.partial_date import say_datetime
from domain.texts import Marked, Say, join
from handlers import ui
from handlers.broadcast import written_back
from handlers.broadcast.text import beginning
from handlers.context import Context, message
from storage import (
    acknowledgements,
    audiences,
    broadcast_drafts,
    broadcasts,
    contacts,
    outbox,
    outbox_rows,
    recipient_lists,
    recipients,
)
from storage.broadcasts import Broadcast
from storage.engine.transaction import Transaction
from storage.recipient_lists import Tally

BAR = 10  # signs of the bar
COMMENTS = 3  # replies on a screen
NEWEST = 5  # announcements in the list
LINE_CHARS = 40  # of a text in the list
LISTS = {"call": "to_call", "stopped": "stopped", "unknown": "unknown", "all": "all", "unread": "unread"}
FORMATS = ("xlsx", "csv")


def _make_say(tx: Transaction, desk_data: DeskData, *, broadcast: Broadcast) -> Say:
    return desk_data.words.in_(contacts.language_of(tx, broadcast.contact_id))


def progress(tx: Transaction, desk_data: DeskData, *, broadcast: Broadcast, now: datetime) -> Message:
    """Write how far a running one is: sent, not delivered, still to go, and the time left."""
    say, tally = _make_say(tx, desk_data, broadcast=broadcast), recipient_lists.tally(tx, broadcast.id)
    whole = _count_whole(broadcast, tally)
    done = BAR * tally.over // whole if broadcast.state != "done" else BAR
    text = say(
        "broadcast_report.progress",
        number=broadcast.id,
        bar="█" * done + "░" * (BAR - done),
        over=tally.over,
        whole=whole,
        sent=tally.reached,
        failed=tally.failed + tally.unknown,
        waiting=tally.still,
        left=_say_left(tx, say, desk_data=desk_data, broadcast=broadcast, tally=tally, now=now),
    )
    unopened = [
        say(f"broadcast_report.{which}", count=count)
        for which in (recipient_lists.NOTIFIED, recipient_lists.RINGING)
        if (count := recipient_lists.counted(tx, broadcast.id, which=which))
    ]
    return Message(join((text, *unopened), by="\n"), _make_ways_out(broadcast, say, now=now))


def _count_whole(broadcast: Broadcast, tally: Tally) -> int:
    """Return for how many it was confirmed; those left out by a stop are counted too."""
    return max(broadcast.previewed_for, tally.over + tally.still, 1)


def _make_ways_out(broadcast: Broadcast, say: Say, *, now: datetime) -> tuple[tuple[Choice, ...], ...]:
    """What can be done about one that runs or waits."""
    b = broadcast.id
    waits = broadcast.starts_at is not None and broadcast.starts_at > now
    rush = ((Choice(say("broadcast_send.rush"), buttons.Broadcast("rush", b)),),) if waits else ()
    if broadcast.state == "running":
        return (*rush, (Choice(say("broadcast_report.stop"), buttons.Broadcast("stop", b)),))
    if broadcast.state == "held" and waits:
        return (*rush, (Choice(say("broadcast_send.off"), buttons.Broadcast("off", b)),))
    return (
        ((Choice(say("broadcast_report.stop"), buttons.Broadcast("stop", b)),),)
        if broadcast.state == "held"
        else ()
    )


def _say_left(
    tx: Transaction, say: Say, *, desk_data: DeskData, broadcast: Broadcast, tally: Tally, now: datetime
) -> Marked:
    """Say the time left, as fast as it went so far; or until when it is held."""
    if broadcast.state in ("done", "stopped"):
        return say(f"broadcast_report.is_{broadcast.state}")
    if broadcast.starts_at is not None and broadcast.starts_at > now:
        local = broadcast.starts_at.astimezone(desk_data.timezone)
        at = say_datetime(local, say.language, zone=local.tzname() or "", weekday=True)
        return say("broadcast_report.held", at=at)
    if put_off := recipients.put_off_until(tx, broadcast.id, now=now):
        local = put_off.astimezone(desk_data.timezone)
        at = say_datetime(local, say.language, zone=local.tzname() or "", weekday=True)
        return say("broadcast_report.put_off", count=tally.still, at=at)
    if broadcast.started_at is None or not tally.over:
        return say("broadcast_report.beginning")
    seconds = (now - broadcast.started_at).total_seconds() / tally.over * tally.still
    if seconds < 60:
        return say("broadcast_report.under_a_minute")
    return say("broadcast_report.minutes_left", minutes=ceil(seconds / 60))


def news_under_way(tx: Transaction, broadcast: Broadcast) -> bool:
    """Tell whether the last news of it has not left yet: no more is written on top of it."""
    return broadcast.progress_row is not None and outbox_rows.fate(tx, broadcast.progress_row)[0] in (
        "waiting",
        "leased",
    )


def reads_otherwise(tx: Transaction, desk_data: DeskData, *, broadcast: Broadcast, now: datetime) -> bool:
    """Tell whether the message that shows how far it is would read otherwise now."""
    shown = outbox_rows.payload(tx, broadcast.progress_row) if broadcast.progress_row is not None else None
    return shown is None or shown.text != progress(tx, desk_data, broadcast=broadcast, now=now).text


def tell_progress(tx: Transaction, desk_data: DeskData, *, broadcast: Broadcast, now: datetime) -> None:
    """Write the news into the message that shows it; the first time of a scheduled one this is a new
    message.

    Whoever announced asked for it: it goes as a reply, and no limit of unasked messages counts it.
    """
    ref = outbox_rows.fate(tx, broadcast.progress_row)[1] if broadcast.progress_row is not None else ""
    ref = ref or broadcast.progress_ref
    shown = replace(progress(tx, desk_data, broadcast=broadcast, now=now), edit=ref)
    row = outbox.insert(
        tx,
        channel=broadcast.channel,
        address=broadcast.address,
        message=shown,
        now=now,
        terms=outbox.Terms(priority=outbox.REPLY),
    )
    broadcasts.keep_progress(tx, broadcast.id, ref=ref, row=row, now=now)


def tell_end(tx: Transaction, desk_data: DeskData, *, broadcast: Broadcast, now: datetime) -> None:
    """Send the report to whoever announced it, once."""
    text = report(tx, desk_data, broadcast=broadcast, say=_make_say(tx, desk_data, broadcast=broadcast))
    outbox.insert(
        tx,
        channel=broadcast.channel,
        address=broadcast.address,
        message=text,
        now=now,
        terms=outbox.Terms(priority=outbox.REPLY, dedupe_key=f"broadcast:{broadcast.id}:report"),
    )


def report(tx: Transaction, desk_data: DeskData, *, broadcast: Broadcast, say: Say) -> Message:
    """Write what came of it: how many have it, who read it, and why others do not have it."""
    tally, read = recipient_lists.tally(tx, broadcast.id), acknowledgements.readers(tx, broadcast.first)
    parts: list[str] = [
        say("broadcast_report.report", number=broadcast.id, text=beginning(broadcast.text, 2 * LINE_CHARS)),
        say(f"broadcast_report.is_{broadcast.state}"),
        say("broadcast_report.sums", sent=tally.reached, whole=_count_whole(broadcast, tally)),
        *_say_arrivals(tx, desk_data, broadcast=broadcast, say=say),
    ]
    if tally.reached:
        parts.append(
            say(
                "broadcast_report.read" if read.offices else "broadcast_report.read_people",
                offices_read=read.offices_read,
                offices=read.offices,
                people_read=read.people_read,
                people=read.people,
            )
        )
    parts += [
        say("broadcast_report.reason", count=count, reason=say(f"recipient.reason_{reason}"))
        for reason, count in recipient_lists.reasons(tx, broadcast.id)
    ]
    return Message(join(parts, by="\n"), _make_report_rows(tx, broadcast, say=say))


def _say_arrivals(tx: Transaction, desk_data: DeskData, *, broadcast: Broadcast, say: Say) -> list[Marked]:
    """Say to how many it came, apart from whom a platform merely took it for, where that is told at all."""
    telling = {channel.name: channel.title for channel in desk_data.channels if channel.tells_arrival}
    return [
        say(
            "broadcast_report.taken" if taken else "broadcast_report.arrived",
            channel=telling[channel],
            arrived=arrived,
            taken=taken,
        )
        for channel, arrived, taken in recipient_lists.arrivals(tx, broadcast.id)
        if channel in telling
    ]


def _make_report_rows(tx: Transaction, broadcast: Broadcast, *, say: Say) -> Rows:
    return (
        *_make_lists(tx, broadcast, say=say),
        *_make_next_steps(tx, broadcast, say=say),
    )


def _make_lists(tx: Transaction, broadcast: Broadcast, *, say: Say) -> Rows:
    """Lead to the recipients: those who want a hand, then everybody, on pages and as files."""
    b = broadcast.id
    rows: list[tuple[Choice, ...]] = [
        (
            Choice(
                say(f"broadcast_report.{LISTS[which]}", count=count), buttons.BroadcastRecipients(b, which, 0)
            ),
        )
        for which in ("call", "stopped", "unknown")
        if (count := recipient_lists.counted(tx, b, which=which))
    ]
    if broadcast.state == "done" and recipient_lists.counted(tx, b, which="unknown"):
        rows.append((Choice(say("broadcast_report.send_again"), buttons.Broadcast("again", b)),))
    everybody = (
        Choice(say("broadcast_report.all"), buttons.BroadcastRecipients(b, "all", 0)),
        Choice(say("broadcast_report.unread"), buttons.BroadcastRecipients(b, "unread", 0)),
    )
    files = tuple(
        Choice(say("broadcast_report.export", kind=kind), buttons.BroadcastExport(b, kind))
        for kind in FORMATS
    )
    return (*rows, everybody, files)


def _make_next_steps(tx: Transaction, broadcast: Broadcast, *, say: Say) -> Rows:
    """Lead to what people wrote back, to a reminder of those who have not read it, and to stopping it."""
    b = broadcast.id
    rows: list[tuple[Choice, ...]] = []
    if comments := acknowledgements.comment_count(tx, b):
        rows.append(
            (Choice(say("broadcast_report.comments", count=comments), buttons.BroadcastPage("in", b, 0)),)
        )
    over = broadcast.state in ("done", "stopped")
    if over and not audiences.reach(tx, audiences.rest(broadcast.first)).is_empty:
        rows.append((Choice(say("broadcast_report.follow"), buttons.Broadcast("f", b)),))
    if broadcast.state == "running":
        rows.append((Choice(say("broadcast_report.stop"), buttons.Broadcast("stop", b)),))
    return tuple(rows)


def show(ctx: Context, broadcast: Broadcast) -> list[Message]:
    """Show one announcement as it stands."""
    if broadcast.state in ("draft", "cancelled"):
        return message(
            ctx.say("broadcast_report.gone"), (Choice(ctx.say("opens.broadcast"), buttons.Open("siaran")),)
        )
    if broadcast.state == "held":
        return [held_back(ctx, broadcast, waits=False)]
    return [report(ctx.tx, ctx.desk_data, broadcast=broadcast, say=ctx.say)]


def held_back(ctx: Context, broadcast: Broadcast, *, waits: bool) -> Message:
    """Say until when it is held, and how to send it all the same."""
    key = "broadcast_send.held_quiet" if waits else "broadcast_send.held"
    text = ctx.say(key, at=moment_said(ctx, broadcast.starts_at or ctx.now), people=broadcast.previewed_for)
    b = broadcast.id
    rush = Choice(ctx.say("broadcast_send.rush"), buttons.Broadcast("rush", b))
    change = (
        Choice(ctx.say("broadcast_send.edit"), buttons.Broadcast("edit", b)),
        Choice(ctx.say("broadcast_send.off"), buttons.Broadcast("off", b)),
    )
    return Message(text, ((rush,), change))


def moment_said(ctx: Context, moment: datetime) -> str:
    """Say a moment with its day of the week."""
    local = moment.astimezone(ctx.desk_data.timezone)
    return say_datetime(local, ctx.say.language, zone=local.tzname() or "", weekday=True)


def newest(ctx: Context) -> list[Choice]:
    """Offer the newest announcements, by how they begin."""
    return [
        Choice(
            ctx.say(
                "broadcast_report.line",
                number=broadcast.id,
                state=ctx.say(f"recipient.state_{broadcast.state}"),
                text=beginning(broadcast.text, LINE_CHARS),
            ),
            buttons.Broadcast("show", broadcast.id),
        )
        for broadcast in broadcasts.newest(ctx.tx, limit=NEWEST)
    ]


def shown_again(ctx: Context, broadcast: Broadcast) -> list[Message]:
    """Show the report where a list of it stood."""
    return ui.in_place(ctx, show(ctx, broadcast))


def comments(ctx: Context, broadcast: Broadcast, *, page: int) -> list[Message]:
    """Show what was written back, the newest first, each with its own button to answer."""
    listed = acknowledgements.comments(ctx.tx, broadcast.id, limit=COMMENTS + 1, offset=page * COMMENTS)
    rows = [
        (
            Choice(
                ctx.say("broadcast_report.answer_to", name=comment.name), buttons.BroadcastAnswer(comment.id)
            ),
        )
        for comment in listed[:COMMENTS]
        if not comment.answer
    ]
    if len(listed) > COMMENTS:
        rows.append(
            (Choice(ctx.say("broadcast_report.older"), buttons.BroadcastPage("in", broadcast.id, page + 1)),)
        )
    rows.append((Choice(ctx.say("broadcast_report.details"), buttons.Broadcast("show", broadcast.id)),))
    text = join([written_back.shown(ctx, comment) for comment in listed[:COMMENTS]]) or ctx.say(
        "broadcast_report.no_comments"
    )
    return message(Marked(text), *rows)


def follow(ctx: Context, broadcast: Broadcast) -> Broadcast | None:
    """Open a reminder to the rest of an announcement; None when everybody has read it."""
    if audiences.reach(ctx.tx, audiences.rest(broadcast.first)).is_empty:
        return None
    number = broadcast_drafts.create(
        ctx.tx,
        by=ctx.person.id,
        channel=ctx.inbound.channel,
        address=ctx.inbound.address,
        now=ctx.now,
        draft=broadcast_drafts.NewDraft(
            text=broadcast.text,
            attachment=broadcast.attachment,
            audience=broadcast.audience,
            follows=broadcast.first,
        ),
    )
    if broadcast.literal:
        broadcast_drafts.set_literal(ctx.tx, number)
    return broadcasts.load(ctx.tx, number)
