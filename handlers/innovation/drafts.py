"""/draf: the task list of what is open, and what was discarded in the last seven days."""

from __future__ import annotations

from domain import buttons
from domain.message import Choice, Message
from domain.people import Right
from domain.review import State
from domain.texts import join
from handlers import ui
from handlers.context import Context, message
from handlers.innovation import closed_draft, form, returned
from handlers.innovation.submit import drafts_of
from storage import audit, discarding, innovations, periods
from storage.discarding import UNDO_DISCARD
from storage.innovations import Innovation


def drafts(ctx: Context) -> list[Message]:
    """Open the only draft's task list, or let the person choose."""
    if periods.current(ctx.tx) is None:
        return _show_kept(ctx)
    open_drafts, thrown = drafts_of(ctx), _list_discarded(ctx)
    fixes = returned.ways(ctx)
    over = list(closed_draft.ways(ctx))
    if len(open_drafts) == 1 and not (thrown or fixes or over):
        return form.show_list(ctx, open_drafts[0])
    rows = fixes + [
        (Choice(ui.title(ctx.say, d.title), buttons.Form(d.id, "#list", 0, "list")),)
        for d in reversed(open_drafts)
    ]
    rows += [
        (Choice(ctx.say("drafts.take_back", title=ui.title(ctx.say, d.title)), buttons.TakeBackDraft(d.id)),)
        for d in thrown
    ]
    rows += over
    rows.append(
        (Choice(ctx.say("opens.submit" if not open_drafts else "submit.new"), buttons.NewDraft("new")),)
    )
    text = ctx.say("drafts.choose" if open_drafts or fixes or over else "drafts.none")
    return message(text, *rows)


def _show_kept(ctx: Context) -> list[Message]:
    """Say what lies there while no period is open; what the desk has sent back may still be corrected."""
    help_button = (Choice(ctx.say("opens.help"), buttons.Open("bantuan")),)
    mend, lying = returned.ways(ctx), closed_draft.ways(ctx)
    if not lying:
        return message(ctx.say("drafts.choose") if mend else ui.no_period(ctx), *mend, help_button)
    said = (ui.closing(ctx, periods.every(ctx.tx)[0]), ctx.say("drafts.kept", desk=ctx.desk))
    return message(join(said, by="\n"), *mend, *lying, help_button)


def _list_discarded(ctx: Context) -> list[Innovation]:
    period = periods.current(ctx.tx)
    if period is None:
        return []
    since = ctx.now - UNDO_DISCARD
    own = innovations.of_offices(ctx.tx, ctx.person.offices, period_id=period.id)
    return [
        innovation
        for innovation in own
        if innovation.state == State.DRAFT and innovation.discarded_at and innovation.discarded_at > since
    ]


def tapped(ctx: Context, button: buttons.TakeBackDraft) -> list[Message]:
    """Take a discarded draft back."""
    innovation = innovations.load(ctx.tx, button.innovation)
    if innovation is None or not ctx.may(Right.SUBMIT, office=innovation.office_id):
        audit.record(ctx.tx, "refused_button", now=ctx.now, actor=ctx.person.id, innovation=button.innovation)
        return drafts(ctx)
    if innovation.discarded_at is None:
        return form.show_list(ctx, innovation) if innovation.is_draft else drafts(ctx)
    if not discarding.take_back(ctx.tx, innovation.id, by=ctx.person.id, now=ctx.now):
        ctx.refuse("refused_move", innovation=innovation.id, move="take_back", state=innovation.state)
        return message(
            ctx.say("drafts.too_late"), (Choice(ctx.say("opens.submit"), buttons.NewDraft("new")),)
        )
    again = innovations.load(ctx.tx, innovation.id)
    return form.show_list(ctx, again) if again else drafts(ctx)
