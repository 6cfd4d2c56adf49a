"""/siaran: write an announcement (audience, text, preview), send it, and see its report."""

from __future__ import annotations

from collections.abc import Callable

from domain import buttons
from domain.message import Choice, Message
from domain.reading.remarks import without_courtesies
from domain.texts import join, listed
from domain.typed_choice import Reads
from handlers.broadcast import (
    above_limits,
    audience,
    of_colleague,
    recipient_list,
    report,
    send,
    start_time,
    written_back,
)
from handlers.broadcast import text as broadcast_text
from handlers.broadcast.text import beginning
from handlers.context import Context, message
from storage import audit, broadcast_drafts, broadcasts, dialogues
from storage.broadcasts import Broadcast

Act = Callable[[Context, Broadcast], list[Message]]


def command(ctx: Context) -> list[Message]:
    """Begin, or offer what was begun; earlier ones are a tap away."""
    draft = broadcasts.draft_of(ctx.tx, ctx.person.id)
    earlier = [(choice,) for choice in report.newest(ctx)]
    if draft is None or not (draft.text or draft.attachment):
        if not earlier:
            return _begin_new(ctx)
        dialogues.close(ctx.tx, ctx.person.id)
        return message(
            ctx.say("broadcast.earlier"),
            (Choice(ctx.say("broadcast.new"), buttons.NewBroadcast("new")),),
            *earlier,
        )
    dialogues.close(ctx.tx, ctx.person.id)
    go_on = Choice(ctx.say("broadcast.go_on"), buttons.Broadcast("text", draft.id))
    text = join(
        (
            ctx.say("broadcast.begun", text=beginning(draft.text)),
            ctx.say("broadcast.earlier") if earlier else "",
        )
    )
    return message(text, (go_on,), (Choice(ctx.say("broadcast.new"), buttons.NewBroadcast("new")),), *earlier)


def _begin_new(ctx: Context) -> list[Message]:
    """Begin anew; a draft that was lying there is given up."""
    draft = broadcasts.draft_of(ctx.tx, ctx.person.id)
    if draft is not None:
        broadcasts.cancel(ctx.tx, draft.id, now=ctx.now)
    inbound = ctx.inbound
    number = broadcast_drafts.create(
        ctx.tx, by=ctx.person.id, channel=inbound.channel, address=inbound.address, now=ctx.now
    )
    opened = broadcasts.load(ctx.tx, number)
    return broadcast_text.ask(ctx, opened) if opened else []


def _says_done(ctx: Context) -> bool:
    """Whether a text says that the recipients are chosen, in either language; the preview sends nothing."""
    text = without_courtesies(ctx.inbound.text.strip().casefold().rstrip(".!"))
    return text in listed(ctx.desk_data.words, "broadcast_audience.typed_done")


def said(ctx: Context) -> list[Message]:
    """Take what is typed or sent while an announcement is being written."""
    writing = ctx.state(broadcast_text.DIALOGUE, broadcast_text.Writing) or broadcast_text.Writing()
    broadcast = broadcasts.load(ctx.tx, writing.broadcast)
    if broadcast is None or broadcast.state != "draft" or broadcast.contact_id != ctx.person.id:
        dialogues.close(ctx.tx, ctx.person.id)
        return command(ctx)
    at = writing.at
    if at == "time":
        return start_time.time_said(ctx, broadcast)
    if at == "urgent":
        return _marked_urgent(ctx, broadcast)
    if at == "audience":
        return send.preview(ctx, broadcast) if _says_done(ctx) else audience.typed(ctx, broadcast)
    if at == "preview":
        return send.preview(ctx, broadcast, notice=ctx.say("broadcast.use_buttons"))
    if at == "file" and ctx.inbound.file is None:
        return broadcast_text.file_typed(ctx, broadcast) or _go_on(ctx, broadcast)
    if stands := broadcast_text.take(ctx, broadcast):
        return stands
    return _go_on(ctx, broadcast)


