"""The message that asks one question: its wording, its buttons, its place in the form."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, Self

from domain import buttons
from domain.conversation.option_pages import count_pages, number_page
from domain.conversation.read_answer import say_answer
from domain.conversation.read_files import file_words
from domain.draft.checks import count_words, words_of_group
from domain.draft.facts import DraftFacts
from domain.draft.path import applicable, part_sign, progress
from domain.message import Choice, Message, Rows
from domain.pager import pager
from domain.rules.form import Answers, Form, Option, Question
from domain.texts import Marked, Say, bold, join, shortened

ASKS_DESK = 3  # misunderstandings in a row
MOST_BUTTONS = 12  # on a page: more is where people stop reading
LABEL_CHARS = 32  # a button longer than this is cut by phones, so the list stands in the text too
ASKED = 2048  # texts of questions that are remembered
ITEM_CHARS = 40  # of a file or link on a button


class Tags(partial[buttons.Form]):
    """Makes the buttons of one place, each of an action and a value; they carry innovation, place and
    revision.
    """

    def __new__(cls, innovation: int, at: str, revision: int) -> Self:
        return super().__new__(cls, buttons.Form, innovation, at, revision)

    if TYPE_CHECKING:

        def __call__(self, action: str, value: str = "") -> buttons.Form:
            """Make a button."""


def question_message(
    question: Question,
    answers: Answers,
    *,
    facts: DraftFacts,
    revision: int,
    page: int = 0,
    tries: int = 0,
) -> Message:
    """Return the message that asks `question`; with more `tries` the wording grows, at most to a screen."""
    tag = Tags(facts.innovation, question.id, revision)
    value = answers.get(question.id)
    way = applicable(facts.form, answers, window=facts.window)
    asked = _write_question(question, way, form=facts.form, say=facts.say, tries=tries, page=page)
    text = join((asked, _write_present(question, value, facts=facts)))
    rows = (
        *_make_answer_rows(question, value, facts=facts, tag=tag, page=page),
        *nav_rows(question, value, facts=facts, tag=tag, tries=tries),
    )
    message = Message(text, (*rows, *drop_row(rows, facts=facts, tag=tag)))
    return message if tries < ASKS_DESK else with_desk(message, facts)


def drop_row(rows: Rows, *, facts: DraftFacts, tag: Tags) -> Rows:
    """Offer to discard a draft below what a place offers, while the page has room (F11); it is
    asked twice.
    """
    if facts.sent or sum(map(len, rows)) >= MOST_BUTTONS:
        return ()
    return ((Choice(facts.words("discard"), tag("drop")),),)


def with_desk(message: Message, facts: DraftFacts) -> Message:
    """Offer to ask the desk; on a full page in the place of discarding, or not at all."""
    rows = message.rows
    if sum(map(len, rows)) >= MOST_BUTTONS:
        rows = tuple(row for row in rows if not _discards(row))
    if sum(map(len, rows)) >= MOST_BUTTONS:
        return message
    return replace(message, rows=(*rows, (Choice(facts.words("ask_desk"), buttons.Open("tanya")),)))


def _discards(row: tuple[Choice, ...]) -> bool:
    button = buttons.Form.parse(row[0].data)
    return button is not None and button.action == "drop"


def with_way_back(message: Message, choice: Choice) -> Message:
    """Offer a way back in a row of its own; where the page is full, in the place of discarding."""
    rows = message.rows if sum(map(len, message.rows)) < MOST_BUTTONS else message.rows[:-1]
    return replace(message, rows=(*rows, (choice,)))


@lru_cache(maxsize=ASKED)
def _write_question(
    question: Question, way: tuple[Question, ...], *, form: Form, say: Say, tries: int, page: int
) -> Marked:
    """Write what is the same for everybody on this way through the form."""
    place = _write_place(question, way, form=form, say=say)
    ask = bold(question.ask.in_(say.language))
    example = say("conversation.example", example=question.example.in_(say.language))
    if tries == 0:
        options = _write_options(question, say, page=page)
        return join((place, join((ask, _write_hint(question, say), options, example), by="\n")))
    if tries == 1:
        return join((place, ask))
    more = example if tries == 2 else join((example, say("conversation.third_time")), by="\n")
    return join((place, join((ask, more), by="\n")))


def _write_place(question: Question, way: tuple[Question, ...], *, form: Form, say: Say) -> Marked:
    if question not in way:
        return Marked("")
    at = progress(way, form, at=question.id)
    return say(
        "conversation.place",
        part=part_sign(at.part),
        section=at.section.title.in_(say.language),
        number=at.number,
        count=at.count,
    )


def _write_hint(question: Question, say: Say) -> Marked:
    hint = question.hint.in_(say.language)
    if question.kind == "file":
        return join((hint, say("conversation.file_wanted", **file_words(question, say))), by=" ")
    if question.kind == "multi":
        return join((hint, say("conversation.multi_hint")), by=" ")
    if count_pages(question) > 1:
        by_part = "search_hint" if question.is_numbered else "search_hint_names"
        return join((hint, say(f"conversation.{by_part}")), by=" ")
    return join((hint,))


def _write_options(question: Question, say: Say, *, page: int) -> Marked:
    """Write the options out where their buttons would be cut."""
    shown = [(n, option.label.in_(say.language)) for n, option in number_page(question, page)]
    if all(len(label) <= LABEL_CHARS for _, label in shown):
        return Marked("")
    return join((f"{n}. {label}" for n, label in shown), by="\n")


def _write_present(question: Question, value: Any, *, facts: DraftFacts) -> Marked:
    if value in (None, []):
        return Marked("")
    return facts.words("present", answer=shortened(say_answer(question, value, language=facts.say.language)))


def counted(question: Question, answers: Answers, *, facts: DraftFacts) -> Marked:
    """Count a long answer aloud, and its group where words are needed."""
    words = count_words(answers.get(question.id, ""))
    for group in facts.form.groups:
        if group.id == question.words_group:
            questions = applicable(facts.form, answers, window=facts.window)
            whole = words_of_group(group, questions, answers=answers)
            label = group.label.in_(facts.say.language)
            key = "counted_enough" if whole >= group.min_words else "counted_short"
            short = group.min_words - whole
            return facts.words(key, words=words, label=label, whole=whole, min=group.min_words, short=short)
    return facts.words("counted", words=words)


def nav_rows(question: Question, value: Any, *, facts: DraftFacts, tag: Tags, tries: int = 0) -> Rows:
    """Make the rows that stand under every question, always in the same order."""
    return (
        (
            Choice(facts.words("back"), tag("back")),
            *_make_forward(question, value, facts=facts, tag=tag, tries=tries),
        ),
        (Choice(facts.words("help"), tag("help")), Choice(facts.words("leave"), tag("leave"))),
    )


def _make_forward(
    question: Question, value: Any, *, facts: DraftFacts, tag: Tags, tries: int
) -> tuple[Choice, ...]:
    """The way on without a new answer; where several may be chosen, "done" is that way."""
    if value not in (None, []):
        return () if question.kind == "multi" else (Choice(facts.words("keep"), tag("keep")),)
    if not question.required or tries >= 3:
        return (Choice(facts.words("skip"), tag("skip")),)
    return ()


def _make_answer_rows(question: Question, value: Any, *, facts: DraftFacts, tag: Tags, page: int) -> Rows:
    if question.kind == "choice":
        return _make_option_rows(question, None, facts=facts, tag=tag, page=page)
    if question.kind == "multi":
        chosen = frozenset(value or ())
        done = ((Choice(facts.words("done_chosen", count=len(chosen)), tag("done")),),) if chosen else ()
        return (*_make_option_rows(question, chosen, facts=facts, tag=tag, page=page), *done)
    if question.kind == "long" and value:
        return ((Choice(facts.words("redo"), tag("redo")),),)
    if question.kind == "file" and value:
        return tuple(
            (Choice(facts.words("remove", name=shortened(item.label, ITEM_CHARS)), tag("del", str(n))),)
            for n, item in enumerate(value)
        )
    return ()


def _make_option_rows(
    question: Question, chosen: frozenset[str] | None, *, facts: DraftFacts, tag: Tags, page: int
) -> Rows:
    """One option a row with its number; long lists are paged and nothing is dropped.

    `chosen` are those that are set where several may be; None where it is one.
    """
    pages = count_pages(question)
    page = min(max(page, 0), pages - 1)
    rows = [
        (_make_option(n, option, chosen=chosen, facts=facts, tag=tag),)
        for n, option in number_page(question, page)
    ]
    return (*rows, *pager(facts.say, lambda to: tag("p", str(to)), page=page, pages=pages))


def _make_option(
    number: int, option: Option, *, chosen: frozenset[str] | None, facts: DraftFacts, tag: Tags
) -> Choice:
    name = option.label.in_(facts.say.language)
    label = f"{number} · {name}"
    if chosen is None:
        return Choice(label, tag("o", option.id))
    return (
        Choice(f"✔ {label}", tag("off", option.id))
        if option.id in chosen
        else Choice(label, tag("on", option.id))
    )
