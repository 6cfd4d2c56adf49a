"""/siaran: announce something to the right people, in three steps, and hear what came of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from domain.message import Choice, Message
from domain.texts import join
from handlers.broadcast import audience, report, send, talk
from handlers.broadcast import text as broadcast_text
from handlers.broadcast.text import shortened
from handlers.context import Context, message, whole, whole_at
from storage import audit, broadcasts, contacts
from storage.broadcasts import Broadcast

Values = Sequence[str]
Act = Callable[[Context, Broadcast, Values], list[Message]]


def command(ctx: Context) -> list[Message]:
    """Begin, or offer what was begun; earlier ones are a tap away."""
    draft = broadcasts.draft_of(ctx.tx, ctx.person.id)
    earlier = [(choice,) for choice in report.newest(ctx)]
    if draft is None or not (draft.text or draft.attachment):
        if not earlier:
            return _new(ctx)
        contacts.close_dialogue(ctx.tx, ctx.person.id)
        return message(ctx.say("broadcast.earlier"), (Choice(ctx.say("broadcast.new"), "sr:new"),), *earlier)
    contacts.close_dialogue(ctx.tx, ctx.person.id)
    go_on = Choice(ctx.say("broadcast.go_on"), f"sr:text:{draft.id}")
    text = join(
        (ctx.say("broadcast.begun", text=shortened(draft.text)), ctx.say("broadcast.earlier") if earlier else "")
    )
    return message(text, (go_on,), (Choice(ctx.say("broadcast.new"), "sr:new"),), *earlier)


def _new(ctx: Context) -> list[Message]:
    """Begin anew; a draft that was lying there is given up."""
    draft = broadcasts.draft_of(ctx.tx, ctx.person.id)
    if draft is not None:
        broadcasts.cancel(ctx.tx, draft.id, now=ctx.now)
    inbound = ctx.inbound
    number = broadcasts.create(ctx.tx, by=ctx.person.id, channel=inbound.channel, address=inbound.address, now=ctx.now)
    opened = broadcasts.load(ctx.tx, number)
    return broadcast_text.ask(ctx, opened) if opened else []


def said(ctx: Context) -> list[Message]:
    """Take what is typed or sent while an announcement is being written."""
    state = ctx.dialogue.state if ctx.dialogue else {}
    broadcast = broadcasts.load(ctx.tx, int(state.get("broadcast", 0)))
    if broadcast is None or broadcast.state != "draft" or broadcast.contact_id != ctx.person.id:
        contacts.close_dialogue(ctx.tx, ctx.person.id)
        return command(ctx)
    step = state.get("at")
    if step == "time":
        return send.time_said(ctx, broadcast)
    if step == "audience":
        return audience.typed(ctx, broadcast)
    if step == "preview":
        return send.preview(ctx, broadcast, notice=ctx.say("broadcast.use_buttons"))
    if stands := broadcast_text.take(ctx, broadcast):
        return stands
    return _onward(ctx, broadcast)


def _onward(ctx: Context, broadcast: Broadcast) -> list[Message]:
    """After the text: choose who gets it, or look again where that is chosen already."""
    changed = broadcasts.load(ctx.tx, broadcast.id) or broadcast
    if changed.follows or not changed.audience.is_empty:
        return send.preview(ctx, changed)
    return audience.screen(ctx, changed, in_place=False)


def tapped(ctx: Context) -> list[Message]:
    """Take a button: what it names is looked up anew, and a draft is its writer's own."""
    action, _, rest = ctx.args.partition(":")
    number, *values = rest.split(":")
    if action == "new":
        return _new(ctx)
    if action == "j":
        return talk.ask_answer(ctx, whole(number)) or _nothing(ctx)
    broadcast = broadcasts.load(ctx.tx, whole(number))
    if broadcast is None:
        return _nothing(ctx)
    if act := OF_DRAFT.get(action):
        if broadcast.state != "draft":
            return report.show(ctx, broadcast)
        if broadcast.contact_id != ctx.person.id:
            audit.record(ctx.tx, "refused_button", now=ctx.now, actor=ctx.person.id, broadcast=broadcast.id)
            return _nothing(ctx)
        return act(ctx, broadcast, values)
    if act := OF_SENT.get(action):
        return act(ctx, broadcast, values)
    return _nothing(ctx)


