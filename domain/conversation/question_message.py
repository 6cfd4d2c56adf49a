"""Putting a question to a person: its words, its buttons, its place in the whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from domain.buttons import Form
from domain.conversation.read_answer import file_words, told
from domain.draft.checks import count_words, words_of_group
from domain.draft.facts import Ground
from domain.draft.path import applicable, progress
from domain.message import Choice, Message, Rows
from domain.pager import page_count, pager
from domain.rules.form import Answers, Option, Question
from domain.texts import Marked, bold, join, shortened

PAGED_FROM = 11  # options: ten fit on a screen, more are paged
PAGE_SIZE = 8  # options on a page
LABEL_CHARS = 32  # a button longer than this is cut by phones, so the list stands in the text too
ITEM_CHARS = 40  # of a file or link on a button


@dataclass(frozen=True, slots=True)
class Tags:
    """Makes the buttons of one place: they carry innovation, place and revision."""

    innovation: int
    at: str
    revision: int

    def __call__(self, action: str, value: object = "") -> Form:
        """Make one button."""
        return Form(self.innovation, self.at, self.revision, action, str(value))


def question_message(
    question: Question,
    answers: Answers,
    ground: Ground,
    *,
    revision: int,
    page: int = 0,
    notice: str = "",
    tries: int = 0,
) -> Message:
    """Ask `question`; after `tries` misunderstandings the wording grows, but never above a screen."""
    tag = Tags(ground.innovation, question.id, revision)
    value = answers.get(question.id)
    text = join((notice, _asked(question, answers, ground, tries), _present(question, value, ground)))
    rows = (*_answer_rows(question, value, ground, tag, page), *nav_rows(question, value, ground, tag, tries))
    return Message(text, rows)


def _asked(question: Question, answers: Answers, ground: Ground, tries: int) -> Marked:
    language = ground.say.language
    place = _place(question, answers, ground)
    ask = bold(question.ask.in_(language))
    hint, example = _hint(question, ground), ground.words("example", example=question.example.in_(language))
    if tries == 0:
        return join((place, join((ask, hint, _options_in_words(question, ground), example), by="\n")))
    if tries == 1:
        return join((place, ask))
    more = example if tries == 2 else join((example, ground.words("third_time")), by="\n")
    return join((place, join((ask, more), by="\n")))


def _place(question: Question, answers: Answers, ground: Ground) -> Marked:
    questions = applicable(ground.form, answers, window=ground.window)
    if question not in questions:
        return Marked("")
    at = progress(questions, ground.form, question.id)
    return ground.words(
        "place",
        section=at.section.title.in_(ground.say.language),
        step=at.step,
        steps=at.steps,
        part=at.part,
        parts=at.parts,
    )


def _hint(question: Question, ground: Ground) -> Marked:
    hint = question.hint.in_(ground.say.language)
    if question.kind == "file":
        return join((hint, ground.words("file_wanted", **file_words(question, ground))), by=" ")
    if question.kind == "multi":
        return join((hint, ground.words("multi_hint")), by=" ")
    if len(question.options) >= PAGED_FROM:
        return join((hint, ground.words("search_hint")), by=" ")
    return join((hint,))


def _options_in_words(question: Question, ground: Ground) -> Marked:
    """Write the options out where their buttons would be cut."""
    if len(question.options) >= PAGED_FROM:
        return Marked("")
    labels = [option.label.in_(ground.say.language) for option in question.options]
    if all(len(label) <= LABEL_CHARS for label in labels):
        return Marked("")
    return join((f"{n}. {label}" for n, label in enumerate(labels, 1)), by="\n")


def _present(question: Question, value: Any, ground: Ground) -> Marked:
    if value in (None, []):
        return Marked("")
    return ground.words("present", answer=shortened(told(question, value, ground.say.language)))


def counted(question: Question, answers: Answers, ground: Ground) -> Marked:
    """Count a long answer aloud, and its group where words are needed."""
    words = count_words(answers.get(question.id, ""))
    for group in ground.form.groups:
        if group.id == question.words_group:
            questions = applicable(ground.form, answers, window=ground.window)
            whole = words_of_group(group, questions, answers)
            label = group.label.in_(ground.say.language)
            key = "counted_enough" if whole >= group.min_words else "counted_short"
            short = group.min_words - whole
            return ground.words(key, words=words, label=label, whole=whole, min=group.min_words, short=short)
    return ground.words("counted", words=words)


def nav_rows(question: Question, value: Any, ground: Ground, tag: Tags, tries: int = 0) -> Rows:
    """Make the rows that stand under every question, always in the same order."""
    forward: list[Choice] = []
    if value not in (None, []):
        forward = [Choice(ground.words("keep"), tag("keep"))]
    elif not question.required or tries >= 3:
        forward = [Choice(ground.words("skip"), tag("skip"))]
    return (
        (Choice(ground.words("back"), tag("back")), *forward),
        (Choice(ground.words("help"), tag("help")), Choice(ground.words("leave"), tag("leave"))),
    )


def _answer_rows(question: Question, value: Any, ground: Ground, tag: Tags, page: int) -> Rows:
    if question.kind == "choice":
        return _option_rows(question, [("o", "", o) for o in question.options], ground, tag, page)
    if question.kind == "multi":
        chosen = set(value or ())
        marked = [("off", "✔ ", o) if o.id in chosen else ("on", "", o) for o in question.options]
        done = ground.words("done_chosen", count=len(chosen)) if chosen else ground.words("done_none")
        return (*_option_rows(question, marked, ground, tag, page), (Choice(done, tag("done")),))
    if question.kind == "long" and value:
        return ((Choice(ground.words("redo"), tag("redo")),),)
    if question.kind == "file" and value:
        return tuple(
            (Choice(ground.words("remove", name=shortened(item.label, ITEM_CHARS)), tag("del", n)),)
            for n, item in enumerate(value)
        )
    return ()


def _option_rows(
    question: Question, options: Sequence[tuple[str, str, Option]], ground: Ground, tag: Tags, page: int
) -> Rows:
    """One option a row, numbered over the whole list; long lists are paged and nothing is dropped."""
    numbered = list(enumerate(options, 1))
    paged = len(options) >= PAGED_FROM
    pages = page_count(len(options), PAGE_SIZE) if paged else 1
    page = min(max(page, 0), pages - 1)
    shown = numbered[page * PAGE_SIZE : (page + 1) * PAGE_SIZE] if paged else numbered
    language = ground.say.language
    rows: list[tuple[Choice, ...]] = [
        (Choice(f"{mark}{n} · {option.label.in_(language)}", tag(action, option.id)),)
        for n, (action, mark, option) in shown
    ]
    return (*rows, *pager(ground.say, lambda to: tag("p", to), page, pages))