def reads(ctx: Context) -> Reads:
    """Say what the open question takes besides its choices."""
    writing = ctx.state(broadcast_text.DIALOGUE, broadcast_text.Writing) or broadcast_text.Writing()
    return Reads.NAMES if writing.at in ("time", "audience", "preview", "file") else Reads.TEXT


def is_name(ctx: Context) -> bool:
    """Whether what was typed names an office or a group, or a step is open that asks for none."""
    writing = ctx.state(broadcast_text.DIALOGUE, broadcast_text.Writing) or broadcast_text.Writing()
    return writing.at != "audience" or audience.is_name(ctx)


def takes_files(ctx: Context) -> bool:
    """Whether the open question takes a file: while its text or its file is asked for."""
    writing = ctx.state(broadcast_text.DIALOGUE, broadcast_text.Writing) or broadcast_text.Writing()
    return writing.at not in ("time", "urgent", "audience", "preview")


def _marked_urgent(ctx: Context, broadcast: Broadcast) -> list[Message]:
    """Take the reason that was typed; the preview says it before anything is sent."""
    if asked := above_limits.take_reason(ctx, broadcast):
        return asked
    return send.preview(ctx, broadcasts.load(ctx.tx, broadcast.id) or broadcast)


def _go_on(ctx: Context, broadcast: Broadcast) -> list[Message]:
    """After the text: choose who gets it, or look again where that is chosen already."""
    changed = broadcasts.load(ctx.tx, broadcast.id) or broadcast
    if changed.follows or not changed.audience.is_empty:
        return send.preview(ctx, changed)
    return audience.screen(ctx, changed, in_place=False)


Page = (
    buttons.Broadcast
    | buttons.BroadcastGo
    | buttons.BroadcastPage
    | buttons.BroadcastGroup
    | buttons.BroadcastOffice
    | buttons.BroadcastFile
    | buttons.BroadcastTime
    | buttons.BroadcastRecipients
    | buttons.BroadcastExport
)


def begun(ctx: Context, button: buttons.NewBroadcast) -> list[Message]:
    """Begin anew."""
    return _begin_new(ctx)


def answering(ctx: Context, button: buttons.BroadcastAnswer) -> list[Message]:
    """Ask for the answer to what somebody wrote back."""
    return written_back.ask_answer(ctx, button.comment) or _say_gone(ctx)


def tapped(ctx: Context, button: Page) -> list[Message]:
    """Take a button: what it names is looked up anew, and a draft is its writer's own."""
    broadcast = broadcasts.load(ctx.tx, button.broadcast)
    if broadcast is None:
        return _say_gone(ctx)
    if not _is_of_draft(button):
        return _act_on_sent(ctx, broadcast, button=button)
    if broadcast.state != "draft":
        return report.show(ctx, broadcast)
    if broadcast.contact_id != ctx.person.id:
        audit.record(ctx.tx, "refused_button", now=ctx.now, actor=ctx.person.id, broadcast=broadcast.id)
        return _say_gone(ctx)
    return _act_on_draft(ctx, broadcast, button=button)


def _is_of_draft(button: Page) -> bool:
    match button:
        case buttons.Broadcast():
            return button.act in DRAFT_ACTS
        case buttons.BroadcastPage():
            return button.of != "in"
        case buttons.BroadcastRecipients() | buttons.BroadcastExport():
            return False
    return True


def _say_gone(ctx: Context) -> list[Message]:
    rows = (
        (Choice(ctx.say("broadcast.new"), buttons.NewBroadcast("new")),),
        *((choice,) for choice in report.newest(ctx)),
    )
    return [Message(ctx.say("broadcast_report.gone"), rows, toast=ctx.say("ui.toast_old"))]


def _keep_as_is(ctx: Context, broadcast: Broadcast) -> list[Message]:
    broadcast_drafts.set_literal(ctx.tx, broadcast.id)
    return _go_on(ctx, broadcast)


def _remove_file(ctx: Context, broadcast: Broadcast) -> list[Message]:
    broadcast_drafts.set_attachment(ctx.tx, broadcast.id, attachment=None)
    bare = broadcasts.load(ctx.tx, broadcast.id) or broadcast
    return broadcast_text.ask(ctx, bare, notice=ctx.say("broadcast.bare"))