def _nothing(ctx: Context) -> list[Message]:
    rows = ((Choice(ctx.say("broadcast.new"), "sr:new"),), *((choice,) for choice in report.newest(ctx)))
    return [Message(ctx.say("broadcast_report.gone"), rows, toast=ctx.say("help.toast_old"))]


def _word(values: Values) -> str:
    return values[0] if values else ""


def _as_is(ctx: Context, broadcast: Broadcast, _: Values) -> list[Message]:
    broadcasts.set_literal(ctx.tx, broadcast.id)
    return _onward(ctx, broadcast)


def _bare(ctx: Context, broadcast: Broadcast, _: Values) -> list[Message]:
    broadcasts.set_attachment(ctx.tx, broadcast.id, None)
    bare = broadcasts.load(ctx.tx, broadcast.id) or broadcast
    return broadcast_text.ask(ctx, bare, notice=ctx.say("broadcast.bare"))


def _to(ctx: Context, broadcast: Broadcast, _: Values) -> list[Message]:
    if stands := broadcast_text.against(ctx, broadcast):
        return stands
    if broadcast.follows:
        return send.preview(ctx, broadcast)
    return audience.screen(ctx, broadcast)


def _follow(ctx: Context, broadcast: Broadcast, _: Values) -> list[Message]:
    draft = broadcasts.draft_of(ctx.tx, ctx.person.id)
    if draft is not None and not draft.text:
        broadcasts.cancel(ctx.tx, draft.id, now=ctx.now)
    elif draft is not None:
        return message(
            ctx.say("broadcast.finish_first", text=shortened(draft.text)),
            (Choice(ctx.say("broadcast.go_on"), f"sr:text:{draft.id}"),),
            (Choice(ctx.say("broadcast_send.off"), f"sr:off:{draft.id}"),),
        )
    reminder = report.follow(ctx, broadcast)
    if reminder is None:
        details = Choice(ctx.say("broadcast_report.details"), f"sr:show:{broadcast.id}")
        return message(ctx.say("broadcast.all_read"), (details,))
    return send.preview(ctx, reminder)


OF_DRAFT: dict[str, Act] = {
    "text": lambda ctx, one, _: broadcast_text.ask(ctx, one),
    "bare": _bare,
    "asis": _as_is,
    "to": _to,
    "r": lambda ctx, one, values: audience.toggle(ctx, one, "r", _word(values)),
    "k": lambda ctx, one, values: audience.toggle(ctx, one, "k", _word(values)),
    "s": lambda ctx, one, values: audience.toggle(ctx, one, "s", _word(values)),
    "ol": lambda ctx, one, values: audience.office_list(ctx, one, whole_at(values)),
    "o": lambda ctx, one, values: audience.turn_office(ctx, one, whole_at(values), whole_at(values, 1)),
    "who": lambda ctx, one, values: audience.people(ctx, one, whole_at(values)),
    "see": lambda ctx, one, _: send.preview(ctx, one),
    "go": lambda ctx, one, values: send.go(ctx, one, whole_at(values)),
    "yes": lambda ctx, one, values: send.go(ctx, one, whole_at(values), again=True),
    "when": lambda ctx, one, _: send.ask_time(ctx, one),
    "at": lambda ctx, one, values: send.time_tapped(ctx, one, _word(values)),
    "now": lambda ctx, one, _: send.at_once(ctx, one),
}
OF_SENT: dict[str, Act] = {
    "rush": lambda ctx, one, _: send.rush(ctx, one),
    "edit": lambda ctx, one, _: send.recall(ctx, one),
    "off": lambda ctx, one, _: send.call_off(ctx, one),
    "stop": lambda ctx, one, _: send.stop(ctx, one),
    "show": lambda ctx, one, _: report.shown_again(ctx, one),
    "l": lambda ctx, one, values: report.recipient_list(ctx, one, _word(values), whole_at(values, 1)),
    "x": lambda ctx, one, values: report.export(ctx, one, _word(values)),
    "in": lambda ctx, one, values: report.letters(ctx, one, whole_at(values)),
    "f": _follow,
}
