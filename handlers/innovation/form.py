"""Filling in the form: reads the draft, lets the conversation respond, stores the turn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from domain import buttons
from domain.conversation import correction, rechecking
from domain.conversation.conversation import FREE_MOVES, open_at, resume, tap_of
from domain.conversation.cursor import Cursor
from domain.conversation.out_of_turn import Edited, answered_at
from domain.conversation.out_of_turn import corrected as keep_correction
from domain.conversation.pages import LIST
from domain.draft.facts import Said
from domain.message import Choice, Message
from domain.people import Right
from domain.review import State
from domain.texts import Marked
from handlers import ui
from handlers.context import Context, message
from handlers.innovation.form_said import heard, replied_to
from handlers.innovation.form_sheet import DIALOGUE, Sheet, laid_open, load_innovation, open_innovation
from handlers.innovation.form_turn import keep_at_closing, keep_turn, say_closed, take_turn
from storage import audit, cursors, dialogues, innovations, periods, review_marks
from storage.answer_messages import AnswerMessage
from storage.innovations import Innovation

CLOSING = ("send", "yes")  # the moves that hand in or discard, after which no form is open


def begin(ctx: Context, office_id: int) -> list[Message]:
    """Open a new draft of an office in the current period and ask the first question."""
    return not_yet(ctx) or opened(
        ctx, load_innovation(ctx, draft(ctx, office_id)), notice=ctx.say("form.begun")
    )


def not_yet(ctx: Context) -> list[Message]:
    """Return why no innovation can be begun today; nothing when one can."""
    period = periods.current(ctx.tx)
    if period is not None and ctx.today >= period.opens_on:
        return []
    text = ui.no_period(ctx)
    if period is not None:
        text = ctx.say("form.opens_later", year=period.year, opens=ctx.day(period.opens_on))
    return message(text, (Choice(ctx.say("opens.help"), buttons.Open("bantuan")),))


def draft(ctx: Context, office_id: int) -> int:
    """Make a draft of an office in the current period, or take its empty one; 0 while no period is open."""
    period = periods.current(ctx.tx)
    if period is None or ctx.today < period.opens_on:
        return 0
    for innovation in innovations.of_office(ctx.tx, office_id, period_id=period.id):
        if (
            innovation.is_draft
            and innovation.created_by == ctx.person.id
            and not innovations.answers(ctx.tx, innovation.id)
        ):
            return innovation.id
    return innovations.create(
        ctx.tx,
        innovations.NewInnovation(
            office_id=office_id,
            period_id=period.id,
            form_version=ctx.desk_data.form.version,
            rule_year=period.rule_year,
        ),
        by=ctx.person.id,
        now=ctx.now,
    )


def opened(ctx: Context, innovation: Innovation, *, notice: Marked) -> list[Message]:
    """Show a draft at the place where the person stands in it, its first question when that is nowhere
    yet.
    """
    return _show_again(ctx, laid_open(ctx, innovation), notice=notice)


def _show_again(ctx: Context, sheet: Sheet, *, notice: Marked) -> list[Message]:
    return keep_turn(ctx, sheet, turn=resume(sheet.facts, sheet.cursor, answers=sheet.answers, notice=notice))


def note_answers(ctx: Context, innovation_id: int, *, changes: Mapping[str, Any]) -> None:
    """Keep answers that were given elsewhere than at their question."""
    before = innovations.answers(ctx.tx, innovation_id)
    innovations.write(ctx.tx, innovation_id, changes=changes, before=before, by=ctx.person.id, now=ctx.now)


def go_on(ctx: Context, *, notice: str = "") -> list[Message]:
    """Show the open question again; nothing when no form is open."""
    innovation = open_innovation(ctx)
    sheet = laid_open(ctx, innovation) if innovation is not None else None
    return _show_again(ctx, sheet, notice=Marked(notice)) if sheet and sheet.is_writable else []


def show_list(ctx: Context, innovation: Innovation) -> list[Message]:
    """Open the task list of a draft."""
    sheet = laid_open(ctx, innovation)
    return keep_turn(ctx, sheet, turn=open_at(sheet.facts, sheet.cursor, answers=sheet.answers, place=LIST))


def correct(ctx: Context, innovation: Innovation, *, at: str = "") -> list[Message]:
    """Open the items the desk flagged: the one named, else the first."""
    route = review_marks.route(ctx.tx, innovation.id)
    if route is None:
        return show_list(ctx, innovation)
    sheet = laid_open(ctx, innovation)
    return keep_turn(
        ctx,
        sheet,
        turn=correction.enter(sheet.facts, sheet.cursor, answers=sheet.answers, route=route, at=at),
    )


def show_copy(ctx: Context, innovation_id: int, *, notice: Marked) -> list[Message]:
    """Show a copy that was just made: the rest is confirmed in one tap."""
    sheet = laid_open(ctx, load_innovation(ctx, innovation_id))
    return keep_turn(
        ctx, sheet, turn=rechecking.begin(sheet.facts, sheet.cursor, answers=sheet.answers, notice=notice)
    )


def look_again(ctx: Context, innovation_id: int, *, notice: Marked) -> list[Message]:
    """Open what has to be looked at again, else the task list."""
    sheet = laid_open(ctx, load_innovation(ctx, innovation_id))
    if not sheet.facts.recheck:
        return keep_turn(
            ctx,
            sheet,
            turn=open_at(sheet.facts, sheet.cursor, answers=sheet.answers, place=LIST, notice=notice),
        )
    return keep_turn(
        ctx, sheet, turn=rechecking.enter(sheet.facts, sheet.cursor, answers=sheet.answers, notice=notice)
    )


def asks_help(ctx: Context) -> list[Message]:
    """Explain the open question and ask it again; nothing when no form is open."""
    return _say_in_form(ctx, Said(action="help"), at_current=True)


def leaves(ctx: Context) -> list[Message]:
    """Leave the open form; the draft stays."""
    return _say_in_form(ctx, Said(action="leave"), at_current=True)


def _say_in_form(ctx: Context, said: Said, *, at_current: bool) -> list[Message]:
    innovation = open_innovation(ctx)
    if innovation is None:
        return []
    sheet = laid_open(ctx, innovation)
    if at_current:
        said = replace(said, at=sheet.cursor.at, revision=sheet.cursor.revision)
    return take_turn(ctx, sheet, said=said)


def said(ctx: Context) -> list[Message]:
    """Take what a person wrote, sent or shared while a form is open."""
    innovation = open_innovation(ctx)
    if innovation is None:
        dialogues.close(ctx.tx, ctx.person.id)
        return []
    sheet = laid_open(ctx, innovation)
    if not sheet.is_writable:
        return keep_at_closing(ctx, sheet, said=heard(ctx, sheet)) or say_closed(ctx, innovation)
    if (replied := replied_to(ctx, sheet)) is not None:
        at_place = replace(sheet, cursor=Cursor(at=replied.place, revision=sheet.cursor.revision))
        answer = heard(ctx, at_place)
        return keep_turn(
            ctx,
            sheet,
            turn=answered_at(sheet.facts, sheet.cursor, answers=sheet.answers, said=answer, replied=replied),
        )
    return take_turn(ctx, sheet, said=heard(ctx, sheet))


def corrected(ctx: Context, answer: AnswerMessage) -> list[Message]:
    """Take a message that was edited as the correction of the answer it became."""
    innovation = innovations.load(ctx.tx, answer.innovation_id)
    if innovation is None or not ctx.may(Right.SUBMIT, office=innovation.office_id):
        return []
    sheet = laid_open(ctx, innovation)
    if not sheet.is_writable:
        return say_closed(ctx, innovation)
    edited = Edited(answer.question, ctx.inbound.text, answer.before, answer.is_newest)
    turn = keep_correction(sheet.facts, sheet.cursor, answers=sheet.answers, edited=edited)
    return keep_turn(ctx, sheet, turn=turn)


def tapped(ctx: Context, button: buttons.Form) -> list[Message]:
    """Take a button of the form: its data is untrusted."""
    innovation = innovations.load(ctx.tx, button.innovation)
    if innovation is None or not ctx.may(Right.SUBMIT, office=innovation.office_id):
        audit.record(ctx.tx, "refused_button", now=ctx.now, actor=ctx.person.id, innovation=button.innovation)
        return _refuse_stale(ctx)
    said = Said(action=button.action, value=button.value, at=button.at, revision=button.revision)
    if _is_second_tap(ctx, innovation, said=said):
        return [Message("", toast=ctx.say("conversation.toast_double"))]
    is_open = ctx.state(DIALOGUE, dialogues.FormOpen) == dialogues.FormOpen(innovation.id)
    sheet = laid_open(ctx, innovation)
    if not sheet.is_writable:
        kept = keep_at_closing(ctx, sheet, said=said) if is_open else []
        return kept or say_closed(ctx, innovation)
    if said.action not in FREE_MOVES and not is_open:
        return _say_sent(ctx, innovation) or _refuse_stale(ctx)
    return take_turn(ctx, sheet, said=said)


def _is_second_tap(ctx: Context, innovation: Innovation, *, said: Said) -> bool:
    """Whether this tap closed the form just now: the answer to the first one says everything."""
    if said.action not in CLOSING or open_innovation(ctx) is not None:
        return False
    kept = cursors.load(ctx.tx, ctx.person.id, innovation_id=innovation.id)
    return bool(kept) and Cursor.from_json(kept).tapped == tap_of(said)


def _say_sent(ctx: Context, innovation: Innovation) -> list[Message]:
    """Say that it was handed in meanwhile, on the other phone perhaps; nothing of what was not."""
    if innovation.state != State.SENT or open_innovation(ctx) is not None:
        return []
    text = ctx.say("form.already_sent", title=innovation.title, receipt=innovation.receipt)
    way_on = (Choice(ctx.say("opens.innovations"), buttons.Open("inovasi")),)
    return [Message(text, (way_on,), toast=ctx.say("ui.toast_old"))]


def _refuse_stale(ctx: Context) -> list[Message]:
    """Say that the button belongs to an older message, and show the present place."""
    shown = go_on(ctx) if ctx.may(Right.SUBMIT) else []
    if shown:
        return [replace(shown[0], toast=ctx.say("conversation.toast_stale")), *shown[1:]]
    way_on = (
        Choice(ctx.say("opens.drafts"), buttons.Open("draf"))
        if ctx.may(Right.SUBMIT)
        else Choice(ctx.say("opens.help"), buttons.Open("bantuan"))
    )
    return [Message(ctx.say("form.nothing_open"), ((way_on,),), toast=ctx.say("ui.toast_old"))]
