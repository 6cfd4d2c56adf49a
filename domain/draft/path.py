"""The order of the form: which questions apply, which comes next, how far the person is."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from domain.rules.form import Answers, Condition, Form, Question, Section

WAYS = 4096  # ways through the form that are remembered: a turn asks for its way several times


@dataclass(frozen=True, slots=True)
class Window:
    """The rule year with the first and last day of its implementation window."""

    year: int
    opens: date
    closes: date


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a question stands: section `part` of those that apply, `number` of `count` in it, from 1."""

    section: Section
    part: int
    number: int
    count: int


def _holds(condition: Condition, answers: Answers) -> bool:
    answer = answers.get(condition.question)
    if answer is None:
        return False
    return answer in condition.is_ if condition.is_ else answer not in condition.is_not


def applicable(form: Form, answers: Answers, *, window: Window) -> tuple[Question, ...]:
    """List the questions that apply, in their order.

    What is asked only because of a question that does not apply itself falls away with it.
    """
    return _find_way(form, window.year, decided=tuple(map(answers.get, form.deciders)))


@lru_cache(maxsize=WAYS)
def _find_way(form: Form, year: int, *, decided: tuple[Any, ...]) -> tuple[Question, ...]:
    """Find the questions of a rule year that apply after these answers of the form's deciders."""
    answers = dict(zip(form.deciders, decided, strict=True))
    kept: dict[str, object] = {}
    asked: list[Question] = []
    for question in form.in_year(year):
        if question.when and not any(_holds(condition, kept) for condition in question.when):
            continue
        asked.append(question)
        if question.id in answers:
            kept[question.id] = answers[question.id]
    return tuple(asked)


@lru_cache(maxsize=WAYS)
def following(questions: tuple[Question, ...], form: Form, *, at: str) -> Question | None:
    """Take the next applicable question after `at`, which itself may have ceased to apply."""
    position = bisect_right(questions, form.order[at], key=lambda question: form.order[question.id])
    return questions[position] if position < len(questions) else None


@lru_cache(maxsize=WAYS)
def preceding(questions: tuple[Question, ...], form: Form, *, at: str) -> Question | None:
    """Take the applicable question before `at`."""
    ends = form.order.get(at, len(form.order))
    position = bisect_left(questions, ends, key=lambda question: form.order[question.id])
    return questions[position - 1] if position else None


@lru_cache(maxsize=WAYS)
def progress(questions: tuple[Question, ...], form: Form, *, at: str) -> Progress:
    """Say where `at` stands, counting only what applies."""
    section = form.section_of[at]
    sections = list(dict.fromkeys(form.section_of[question.id].id for question in questions))
    asked = [question.id for question in questions if form.section_of[question.id] is section]
    return Progress(section, sections.index(section.id) + 1, asked.index(at) + 1, len(asked))


@lru_cache(maxsize=WAYS)
def indicators_part(questions: tuple[Question, ...], form: Form) -> int:
    """Number the part behind the sections that apply: the indicators."""
    return len({form.section_of[question.id].id for question in questions}) + 1


def part_sign(part: int) -> str:
    """Return the sign of a part of the form, from "A": numbers are the indicators' own."""
    return chr(ord("A") + part - 1)
