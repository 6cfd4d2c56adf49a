"""A draft that follows the rules its period has now; nothing is lost (F33)."""

from __future__ import annotations

from domain import buttons
from domain.draft import carry_over
from domain.message import Message
from domain.people import Right
from handlers.context import Context
from handlers.innovation import form
from storage import audit, copies, innovations, periods, rechecks, scores
from storage.innovations import Innovation


def tapped(ctx: Context, button: buttons.FollowRules) -> list[Message]:
    """Let a draft follow the rules of its period."""
    innovation = innovations.load(ctx.tx, button.innovation)
    if innovation is None or not ctx.may(Right.SUBMIT, office=innovation.office_id):
        audit.record(ctx.tx, "refused_button", now=ctx.now, actor=ctx.person.id)
        return form.go_on(ctx)
    period = periods.load(ctx.tx, innovation.period_id)
    if button.rule_year != period.rule_year or not period.open:
        return form.show_list(ctx, innovation) if innovation.is_draft else form.go_on(ctx)
    return _follow(ctx, innovation, rule_year=period.rule_year)


def _follow(ctx: Context, innovation: Innovation, *, rule_year: int) -> list[Message]:
    old, new = ctx.desk_data.indicators_of(innovation), ctx.desk_data.indicators[rule_year]
    before, by = innovations.answers(ctx.tx, innovation.id), ctx.person.id
    years = {"old": innovation.rule_year, "new": rule_year}
    if years["old"] == years["new"] or not copies.move_rules(
        ctx.tx, innovation.id, **years, by=by, now=ctx.now
    ):
        return form.show_list(ctx, innovation) if innovation.is_draft else form.go_on(ctx)
    moved = carry_over.under(before, old, new=new)
    innovations.write(ctx.tx, innovation.id, changes=moved.changes, before=before, by=by, now=ctx.now)
    rechecks.add(ctx.tx, innovation.id, places=moved.again)
    after = {name: value for name, value in {**before, **moved.changes}.items() if value is not None}
    scores.keep(ctx.tx, innovation.id, answers=after, indicators=new, now=ctx.now)
    return form.look_again(ctx, innovation.id, notice=ctx.say("rule_change.moved", new=rule_year))
