"""One turn of the form: answered by the domain, and kept with its history and its score."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from domain import buttons
from domain.conversation import contested, correction, rechecking
from domain.conversation.contested import OtherAnswer
from domain.conversation.conversation import respond, typed_action
from domain.conversation.cursor import Turn
from domain.draft.facts import Said
from domain.message import Choice, Kind, Message
from domain.review import OPEN, State
from domain.texts import Marked, join
from handlers import ui
from handlers.context import Context, message
from handlers.innovation import counting_news, form_news, hand_in, same_file
from handlers.innovation.form_sheet import DIALOGUE, Sheet
from storage import (
    answer_messages,
    contacts,
    cursors,
    dialogues,
    handing_in,
    history,
    innovations,
    periods,
    rechecks,
    review_marks,
    scores,
)
from storage.innovations import Innovation


def take_turn(ctx: Context, sheet: Sheet, *, said: Said) -> list[Message]:
    """Take what was said or tapped: another's answer is asked about before it is replaced, and what was
    returned or copied leads to its next item.
    """
    turn = respond(sheet.facts, sheet.cursor, answers=sheet.answers, said=said)
    if (other := _answered_meanwhile(ctx, sheet, turn=turn)) is not None:
        changes = turn.changes
        turn = contested.asked(sheet.facts, sheet.cursor, answers=sheet.answers, changes=changes, other=other)
        return keep_turn(ctx, sheet, turn=turn)
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
    return keep_turn(ctx, sheet, turn=turn)


def _answered_meanwhile(ctx: Context, sheet: Sheet, *, turn: Turn) -> OtherAnswer | None:
    """Find whose answer a turn would replace that this person has not been shown; None when there is none."""
    place = contested.place_of(turn, sheet.facts)
    if not place or place != sheet.cursor.at or sheet.newest <= sheet.cursor.seen:
        return None
    number, seen = sheet.innovation.id, sheet.cursor.seen
    change = history.changed_by_another(ctx.tx, number, question=place, since=seen, than=ctx.person.id)
    return OtherAnswer(contacts.name_of(ctx.tx, change[0]), ctx.time(change[1])) if change else None


def keep_turn(ctx: Context, sheet: Sheet, *, turn: Turn) -> list[Message]:
    """Keep the answers, the score and the cursor that a turn changed; returns its messages."""
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
    reopened = handing_in.reopen(tx, innovation, indicators=numbers, by=by, now=ctx.now) if sent else False
    if numbers:
        after = {name: value for name, value in {**sheet.answers, **changes}.items() if value is not None}
        scores.keep(tx, innovation.id, answers=after, indicators=sheet.facts.indicators, now=ctx.now)
    same_file.tell(ctx, innovation, before=sheet.answers, changes=changes)
    counting = counting_news.after_edit(ctx, innovation, before=counted_before)
    return join((ctx.say("form.reopened") if reopened else "", counting), by="\n")


def _keep_open(ctx: Context, innovation_id: int) -> None:
    open_now = ctx.dialogue
    if open_now is None or (open_now.name, open_now.kept.get("innovation")) != (DIALOGUE, innovation_id):
        state = dialogues.FormOpen(innovation_id)
        dialogues.begin(ctx.tx, ctx.person.id, name=DIALOGUE, state=state)


def keep_at_closing(ctx: Context, sheet: Sheet, *, said: Said) -> list[Message]:
    """Keep the answer of somebody whose draft was open when its period was closed, and say so; nothing where
    there is no answer to keep.
    """
    innovation, period = sheet.innovation, sheet.period
    if not innovation.is_draft or period.open:
        return []
    turn = respond(sheet.facts, sheet.cursor, answers=sheet.answers, said=said)
    if not turn.changes or turn.outcome:
        return []
    _keep(ctx, sheet, changes=turn.changes)
    cursors.keep(ctx.tx, ctx.person.id, innovation_id=innovation.id, state=turn.cursor.to_json(), now=ctx.now)
    dialogues.close(ctx.tx, ctx.person.id)
    text = join((ui.closing(ctx, period), ctx.say("form.kept_at_closing", desk=ctx.desk)), by="\n")
    return message(text, (Choice(ctx.say("opens.drafts"), buttons.Open("draf")),))


def say_closed(ctx: Context, innovation: Innovation) -> list[Message]:
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
    text = join((ui.closing(ctx, period), ctx.say("form.period_closed", desk=ctx.desk)), by="\n")
    return message(text, rows)
