"""Sending an announcement: preview, confirmation while it is fresh, quiet hours, stopping."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from domain import buttons
from domain.message import Choice, Message, Rows
from domain.texts import Marked, join
from handlers import ui
from handlers.broadcast import above_limits, audience, report
from handlers.broadcast import text as broadcast_text
from handlers.broadcast.audience import chosen_people, number_said, summary
from handlers.broadcast.report import moment_said
from handlers.broadcast.written_back import announcement
from handlers.context import Context, message
from storage import (
    audiences,
    audit,
    broadcast_drafts,
    broadcasts,
    dialogues,
    recipient_lists,
    recipients,
    templates,
)
from storage.audiences import Reach
from storage.broadcasts import Broadcast
from storage.engine.utc import utc_text

# how long a preview may be confirmed, and how long the same text again asks back
FRESH = timedelta(minutes=10)
NAMED = 10  # of those who cannot be reached, named in the preview


def preview(ctx: Context, broadcast: Broadcast, *, notice: str = "") -> list[Message]:
    """Show it as it will look, and below who gets it, when, and what can be done."""
    if stands := broadcast_text.against(ctx, broadcast):
        return stands
    reach = audiences.reach(ctx.tx, chosen_people(ctx, broadcast))
    if reach.is_empty:
        return _say_nobody(ctx, broadcast)
    broadcast_text.open_at(ctx, broadcast.id, at="preview")
    above = above_limits.find_above(ctx, broadcast, at=above_limits.leaves_at(ctx, broadcast))
    above_now = above_limits.find_above_now(ctx, broadcast)
    revision = broadcast_drafts.previewed(
        ctx.tx, broadcast.id, people=reach.reachable, boot=ctx.desk_data.boot, now=ctx.now
    )
    text = join(
        (
            notice,
            _write_plan(ctx, broadcast, reach=reach),
            broadcast_text.say_links(ctx, broadcast),
            above_limits.say_above(ctx, broadcast, above=above, above_now=above_now),
            _beyond_window(ctx, broadcast),
            _write_missing(ctx, broadcast),
        )
    )
    rows = (
        (_make_go(ctx, broadcast, revision=revision, people=reach.reachable),),
        *above_limits.button(broadcast, ctx.say, keeps_out=bool(above.counts or above_now.counts)),
        *_make_changes(ctx, broadcast),
    )
    return [replace(announcement(broadcast, ctx.say), apart=True), Message(text, rows)]


def _make_go(ctx: Context, broadcast: Broadcast, *, revision: int, people: int) -> Choice:
    go = buttons.BroadcastGo("go", broadcast.id, revision)
    return Choice(ctx.say("broadcast_send.go", people=people), go)


def _write_plan(ctx: Context, broadcast: Broadcast, *, reach: Reach) -> Marked:
    """Say who gets it, how many these are, and when."""
    return ctx.say(
        "broadcast_send.preview",
        chosen=_write_meant(ctx, broadcast),
        count=number_said(ctx, reach),
        time=_say_time(ctx, broadcast),
    )


def _make_changes(ctx: Context, broadcast: Broadcast) -> Rows:
    b = broadcast.id
    later = (
        (Choice(ctx.say("broadcast_send.at_once"), buttons.Broadcast("now", b)),)
        if broadcast.starts_at
        else ()
    )
    return (
        (Choice(ctx.say("broadcast_send.when"), buttons.Broadcast("when", b)), *later),
        (Choice(ctx.say("broadcast_send.text"), buttons.Broadcast("text", b)), *_make_way_to(ctx, broadcast)),
        (Choice(ctx.say("broadcast_send.off"), buttons.Broadcast("off", b)),),
    )


def _beyond_window(ctx: Context, broadcast: Broadcast) -> Marked:
    """Say how many have not written for so long that a template goes first, or that they must write first."""
    at = max(broadcast.starts_at or ctx.now, ctx.now)
    meant, name = chosen_people(ctx, broadcast), ctx.desk_data.templates["announcement"].name
    ringing = waiting = 0
    for channel in ctx.desk_data.channels:
        if channel.window_seconds:
            since = at - timedelta(seconds=channel.window_seconds)
            for language, people, elsewhere in audiences.beyond_window(
                ctx.tx, meant, channel=channel.name, since=since
            ):
                usable = templates.is_usable(ctx.tx, channel.name, name=name, language=language)
                ringing += people if usable else 0
                waiting += 0 if usable else people - elsewhere
    said = (
        ctx.say("broadcast_send.by_template", count=ringing) if ringing else "",
        ctx.say("broadcast_send.must_write", count=waiting) if waiting else "",
    )
    return join(said, by="\n")


def _make_way_to(ctx: Context, broadcast: Broadcast) -> tuple[Choice, ...]:
    return (
        ()
        if broadcast.follows
        else (Choice(ctx.say("broadcast_send.audience"), buttons.Broadcast("to", broadcast.id)),)
    )


def _write_meant(ctx: Context, broadcast: Broadcast) -> Marked:
    if broadcast.follows:
        return ctx.say("broadcast_send.rest", number=broadcast.follows)
    return summary(ctx, broadcast.audience)


def _say_nobody(ctx: Context, broadcast: Broadcast) -> list[Message]:
    notice = ctx.say("broadcast_send.nobody")
    if broadcast.follows:
        return message(notice, (Choice(ctx.say("opens.broadcast"), buttons.Open("siaran")),))
    return audience.screen(ctx, broadcast, notice=notice, in_place=False)


def _write_missing(ctx: Context, broadcast: Broadcast) -> Marked | str:
    """Name those who are meant and cannot be reached: by office, or by name where there is none."""
    meant = chosen_people(ctx, broadcast)
    names = [f"{office or '–'} ({name})" for name, office in audiences.unreachable(ctx.tx, meant)]
    names += [office for _, office in audiences.unmanned(ctx.tx, meant)]
    if not names:
        return ""
    shown = ", ".join(names[:NAMED])
    if len(names) > NAMED:
        shown = ctx.say("broadcast_audience.and_more", names=shown, more=len(names) - NAMED)
    return ctx.say("broadcast_send.missing", count=len(names), names=shown)


def _say_time(ctx: Context, broadcast: Broadcast) -> Marked | str:
    """Say when it leaves, and that it is held where that is later than wished."""
    wished, at = broadcast.starts_at, above_limits.leaves_at(ctx, broadcast)
    is_held = at > max(wished or ctx.now, ctx.now)
    if wished is None:
        key = "broadcast_send.held_at_once" if is_held else "broadcast_send.at_once"
        return ctx.say(key, at=moment_said(ctx, at))
    if not is_held:
        return moment_said(ctx, wished)
    return ctx.say("broadcast_send.held_until", wished=moment_said(ctx, wished), at=moment_said(ctx, at))


# confirming


def go(ctx: Context, broadcast: Broadcast, *, revision: int, again: bool = False) -> list[Message]:
    """Send, or hold until its time; only the newest preview can be confirmed, and only while it is fresh."""
    if why := _find_reason(ctx, broadcast, revision=revision):
        fresh = broadcasts.load(ctx.tx, broadcast.id) or broadcast
        shown = preview(ctx, fresh, notice=ctx.say(f"broadcast_send.dead_{why}"))
        return [replace(shown[0], toast=ctx.say("broadcast_send.toast_dead")), *shown[1:]]
    if not again and (twin := broadcast_drafts.twin(ctx.tx, broadcast, since=ctx.now - FRESH)):
        return _ask_back(ctx, broadcast, twin=twin, revision=revision)
    return _confirm(ctx, broadcast)


def _confirm(ctx: Context, broadcast: Broadcast) -> list[Message]:
    """Write down whom it reaches and when it leaves, and show how it goes or until when it waits."""
    wanted = max(broadcast.starts_at or ctx.now, ctx.now)
    starts_at = above_limits.leaves_at(ctx, broadcast)
    ref = ctx.inbound.message_ref if starts_at <= ctx.now else ""
    audiences.write_down(ctx.tx, broadcast.id, audience=chosen_people(ctx, broadcast))
    broadcasts.confirm(ctx.tx, broadcast, starts_at=starts_at, now=ctx.now, urgent=False, progress_ref=ref)
    dialogues.close(ctx.tx, ctx.person.id)
    _note(
        ctx, "broadcast_confirmed", broadcast=broadcast, before="draft", after="held",
        people=broadcast.previewed_for,
    )  # fmt: skip
    confirmed = broadcasts.load(ctx.tx, broadcast.id) or broadcast
    if starts_at <= ctx.now:
        return ui.in_place(ctx, [report.progress(ctx.tx, ctx.desk_data, broadcast=confirmed, now=ctx.now)])
    return ui.in_place(ctx, [report.held_back(ctx, confirmed, waits=starts_at > wanted)])


def _find_reason(ctx: Context, broadcast: Broadcast, *, revision: int) -> str:
    """Why a preview can no longer be confirmed: changed, restart, old; "" when it can."""
    if broadcast.previewed_at is None or broadcast.revision != revision:
        return "changed"
    if broadcast.boot != ctx.desk_data.boot:
        return "restart"
    if ctx.now - broadcast.previewed_at > FRESH:
        return "old"
    if broadcast.starts_at is not None and broadcast.starts_at <= ctx.now:
        broadcast_drafts.set_time(ctx.tx, broadcast.id, starts_at=None)
        return "past"
    reach = audiences.reach(ctx.tx, chosen_people(ctx, broadcast))
    return "" if reach.reachable == broadcast.previewed_for else "people"


def _ask_back(ctx: Context, broadcast: Broadcast, *, twin: int, revision: int) -> list[Message]:
    same = audiences.shared(ctx.tx, twin, audience=chosen_people(ctx, broadcast))
    if not same:
        return go(ctx, broadcast, revision=revision, again=True)
    first = broadcasts.load(ctx.tx, twin)
    at = ctx.time(first.confirmed_at) if first and first.confirmed_at else ""
    text = ctx.say("broadcast_send.again", same=same, at=at)
    yes = Choice(ctx.say("broadcast_send.send_again"), buttons.BroadcastGo("yes", broadcast.id, revision))
    no = Choice(ctx.say("broadcast_send.off"), buttons.Broadcast("off", broadcast.id))
    return message(text, (yes,), (no,))


# held


def rush(ctx: Context, broadcast: Broadcast) -> list[Message]:
    """Send what is held at once: the second tap that overrides quiet hours."""
    if not broadcasts.hasten(ctx.tx, broadcast.id, now=ctx.now):
        return report.show(ctx, broadcast)
    left_at = utc_text(broadcast.starts_at) if broadcast.starts_at else None
    _note(ctx, "broadcast_hastened", broadcast=broadcast, before=left_at, after=utc_text(ctx.now))
    if ctx.inbound.message_ref and broadcast.state == "held":
        broadcasts.keep_progress(ctx.tx, broadcast.id, ref=ctx.inbound.message_ref, row=None, now=ctx.now)
    changed = broadcasts.load(ctx.tx, broadcast.id) or broadcast
    return ui.in_place(ctx, [report.progress(ctx.tx, ctx.desk_data, broadcast=changed, now=ctx.now)])


def recall(ctx: Context, broadcast: Broadcast) -> list[Message]:
    """Make a held announcement a draft again; it is not sent until it is confirmed anew."""
    if not broadcasts.recall(ctx.tx, broadcast.id):
        return report.show(ctx, broadcast)
    _note(ctx, "broadcast_recalled", broadcast=broadcast, before="held", after="draft")
    draft = broadcasts.load(ctx.tx, broadcast.id)
    return preview(ctx, draft, notice=ctx.say("broadcast_send.recalled")) if draft else []


def call_off(ctx: Context, broadcast: Broadcast) -> list[Message]:
    """Give up a draft or what is held."""
    if not broadcasts.cancel(ctx.tx, broadcast.id, now=ctx.now):
        return report.show(ctx, broadcast)
    dialogues.close(ctx.tx, ctx.person.id)
    _note(ctx, "broadcast_cancelled", broadcast=broadcast, before=broadcast.state, after="cancelled")
    new = Choice(ctx.say("broadcast.new"), buttons.NewBroadcast("new"))
    return ui.in_place(ctx, [Message(ctx.say("broadcast_send.called_off"), ((new,),))])


def send_again(ctx: Context, broadcast: Broadcast) -> list[Message]:
    """Send it once more to everybody of whom it is not known whether they have it."""
    if broadcast.state != "done" or not recipient_lists.counted(ctx.tx, broadcast.id, which="unknown"):
        return report.show(ctx, broadcast)
    people = recipients.send_again(ctx.tx, broadcast.id)
    broadcasts.go_on(ctx.tx, broadcast.id, progress_ref="", now=ctx.now)
    _note(ctx, "broadcast_repeated", broadcast=broadcast, before="done", after="running", people=people)
    return message(ctx.say("broadcast_send.sending_again", people=people))


def stop(ctx: Context, broadcast: Broadcast) -> list[Message]:
    """Stop a running one: whoever's message has not been handed over gets nothing."""
    if not broadcasts.stop(ctx.tx, broadcast.id):
        return report.show(ctx, broadcast)
    left_out = recipients.stop(ctx.tx, broadcast.id, now=ctx.now)
    _note(ctx, "broadcast_stopped", broadcast=broadcast, before="running", after="stopped", left_out=left_out)
    return message(ctx.say("broadcast_send.stopping", left_out=left_out), (_make_details(ctx, broadcast),))


def _note(ctx: Context, action: str, *, broadcast: Broadcast, **change: str | int | None) -> None:
    """Note in the audit what was done with an announcement, and how it stood before and stands now."""
    audit.record(ctx.tx, action, now=ctx.now, actor=ctx.person.id, broadcast=broadcast.id, **change)


def _make_details(ctx: Context, broadcast: Broadcast) -> Choice:
    return Choice(ctx.say("broadcast_report.details"), buttons.Broadcast("show", broadcast.id))
