"""/ajukan: a new innovation, or going on with the one that lies there."""

from __future__ import annotations

from datetime import timedelta

from domain.message import Choice, Message
from domain.people import Right
from handlers import filling
from handlers.context import Button, Command, Context, message
from storage import innovations, periods
from storage.innovations import Innovation

JUST_NOW = timedelta(seconds=30)  # a second tap on "new" within this time opens no second draft


def submit(ctx: Context) -> list[Message]:
    """Offer to go on with a draft, or begin at once where there is none."""
    open_drafts = drafts_of(ctx)
    return offer(ctx, open_drafts[-1]) if open_drafts else filling.begin(ctx)


def drafts_of(ctx: Context) -> list[Innovation]:
    """List the office's open drafts of the present period, the last touched one last."""
    period = periods.current(ctx.tx)
    if period is None or not ctx.person.office:
        return []
    mine = [d for d in innovations.of_office(ctx.tx, ctx.person.office, period.id) if d.is_draft]
    return sorted(mine, key=lambda draft: draft.updated_at)


def offer(ctx: Context, draft: Innovation, *, greeting: str = "") -> list[Message]:
    """Show what lies there: go on, look at it, or begin anew (F29)."""
    title = draft.title or ctx.say("conversation.untitled")
    filled = len(innovations.answers(ctx.tx, draft.id))
    text = ctx.say("submit.lies_here", greeting=greeting, title=title, filled=filled)
    return message(
        text,
        (Choice(ctx.say("conversation.go_on"), f"f:{draft.id}:#list:0:go"),),
        (Choice(ctx.say("submit.look"), f"f:{draft.id}:#list:0:check"), Choice(ctx.say("submit.new"), "a:new")),
    )


def tapped(ctx: Context) -> list[Message]:
    """Begin a new draft; a double tap begins one."""
    if ctx.args != "new":
        return submit(ctx)
    latest = drafts_of(ctx)[-1:]
    if latest and not latest[0].title and ctx.now - latest[0].updated_at < JUST_NOW:
        return filling.go_on(ctx) or offer(ctx, latest[0])
    return filling.begin(ctx)


COMMAND = Command("ajukan", "submit", "submit", Right.SUBMIT, submit, leaves_form=True)
BUTTON = Button("a", Right.SUBMIT, tapped)
