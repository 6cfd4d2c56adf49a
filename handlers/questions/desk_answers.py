"""A question goes to the desk in one tap; the desk answers, and may keep the answer as knowledge."""

from __future__ import annotations

from dataclasses import dataclass

from domain import buttons
from domain.message import Choice, Kind, Message, plain
from domain.people import Right
from domain.texts import Marked, Say, join, shortened
from handlers import notices, ui
from handlers.context import Context, message
from handlers.innovation import coach, form
from storage import audit, desk_messages, dialogues, innovations, outbox_rows, questions
from storage.questions import Question

ANSWERING = "question_answer"  # the dialogue in which the desk answers
ANSWER_CHARS = 2000
SHOWN = 5  # open questions with a button in /tugas
LABEL_CHARS = 40


@dataclass(frozen=True, slots=True)
class Answering:
    """State of the dialogue: the question that is answered."""

    question: int = 0


def sent(ctx: Context, button: buttons.AskDesk) -> list[Message]:
    """Give the desk the person's own question, once, and go on with what is open."""
    if ctx.contact is None or not questions.send(ctx.tx, button.question, by=ctx.contact.id):
        return [Message("", toast=ctx.say("ui.toast_old"))]
    question = questions.load(ctx.tx, button.question)
    if question is not None:
        _tell_desk(ctx, question)
    return [*message(ctx.say("desk_answers.passed_on")), *(form.go_on(ctx) or coach.go_on(ctx))]


def _tell_desk(ctx: Context, question: Question) -> None:
    def write(language: str) -> Message:
        say = ctx.desk_data.words.in_(language)
        row = (Choice(say("desk_answers.answer"), buttons.QuestionAnswer(question.id)),)
        # a reply to it is the answer: nothing else may be meant by that
        return Message(write_question(ctx, say, question), (row,), apart=True)

    desk_messages.queue(ctx.tx, f"question:{question.id}", write=write, now=ctx.now)


def write_question(ctx: Context, say: Say, question: Question) -> Marked:
    """Write who asks what, and where the person stands."""
    text = say("desk_answers.asked", who=question.name, text=question.text)
    return join((text, _say_place(ctx, say, question)), by="\n")


def _say_place(ctx: Context, say: Say, question: Question) -> str:
    innovation = innovations.load(ctx.tx, question.innovation_id) if question.innovation_id else None
    if innovation is None:
        return ""
    entry = ctx.desk_data.knowledge.entries.get(f"q.{question.place}")
    item = next(
        (
            indicator
            for indicator in ctx.desk_data.indicators_of(innovation).indicators
            if question.place in (indicator.level_question, indicator.evidence_question)
        ),
        None,
    )
    item_name = item.name if item is not None else None
    label = entry.title if entry else item_name
    where = label.in_(say.language) if label else ""
    title = ui.title(say, innovation.title)
    return (
        say("desk_answers.place", title=title, place=where) if where else say("desk_answers.at", title=title)
    )


def asked(ctx: Context, button: buttons.QuestionAnswer) -> list[Message]:
    """Ask the desk for its answer, or show the one that was given."""
    question = questions.load(ctx.tx, button.question)
    if question is None or question.state == "unsent":
        return [Message("", toast=ctx.say("ui.toast_old"))]
    if question.answer:
        return _show_answered(ctx, question)
    dialogues.begin(ctx.tx, ctx.person.id, name=ANSWERING, state=Answering(question.id))
    text = join((write_question(ctx, ctx.say, question), ctx.say("desk_answers.ask_answer")))
    return message(text, (_make_leave(ctx),))


def _show_answered(ctx: Context, question: Question) -> list[Message]:
    return message(
        ctx.say("desk_answers.was_answered", text=question.text, answer=question.answer),
        _make_keep(ctx, question.id),
    )


def _make_leave(ctx: Context) -> Choice:
    return Choice(ctx.say("ask.leave"), buttons.Open("batal"))


def _make_keep(ctx: Context, question_id: int) -> tuple[Choice, ...]:
    return (Choice(ctx.say("desk_answers.keep"), buttons.QuestionKeep(question_id)),)


def said(ctx: Context) -> list[Message]:
    """Take the desk's answer, and send it to the person."""
    number = (ctx.state(ANSWERING, Answering) or Answering()).question
    answered = _answer(ctx, number)
    if answered:
        dialogues.close(ctx.tx, ctx.person.id)
        return answered
    return message(ctx.say("desk_answers.answer_text", limit=ANSWER_CHARS), (_make_leave(ctx),))


def replied(ctx: Context) -> list[Message]:
    """Take a reply to the message that told of a question as its answer; nothing for any other reply."""
    inbound = ctx.inbound
    if not ctx.may(Right.ANSWER_QUESTIONS):
        return []
    message_told = outbox_rows.message_of(
        ctx.tx, inbound.channel, address=inbound.address, message_ref=inbound.reply_to
    )
    choices = [choice for row in message_told.rows for choice in row] if message_told else []
    answers = [buttons.QuestionAnswer.parse(choice.data) for choice in choices]
    numbers = [button.question for button in answers if button is not None]
    # a list of several names none of them
    return _answer(ctx, numbers[0]) if len(numbers) == 1 else []


def _answer(ctx: Context, number: int) -> list[Message]:
    """Keep and send an answer; nothing where there is none that could be sent."""
    text = plain(ctx.inbound.text).strip()
    question = questions.load(ctx.tx, number)
    if ctx.inbound.kind is not Kind.TEXT or not text or len(text) > ANSWER_CHARS or question is None:
        return []
    if not questions.answer(ctx.tx, number, text=text, by=ctx.person.id, now=ctx.now):
        return _show_answered(ctx, question)
    _note(ctx, "question_answered", question=number, before="open", after="answered")
    arrives = _send_back(ctx, question, text=text)
    key = "desk_answers.answer_sent" if arrives else "desk_answers.out_of_reach"
    return message(ctx.say(key, name=question.name), _make_keep(ctx, number))


def _send_back(ctx: Context, question: Question, *, text: str) -> bool:
    """Queue the answer for the person; False where the person cannot be reached."""

    def words(say: Say) -> Marked:
        return say("desk_answers.answered", question=question.text, text=text)

    key = f"question_answer:{question.id}"
    return notices.tell_person(ctx, question.contact_id, key=key, words=words)


def kept(ctx: Context, button: buttons.QuestionKeep) -> list[Message]:
    """Keep an answered question as knowledge, without anybody's name."""
    if not questions.keep(ctx.tx, button.question, now=ctx.now):
        return [Message("", toast=ctx.say("ui.toast_old"))]
    _note(ctx, "answer_kept", question=button.question, before="answered", after="kept")
    return message(ctx.say("desk_answers.kept"), (Choice(ctx.say("opens.tasks"), buttons.Open("tugas")),))


def _note(ctx: Context, action: str, *, question: int, before: str, after: str) -> None:
    """Note in the audit what became of a question."""
    states = {"before": before, "after": after}
    audit.record(ctx.tx, action, now=ctx.now, actor=ctx.person.id, question=question, **states)


def open_ones(ctx: Context) -> list[Message]:
    """List the questions that wait for the desk, with a button to answer each; nothing when none waits."""
    count = questions.open_count(ctx.tx)
    if not count:
        return []
    rows = [
        (Choice(shortened(question.text, LABEL_CHARS), buttons.QuestionAnswer(question.id)),)
        for question in questions.open_ones(ctx.tx, limit=SHOWN)
    ]
    return message(ctx.say("desk_answers.open", count=count), *rows)
