"""/ajukan: a new innovation, or going on with the one that lies there."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from domain import buttons
from domain.message import Choice, Message
from domain.texts import Marked, join
from handlers import ui
from handlers.context import Context, message
from handlers.innovation import coach, copying, form, which_office
from storage import innovations, periods
from storage.innovations import Innovation

JUST_NOW = timedelta(seconds=30)  # a second tap on "new" within this time opens no second draft


def submit(ctx: Context) -> list[Message]:
    """Offer to go on with a draft, or to copy what was brought before; else begin at once."""
    coach.leave(ctx)
    shown = _offer(ctx)
    return [replace(shown[0], text=join((_say_deadline_over(ctx), shown[0].text))), *shown[1:]]


def _say_deadline_over(ctx: Context) -> Marked:
    """Say that what is filled in now cannot be sent any more; nothing before the last day of the person's
    offices is over.
    """
    period = periods.current(ctx.tx)
    if period is None or not ctx.person.offices:
        return Marked("")
    last = max(periods.sendable_until(ctx.tx, period, office_id=office) for office in ctx.person.offices)
    if ctx.today <= last:
        return Marked("")
    return ctx.say("form.deadline_over", year=period.year, deadline=ctx.day(last), desk=ctx.desk)


def _offer(ctx: Context) -> list[Message]:
    open_drafts = drafts_of(ctx)
    if open_drafts and (open_drafts[-1].title or innovations.answers(ctx.tx, open_drafts[-1].id)):
        return offer(ctx, open_drafts[-1])
    return copying.offer(ctx) if copying.choices(ctx) else _begin(ctx)


def _begin(ctx: Context) -> list[Message]:
    """Begin at once; whoever serves several offices says for which."""
    if refusal := form.not_yet(ctx):
        return refusal
    served = ctx.person.offices
    return (
        _begin_with_help(ctx, served[0])
        if len(served) == 1
        else which_office.asked(ctx, lambda office: buttons.NewDraft("o", office))
    )


def drafts_of(ctx: Context) -> list[Innovation]:
    """List the open drafts of the person's offices in the present period, the last touched one last."""
    period = periods.current(ctx.tx)
    own = innovations.of_offices(ctx.tx, ctx.person.offices, period_id=period.id) if period else []
    return sorted(
        (innovation for innovation in own if innovation.is_draft), key=lambda draft: draft.updated_at
    )


def offer(ctx: Context, draft: Innovation, *, greeting: str = "") -> list[Message]:
    """Show what lies there: go on, look at it, or begin anew (F29)."""
    title = ui.title(ctx.say, draft.title)
    filled = len(innovations.answers(ctx.tx, draft.id))
    text = ctx.say("submit.lies_here", greeting=greeting, title=title, filled=filled)
    copy = ((Choice(ctx.say("opens.copying"), buttons.CopyList("list")),),) if copying.choices(ctx) else ()
    return message(
        text,
        (Choice(ctx.say("conversation.go_on"), buttons.Form(draft.id, "#list", 0, "go")),),
        (
            Choice(ctx.say("submit.look"), buttons.Form(draft.id, "#list", 0, "check")),
            Choice(ctx.say("submit.new"), buttons.NewDraft("new")),
        ),
        *copy,
    )


def tapped(ctx: Context, button: buttons.NewDraft) -> list[Message]:
    """Begin a new draft; a double tap begins one."""
    if button.of == "o" and button.office not in ctx.person.offices:
        return submit(ctx)
    latest = drafts_of(ctx)[-1:]
    if latest and not latest[0].title and ctx.now - latest[0].updated_at < JUST_NOW:
        return form.go_on(ctx) or offer(ctx, latest[0])
    return _begin_with_help(ctx, button.office) if button.of == "o" else _begin(ctx)


def _begin_with_help(ctx: Context, office_id: int) -> list[Message]:
    """Begin; who has brought nothing yet is offered help in finding something, unless they come from it."""
    empty_handed = coach.is_empty_handed(ctx)
    begun = form.begin(ctx, office_id)
    if not empty_handed or (ctx.dialogue is not None and ctx.dialogue.name == coach.DIALOGUE):
        return begun
    return [
        replace(begun[0], rows=(*begun[0].rows, (Choice(ctx.say("opens.coach"), buttons.Coach("start")),))),
        *begun[1:],
    ]
