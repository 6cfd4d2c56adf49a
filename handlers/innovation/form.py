"""Filling in the form: reads the draft, takes a step of the conversation, stores its result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from domain import buttons
from domain.conversation import contested, correction, rechecking
from domain.conversation.contested import OtherAnswer
from domain.conversation.conversation import (
    FREE_MOVES,
    open_at,
    resume,
    step,
    tap_of,
    typed_action,
)
from domain.conversation.cursor import Cursor, Turn
from domain.conversation.out_of_turn import Edited, answered_at
from domain.conversation.out_of_turn import corrected as keep_correction
from domain.conversation.pages import LIST
from domain.draft.facts import Said
from domain.message import (
    Choice,
    Kind,
    Message,
)
from domain.people import Right
from domain.review import OPEN, State
from domain.texts import Marked, join
from handlers import ui
from handlers.context import Context, message
from handlers.innovation import counting_news, form_news, hand_in, same_file
from handlers.innovation.form_said import heard, replied_to
from handlers.innovation.form_sheet import DIALOGUE, Sheet, laid_open, load_innovation, open_innovation
from storage import (
    answer_messages,
    audit,
    contacts,
    cursors,
    dialogues,
    history,
    innovations,
    periods,
    rechecks,
    review_marks,
    scores,
)
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
    return _keep_step(
        ctx, sheet, turn=resume(sheet.facts, sheet.cursor, answers=sheet.answers, notice=notice)
    )


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
    return _keep_step(ctx, sheet, turn=open_at(sheet.facts, sheet.cursor, answers=sheet.answers, place=LIST))


def correct(ctx: Context, innovation: Innovation, *, at: str = "") -> list[Message]:
    """Open the items the desk flagged: the one named, else the first."""
    route = review_marks.route(ctx.tx, innovation.id)
    if route is None:
        return show_list(ctx, innovation)
    sheet = laid_open(ctx, innovation)
    return _keep_step(
        ctx,
        sheet,
        turn=correction.enter(sheet.facts, sheet.cursor, answers=sheet.answers, route=route, at=at),
    )


def show_copy(ctx: Context, innovation_id: int, *, notice: Marked) -> list[Message]:
    """Show a copy that was just made: the rest is confirmed in one tap."""
    sheet = laid_open(ctx, load_innovation(ctx, innovation_id))
    return _keep_step(
        ctx, sheet, turn=rechecking.begin(sheet.facts, sheet.cursor, answers=sheet.answers, notice=notice)
    )


def look_again(ctx: Context, innovation_id: int, *, notice: Marked) -> list[Message]:
    """Open what has to be looked at again, else the task list."""
    sheet = laid_open(ctx, load_innovation(ctx, innovation_id))
    if not sheet.facts.recheck:
        return _keep_step(
            ctx,
            sheet,
            turn=open_at(sheet.facts, sheet.cursor, answers=sheet.answers, place=LIST, notice=notice),
        )
    return _keep_step(
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
    return _step(ctx, sheet, said=said)


def said(ctx: Context) -> list[Message]:
    """Take what a person wrote, sent or shared while a form is open."""
    innovation = open_innovation(ctx)
    if innovation is None:
        dialogues.close(ctx.tx, ctx.person.id)
        return []
    sheet = laid_open(ctx, innovation)
    if not sheet.is_writable:
        return _keep_at_closing(ctx, sheet, said=heard(ctx, sheet)) or _say_closed(ctx, innovation)
    if (replied := replied_to(ctx, sheet)) is not None:
        at_place = replace(sheet, cursor=Cursor(at=replied.place, revision=sheet.cursor.revision))
        answer = heard(ctx, at_place)
        return _keep_step(
            ctx,
            sheet,
            turn=answered_at(sheet.facts, sheet.cursor, answers=sheet.answers, said=answer, replied=replied),
        )
    return _step(ctx, sheet, said=heard(ctx, sheet))


def corrected(ctx: Context, answer: AnswerMessage) -> list[Message]:
    """Take a message that was edited as the correction of the answer it became."""
    innovation = innovations.load(ctx.tx, answer.innovation_id)
    if innovation is None or not ctx.may(Right.SUBMIT, office=innovation.office_id):
        return []
    sheet = laid_open(ctx, innovation)
    if not sheet.is_writable:
        return _say_closed(ctx, innovation)
    edited = Edited(answer.question, ctx.inbound.text, answer.before, answer.is_newest)
    turn = keep_correction(sheet.facts, sheet.cursor, answers=sheet.answers, edited=edited)
    return _keep_step(ctx, sheet, turn=turn)


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
        kept = _keep_at_closing(ctx, sheet, said=said) if is_open else []
        return kept or _say_closed(ctx, innovation)
    if said.action not in FREE_MOVES and not is_open:
        return _say_sent(ctx, innovation) or _refuse_stale(ctx)
    return _step(ctx, sheet, said=said)


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


def _step(ctx: Context, sheet: Sheet, *, said: Said) -> list[Message]:
    turn = step(sheet.facts, sheet.cursor, answers=sheet.answers, said=said)
    if (other := _answered_meanwhile(ctx, sheet, turn=turn)) is not None:
        changes = turn.changes
        turn = contested.asked(sheet.facts, sheet.cursor, answers=sheet.answers, changes=changes, other=other)
        return _keep_step(ctx, sheet, turn=turn)
    if sheet.facts.returned and (route := review_marks.route(ctx.tx, sheet.innovation.id)):
        action = said.action or typed_action(said.text, sheet.facts)
        turn = correction.go_on(
            sheet.facts, sheet.cursor, turn=turn, answers=sheet.answers, route=route, action=action
        )
    elif sheet.facts.recheck:
        action = said.action or typed_action(said.text, sheet.facts)
        turn, seen = rechecking.go_on(
            sheet.facts, sheet.cursor, turn=turn, answers=sheet.answers, action=action
        )
        rechecks.seen(ctx.tx, sheet.innovation.id, place=seen)
    return _keep_step(ctx, sheet, turn=turn)


def _answered_meanwhile(ctx: Context, sheet: Sheet, *, turn: Turn) -> OtherAnswer | None:
    """Find whose answer a step would replace that this person has not been shown; None when there is none."""
    place = contested.place_of(turn, sheet.facts)
    if not place or place != sheet.cursor.at or sheet.newest <= sheet.cursor.seen:
        return None
    number, seen = sheet.innovation.id, sheet.cursor.seen
    change = history.changed_by_another(ctx.tx, number, question=place, since=seen, than=ctx.person.id)
    return OtherAnswer(contacts.name_of(ctx.tx, change[0]), ctx.time(change[1])) if change else None


def _keep_step(ctx: Context, sheet: Sheet, *, turn: Turn) -> list[Message]:
    """Keep the answers, the score and the cursor that a step changed; returns its messages."""
    tx = ctx.tx
    person = ctx.person
    innovation = sheet.innovation
    news = _keep(ctx, sheet, changes=turn.changes) if turn.changes else Marked("")
    cursor = replace(turn.cursor, seen=history.newest(tx, innovation.id) if turn.changes else sheet.newest)
    cursors.keep(tx, person.id, innovation_id=innovation.id, state=cursor.to_json(), now=ctx.now)
    if turn.outcome:
        dialogues.close(tx, person.id)
    else:
        _keep_open(ctx, innovation.id)
    if turn.outcome == "send":
        return hand_in.send(ctx, innovation, answers=sheet.answers, facts=sheet.facts)
    if turn.outcome == "discard":
        return hand_in.discard(ctx, innovation)
    messages = list(turn.messages)
    if news and messages:
        messages[0] = replace(messages[0], text=join((news, Marked(messages[0].text))))
    if turn.in_place:
        messages = ui.in_place(ctx, messages)
    stand = form_news.Stand(innovation, sheet.answers, sheet.facts)
    return [*form_news.news(ctx, stand, rule_year=sheet.period.rule_year), *messages]


def _keep(ctx: Context, sheet: Sheet, *, changes: Mapping[str, Any]) -> Marked:
    """Write what changed with everything that follows from it: the score, the queue, the desk's notices.

    Returns what there is to say of it: that it went back to the desk, that it does not count any more.
    """
    tx = ctx.tx
    by = ctx.person.id
    innovation = sheet.innovation
    counted_before = counting_news.reason_now(tx, innovation)
    innovations.write(tx, innovation.id, changes=changes, before=sheet.answers, by=by, now=ctx.now)
    if ctx.inbound.kind in (Kind.TEXT, Kind.EDITED) and ctx.inbound.message_ref and len(changes) == 1:
        origin = (ctx.inbound.channel, ctx.inbound.address, ctx.inbound.message_ref)
        answer_messages.note(tx, innovation.id, question=next(iter(changes)), sent=origin, now=ctx.now)
    by_question = sheet.facts.indicators.by_question
    numbers = sorted({by_question[question].no for question in changes if question in by_question})
    sent = innovation.state != State.DRAFT
    reopened = innovations.reopen(tx, innovation, indicators=numbers, by=by, now=ctx.now) if sent else False
    if numbers:
        after = {name: value for name, value in {**sheet.answers, **changes}.items() if value is not None}
        scores.keep(tx, innovation.id, answers=after, indicators=sheet.facts.indicators, now=ctx.now)
    same_file.tell(ctx, innovation, before=sheet.answers, changes=changes)
    counting = counting_news.after_edit(ctx, innovation, before=counted_before)
    return join((ctx.say("form.reopened") if reopened else "", counting), by="\n")


def _keep_open(ctx: Context, innovation_id: int) -> None:
    opened = dialogues.FormOpen(innovation_id)
    if ctx.state(DIALOGUE, dialogues.FormOpen) != opened:
        dialogues.begin(ctx.tx, ctx.person.id, name=DIALOGUE, state=opened)


def _keep_at_closing(ctx: Context, sheet: Sheet, *, said: Said) -> list[Message]:
    """Keep the answer of somebody whose draft was open when its period was closed, and say so; nothing where
    there is no answer to keep.
    """
    innovation, period = sheet.innovation, sheet.period
    if not innovation.is_draft or period.open:
        return []
    turn = step(sheet.facts, sheet.cursor, answers=sheet.answers, said=said)
    if not turn.changes or turn.outcome:
        return []
    _keep(ctx, sheet, changes=turn.changes)
    cursors.keep(ctx.tx, ctx.person.id, innovation_id=innovation.id, state=turn.cursor.to_json(), now=ctx.now)
    dialogues.close(ctx.tx, ctx.person.id)
    text = ctx.say("form.kept_at_closing", year=period.year, desk=ctx.desk)
    return message(text, (Choice(ctx.say("opens.drafts"), buttons.Open("draf")),))


def _say_closed(ctx: Context, innovation: Innovation) -> list[Message]:
    """Say why nothing can be written here any more; what was written is kept."""
    ctx.refuse("refused_move", innovation=innovation.id, move="edit", state=innovation.state)
    dialogues.close(ctx.tx, ctx.person.id)
    rows = (Choice(ctx.say("opens.drafts"), buttons.Open("draf")),)
    if innovation.state not in OPEN:
        return message(ctx.say("form.already_sent", title=innovation.title, receipt=innovation.receipt), rows)
    if innovation.discarded_at:
        back = (Choice(ctx.say("form.take_back"), buttons.TakeBackDraft(innovation.id)),)
        return message(ctx.say("form.is_discarded"), back)
    period = periods.load(ctx.tx, innovation.period_id)
    text = ctx.say("form.period_closed", year=period.year, deadline=ctx.day(period.deadline), desk=ctx.desk)
    return message(text, rows)
