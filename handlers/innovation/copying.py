"""Copying an innovation of an earlier period into this one, so that only what has changed is asked (F14)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from domain import buttons
from domain.draft import carry_over
from domain.draft.carry_over import REST
from domain.message import Choice, Message
from domain.people import Right
from domain.texts import Marked
from handlers.context import Context, message
from handlers.innovation import form
from storage import audit, copies, innovations, periods, rechecks, scores
from storage.copies import Earlier
from storage.innovations import Innovation
from storage.periods import Period

EVERY = 1000  # innovations of one office, more than there will be
SHOWN = 8  # innovations on one screen, the newest period first


def choices(ctx: Context) -> list[tuple[Choice, ...]]:
    """Make a button for each innovation of the office's earlier periods that has no copy in this one yet."""
    period = periods.current(ctx.tx)
    if period is None or ctx.today < period.opens_on:
        return []
    return [
        (Choice(ctx.say("copying.copy", title=earlier.title, year=earlier.year), buttons.Copy(earlier.id)),)
        for earlier in _list_earlier(ctx, period)
        if not earlier.copy
    ]


def _list_earlier(ctx: Context, period: Period) -> list[Earlier]:
    by_office = [copies.earlier(ctx.tx, o, period_id=period.id, limit=SHOWN) for o in ctx.person.offices]
    return [earlier for of_office in by_office for earlier in of_office][:SHOWN]


def may_be_copied(ctx: Context, source: Innovation, *, period: Period) -> bool:
    """Tell whether an innovation can be copied into a period now."""
    listed = copies.earlier(ctx.tx, source.office_id, period_id=period.id, limit=EVERY)
    return ctx.today >= period.opens_on and any(earlier.id == source.id for earlier in listed)


def offer(ctx: Context) -> list[Message]:
    """Let the person choose what to copy."""
    rows = choices(ctx)
    new = (Choice(ctx.say("submit.new"), buttons.NewDraft("new")),)
    return message(ctx.say("copying.choose" if rows else "copying.none"), *rows, new)


def listed(ctx: Context, button: buttons.CopyList) -> list[Message]:
    """Let the person choose what to copy."""
    return offer(ctx)


def tapped(ctx: Context, button: buttons.Copy) -> list[Message]:
    """Copy one; a second tap opens the copy that is there."""
    source = innovations.load(ctx.tx, button.source)
    if source is None or not ctx.may(Right.SUBMIT, office=source.office_id):
        audit.record(ctx.tx, "refused_button", now=ctx.now, actor=ctx.person.id)
        return offer(ctx)
    period = periods.current(ctx.tx)
    listed = copies.earlier(ctx.tx, source.office_id, period_id=period.id, limit=EVERY) if period else []
    listed_one = next((earlier for earlier in listed if earlier.id == source.id), None)
    if period is None or listed_one is None or ctx.today < period.opens_on:
        ctx.refuse("refused_move", innovation=source.id, move="copy", state=source.state)
        return offer(ctx)
    return (
        _show_copy(ctx, listed_one)
        if listed_one.copy
        else _copy(ctx, source, earlier=listed_one, period=period)
    )


def _show_copy(ctx: Context, earlier: Earlier) -> list[Message]:
    """Show the copy that was made before; right after a double tap that is the same page."""
    copy = innovations.load(ctx.tx, earlier.copy)
    if copy is None or not copy.is_draft:
        return offer(ctx)
    again = rechecks.open_places(ctx.tx, copy.id)
    if REST not in again:
        return form.show_list(ctx, copy)
    return form.show_copy(
        ctx,
        copy.id,
        notice=_say_moved(ctx, earlier, answers=innovations.answers(ctx.tx, copy.id), again=again),
    )


def _copy(ctx: Context, source: Innovation, *, earlier: Earlier, period: Period) -> list[Message]:
    """Open the copy: the same files, the same words, and a list of what has to be looked at again."""
    tx = ctx.tx
    by = ctx.person.id
    desk_data = ctx.desk_data
    moved = _carry_over(ctx, source, period=period)
    draft = innovations.NewInnovation(
        office_id=source.office_id,
        period_id=period.id,
        form_version=desk_data.form.version,
        rule_year=period.rule_year,
        copied_from=source.id,
    )
    number = innovations.create(tx, draft, by=by, now=ctx.now)
    innovations.write(tx, number, changes=moved.changes, before={}, by=by, now=ctx.now)
    rechecks.add(tx, number, places=moved.again)
    new = desk_data.indicators[period.rule_year]
    scores.keep(tx, number, answers=moved.changes, indicators=new, now=ctx.now)
    audit.record(tx, "innovation_copied", now=ctx.now, actor=by, innovation=number, source=source.id)
    return form.show_copy(
        ctx, number, notice=_say_moved(ctx, earlier, answers=moved.changes, again=moved.again)
    )


def _carry_over(ctx: Context, source: Innovation, *, period: Period) -> carry_over.Moved:
    """Bring the answers to the form and the rules of a period."""
    desk_data = ctx.desk_data
    return carry_over.copied(
        innovations.answers(ctx.tx, source.id),
        form=desk_data.form,
        window=desk_data.window(period.rule_year, period.window),
        old=desk_data.indicators_of(source),
        new=desk_data.indicators[period.rule_year],
    )


def _say_moved(
    ctx: Context, earlier: Earlier, *, answers: Mapping[str, Any], again: Mapping[str, str]
) -> Marked:
    pieces = sum(len(value) for name, value in answers.items() if name[:1] == "e" and name[1:].isdecimal())
    counts = {"answers": len(answers), "pieces": pieces, "again": len(again) - (REST in again)}
    return ctx.say("copying.copied", title=earlier.title, year=earlier.year, **counts)
