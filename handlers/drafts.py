"""/draf: the task list of what is open, and what was discarded in the last seven days."""

from __future__ import annotations

from domain.message import Choice, Message
from domain.people import Right
from handlers import filling
from handlers.context import Button, Command, Context, message
from handlers.submit import drafts_of
from storage import audit, innovations, periods
from storage.innovations import UNDO_DISCARD, Innovation


def drafts(ctx: Context) -> list[Message]:
    """Open the only draft's task list, or let the person choose."""
    open_drafts, thrown = drafts_of(ctx), _discarded(ctx)
    if len(open_drafts) == 1 and not thrown:
        return filling.show_list(ctx, open_drafts[0])
    untitled = ctx.say("conversation.untitled")
    rows = [(Choice(d.title or untitled, f"f:{d.id}:#list:0:list"),) for d in reversed(open_drafts)]
    rows += [(Choice(ctx.say("drafts.take_back", title=d.title or untitled), f"d:back:{d.id}"),) for d in thrown]
    rows.append((Choice(ctx.say("submit.button" if not open_drafts else "submit.new"), "a:new"),))
    return message(ctx.say("drafts.choose" if open_drafts else "drafts.none"), *rows)


def _discarded(ctx: Context) -> list[Innovation]:
    period = periods.current(ctx.tx)
    if period is None:
        return []
    since = ctx.now - UNDO_DISCARD
    return [
        d
        for d in innovations.of_office(ctx.tx, ctx.person.office, period.id)
        if d.state == "draf" and d.discarded_at and d.discarded_at > since
    ]


def tapped(ctx: Context) -> list[Message]:
    """Take a discarded draft back."""
    action, _, number = ctx.args.partition(":")
    if action != "back" or not number.isdecimal():
        return drafts(ctx)
    innovation = innovations.load(ctx.tx, int(number))
    if innovation is None or not ctx.may(Right.SUBMIT, office=innovation.office_id):
        audit.record(ctx.tx, "refused_button", now=ctx.now, actor=ctx.person.id, innovation=int(number))
        return drafts(ctx)
    if innovation.discarded_at is None:
        return filling.show_list(ctx, innovation) if innovation.is_draft else drafts(ctx)
    if not innovations.take_back(ctx.tx, innovation.id, by=ctx.person.id, now=ctx.now):
        return message(ctx.say("drafts.too_late"), (Choice(ctx.say("submit.button"), "a:new"),))
    again = innovations.load(ctx.tx, innovation.id)
    return filling.show_list(ctx, again) if again else drafts(ctx)


COMMAND = Command("draf", "drafts", "drafts", Right.SUBMIT, drafts, leaves_form=True)
BUTTON = Button("d", Right.SUBMIT, tapped)