def _choose_recipients(ctx: Context, broadcast: Broadcast) -> list[Message]:
    if stands := broadcast_text.against(ctx, broadcast):
        return stands
    if broadcast.follows:
        return send.preview(ctx, broadcast)
    return audience.screen(ctx, broadcast)


def _follow(ctx: Context, broadcast: Broadcast) -> list[Message]:
    draft = broadcasts.draft_of(ctx.tx, ctx.person.id)
    if draft is not None and not draft.text:
        broadcasts.cancel(ctx.tx, draft.id, now=ctx.now)
    elif draft is not None:
        return message(
            ctx.say("broadcast.finish_first", text=beginning(draft.text)),
            (Choice(ctx.say("broadcast.go_on"), buttons.Broadcast("text", draft.id)),),
            (Choice(ctx.say("broadcast_send.off"), buttons.Broadcast("off", draft.id)),),
        )
    reminder = report.follow(ctx, broadcast)
    if reminder is None:
        details = Choice(ctx.say("broadcast_report.details"), buttons.Broadcast("show", broadcast.id))
        return message(ctx.say("broadcast.all_read"), (details,))
    return send.preview(ctx, reminder)


DRAFT_ACTS: dict[str, Act] = {
    "text": broadcast_text.ask,
    "bare": _remove_file,
    "asis": _keep_as_is,
    "to": _choose_recipients,
    "see": send.preview,
    "when": start_time.ask_time,
    "now": start_time.at_once,
    "urgent": above_limits.ask_reason,
}
SENT_ACTS: dict[str, Act] = {
    "rush": of_colleague.rush,
    "rush_yes": of_colleague.rush_confirmed,
    "edit": of_colleague.edit,
    "take": of_colleague.take_over,
    "off": of_colleague.call_off,
    "off_yes": of_colleague.call_off_confirmed,
    "stop": of_colleague.stop,
    "again": send.send_again,
    "show": report.shown_again,
    "f": _follow,
}


def _act_on_draft(ctx: Context, broadcast: Broadcast, *, button: Page) -> list[Message]:
    """Do what a button of a draft names."""
    match button:
        case buttons.Broadcast(act=act):
            return DRAFT_ACTS[act](ctx, broadcast)
        case buttons.BroadcastGo(act=act, revision=revision):
            return send.go(ctx, broadcast, revision=revision, again=act == "yes")
        case buttons.BroadcastGroup(of=of, value=value):
            return audience.toggle(ctx, broadcast, action=of, value=value)
        case buttons.BroadcastOffice(office=office, page=page):
            return audience.turn_office(ctx, broadcast, office_id=office, page=page)
        case buttons.BroadcastFile(number=number):
            return broadcast_text.file_chosen(ctx, broadcast, number=number) or _go_on(ctx, broadcast)
        case buttons.BroadcastTime(moment=moment):
            return start_time.time_tapped(ctx, broadcast, value=moment)
        case buttons.BroadcastPage(of="ol", page=page):
            return audience.office_list(ctx, broadcast, page=page)
        case buttons.BroadcastPage(of="kl"):
            return audience.group_list(ctx, broadcast)
        case buttons.BroadcastPage(page=page):
            return audience.people(ctx, broadcast, page=page)
    return _say_gone(ctx)


def _act_on_sent(ctx: Context, broadcast: Broadcast, *, button: Page) -> list[Message]:
    """Do what a button of one that is on its way, or has arrived, names."""
    match button:
        case buttons.Broadcast(act=act):
            return SENT_ACTS[act](ctx, broadcast)
        case buttons.BroadcastRecipients(which=which, page=page):
            return recipient_list.show(ctx, broadcast, which=which, page=page)
        case buttons.BroadcastExport(kind=kind):
            return recipient_list.export(ctx, broadcast, kind=kind)
        case buttons.BroadcastPage(page=page):
            return report.comments(ctx, broadcast, page=page)
    return _say_gone(ctx)
