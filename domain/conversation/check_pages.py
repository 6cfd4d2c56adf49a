"""The look before sending: what is still needed and each part in a line, the answers of a part behind its
button.
"""

from __future__ import annotations

from collections.abc import Sequence

from domain.conversation.indicator_page import INDICATORS
from domain.conversation.pages import (
    CHECK,
    indicator_lines,
    indicators_lacking,
    section_lines,
    sections_of,
    title_of,
)
from domain.conversation.question_message import Tags
from domain.conversation.read_answer import say_answer
from domain.draft.carry_over import rest_open
from domain.draft.checks import gaps
from domain.draft.facts import DraftFacts
from domain.draft.path import applicable
from domain.message import Choice, Message, Rows
from domain.rules.form import Answers, Form, Question, Section
from domain.texts import Marked, bold, join, shortened

ANSWERS_A_PAGE = 8
LINE_CHARS, LABEL_CHARS = 60, 40  # of an answer in its line, and of a question on its button
TITLE_CHARS = 80


def parts_of(questions: Sequence[Question], form: Form) -> tuple[tuple[Question, ...], ...]:
    """Cut the questions into pages: those of one section together, a long section in equal halves."""
    parts: list[tuple[Question, ...]] = []
    for section in sections_of(questions, form):
        inside = [q for q in questions if form.section_of[q.id] is section]
        pages = -(-len(inside) // ANSWERS_A_PAGE)
        size = -(-len(inside) // pages)
        parts += [tuple(inside[n : n + size]) for n in range(0, len(inside), size)]
    return tuple(parts)


def openings(parts: Sequence[Sequence[Question]], form: Form) -> list[tuple[Section, int]]:
    """Name the first page of each section, counted from 1."""
    first_parts: list[tuple[Section, int]] = []
    for page, part in enumerate(parts, 1):
        section = form.section_of[part[0].id]
        if not first_parts or first_parts[-1][0] is not section:
            first_parts.append((section, page))
    return first_parts


def check_message(
    answers: Answers, facts: DraftFacts, *, revision: int, page: int = 0, notice: str = ""
) -> Message:
    """Show the summary (page 0), or the answers of a part, each with a button to change it."""
    parts = parts_of(applicable(facts.form, answers, window=facts.window), facts.form)
    if 1 <= page <= len(parts):
        return _write_part(parts, page, answers=answers, facts=facts, revision=revision, notice=notice)
    return _write_summary(parts, answers, facts=facts, revision=revision, notice=notice)


def _write_summary(
    parts: Sequence[Sequence[Question]], answers: Answers, *, facts: DraftFacts, revision: int, notice: str
) -> Message:
    tag = Tags(facts.innovation, CHECK, revision)
    key = "check_title_sent" if facts.sent else "check_title"
    key = "check_title_back" if facts.returned else key
    missing = len(gaps(answers, facts))
    standing = facts.words("check_gaps", count=missing) if missing else ""
    standing = standing or facts.words(_say_readiness(answers, facts))
    text = join((
        notice,
        join((facts.words(key, title=shortened(title_of(answers, facts), TITLE_CHARS)),
              standing,
              facts.words("recheck_rest") if rest_open(facts) else ""), by="\n"),
        join(section_lines(answers, facts), by="\n"),
        join((bold(facts.words("ind_title")), indicator_lines(answers, facts)), by="\n"),
    ))  # fmt: skip
    rows = (*_make_act_row(missing, facts, tag=tag), *_make_part_rows(parts, facts, tag=tag))
    indicators = facts.words("ind_open" if indicators_lacking(answers, facts) else "ind_see")
    last = (Choice(facts.words("list_button"), tag("list")), Choice(facts.words("leave"), tag("leave")))
    return Message(text, (*rows, (Choice(indicators, tag("j", INDICATORS)),), last))


def _make_act_row(missing: int, facts: DraftFacts, *, tag: Tags) -> Rows:
    """What is to be done now: confirm the copied rest, complete what is missing, or send."""
    same = ((Choice(facts.words("recheck_same"), tag("same")),),) if rest_open(facts) else ()
    if missing:
        return (*same, (Choice(facts.words("gaps_button"), tag("gaps")),))
    if facts.sent and not facts.returned:
        return same
    return (*same, (Choice(facts.words("resend" if facts.returned else "send"), tag("send")),))


def _say_readiness(answers: Answers, facts: DraftFacts) -> str:
    if facts.returned:
        return "check_returned"
    if facts.sent:
        return "check_sent"
    return "check_indicators" if indicators_lacking(answers, facts) else "check_ready"


def _make_part_rows(parts: Sequence[Sequence[Question]], facts: DraftFacts, *, tag: Tags) -> Rows:
    """Make a button for each section; it opens the first of its pages."""
    buttons = [
        Choice(f"{n} · {section.title.in_(facts.say.language)}", tag("p", page))
        for n, (section, page) in enumerate(openings(parts, facts.form), 1)
    ]
    return tuple(tuple(buttons[n : n + 2]) for n in range(0, len(buttons), 2))


def _write_part(
    parts: Sequence[Sequence[Question]],
    page: int,
    *,
    answers: Answers,
    facts: DraftFacts,
    revision: int,
    notice: str,
) -> Message:
    tag = Tags(facts.innovation, CHECK, revision)
    part = parts[page - 1]
    language = facts.say.language
    first = 1 + sum(len(before) for before in parts[: page - 1])
    title = facts.form.section_of[part[0].id].title.in_(language)
    head = facts.words("check_part", title=title, page=page, pages=len(parts))
    lines = join(
        (_write_answer(n, q, answers=answers, facts=facts) for n, q in enumerate(part, first)), by="\n"
    )
    rows = [
        (Choice(f"✎ {n} · {shortened(q.label.in_(language), LABEL_CHARS)}", tag("e", q.id)),)
        for n, q in enumerate(part, first)
    ]
    turning = [Choice(facts.say("pager.before", page=page - 1), tag("p", page - 1))] if page > 1 else []
    if page < len(parts):
        turning.append(Choice(facts.say("pager.after", page=page + 1, pages=len(parts)), tag("p", page + 1)))
    summary = (Choice(facts.words("to_check"), tag("p", 0)),)
    text = join((notice, head, lines, facts.words("check_change")))
    return Message(text, (*rows, *((tuple(turning),) if turning else ()), summary))


def _write_answer(number: int, question: Question, *, answers: Answers, facts: DraftFacts) -> Marked:
    language = facts.say.language
    label = shortened(question.label.in_(language), LABEL_CHARS)
    if question.id not in answers:
        return facts.words("check_empty", n=number, label=label)
    answer = shortened(say_answer(question, answers[question.id], language=language), LINE_CHARS)
    return facts.words("check_line", n=number, label=label, answer=answer)
