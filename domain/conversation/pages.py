"""The whole at a glance: the task list, with the parts of the form and the words the check page shares."""

from __future__ import annotations

from collections.abc import Sequence

from domain.conversation.indicator_page import INDICATORS, score_words
from domain.conversation.question_message import Tags
from domain.draft.checks import gaps
from domain.draft.facts import DraftFacts, Problem
from domain.draft.path import applicable, indicators_part, part_sign
from domain.message import Choice, Message
from domain.rules.form import Answers, Form, Question, Section
from domain.rules.indicators import mismatches
from domain.texts import Marked, bold, join, shortened

CHECK, LIST = "#check", "#list"  # places that are no question
TITLE_CHARS = 80  # of the innovation's name above a page


def title_of(answers: Answers, facts: DraftFacts) -> str:
    """Return the name of the innovation, or a phrase while it has none."""
    return str(answers.get("nama") or facts.words("untitled"))


def list_message(answers: Answers, facts: DraftFacts, *, revision: int, notice: str = "") -> Message:
    """Return the task list: each section with its state and a button into it."""
    tag = Tags(facts.innovation, LIST, revision)
    questions = applicable(facts.form, answers, window=facts.window)
    problems, language = gaps(answers, facts), facts.say.language
    rows = []
    for number, section in enumerate(sections_of(questions, facts.form), 1):
        inside = [q for q in questions if facts.form.section_of[q.id] is section]
        place = _find_entry(inside, answers, problems=problems).id
        rows.append((Choice(f"{part_sign(number)} · {section.title.in_(language)}", tag("j", place)),))
    sign = part_sign(indicators_part(questions, facts.form))
    lines = (*_write_section_lines(answers, facts), _write_indicators_line(sign, answers, facts))
    rows.append((Choice(f"{sign} · {facts.words('ind_title')}", tag("j", INDICATORS)),))
    title = bold(shortened(title_of(answers, facts), TITLE_CHARS))
    text = join((notice, title, join(lines, by="\n"), facts.words("list_end")))
    return Message(text, (*rows, *_make_list_tail(facts, tag)))


def _make_list_tail(facts: DraftFacts, tag: Tags) -> tuple[tuple[Choice, ...], ...]:
    drop = () if facts.sent else (Choice(facts.words("discard"), tag("drop")),)
    return (
        (Choice(facts.words("go_on"), tag("go")), Choice(facts.words("check_button"), tag("check"))),
        (*drop, Choice(facts.words("leave"), tag("leave"))),
    )


def _write_section_lines(answers: Answers, facts: DraftFacts) -> list[Marked]:
    """Say of each section in a line how far it is."""
    questions, problems = applicable(facts.form, answers, window=facts.window), gaps(answers, facts)
    lines = []
    for number, section in enumerate(sections_of(questions, facts.form), 1):
        inside = [q for q in questions if facts.form.section_of[q.id] is section]
        done = sum(q.id in answers for q in inside)
        state, title = (
            _say_state(inside, done, problems=problems, facts=facts),
            section.title.in_(facts.say.language),
        )
        part = part_sign(number)
        lines.append(
            facts.words("list_line", part=part, title=title, state=state, done=done, all=len(inside))
        )
    return lines


def _write_indicators_line(sign: str, answers: Answers, facts: DraftFacts) -> Marked:
    """Say of the indicators how far they are, and what they score."""
    indicators, levels = facts.indicators, facts.indicators.levels(answers)
    evidence = any(answers.get(i.evidence_question) for i in indicators.indicators)
    if not indicators_lacking(answers, facts):
        state = facts.words("state_done")
    else:
        state = facts.words("state_begun" if levels or evidence else "state_empty")
    return facts.words(
        "list_indicators",
        part=sign,
        title=facts.words("ind_title"),
        state=state,
        done=len(levels),
        all=len(indicators.indicators),
        points=indicators.maturity(levels),
        maximum=indicators.maximum,
    )


def sections_of(questions: Sequence[Question], form: Form) -> tuple[Section, ...]:
    """The sections that have one of these questions."""
    return tuple(s for s in form.sections if any(form.section_of[q.id] is s for q in questions))


def _say_state(inside: list[Question], done: int, *, problems: tuple[Problem, ...], facts: DraftFacts) -> str:
    if not done:
        return facts.words("state_empty")
    if any(problem.question in inside for problem in problems):
        return facts.words("state_begun")
    return facts.words("state_done")


def _find_entry(inside: list[Question], answers: Answers, *, problems: tuple[Problem, ...]) -> Question:
    """Lead into a section at its first gap, else at its first empty question, else at its start."""
    for problem in problems:
        if problem.question in inside:
            return problem.question
    return next((q for q in inside if q.id not in answers), inside[0])


def indicators_lacking(answers: Answers, facts: DraftFacts) -> bool:
    """Tell whether an indicator still lacks its level or its evidence."""
    return any(not i.level(answers) or mismatches(i, answers) for i in facts.indicators.indicators)


def indicator_lines(answers: Answers, facts: DraftFacts) -> Marked:
    """Return the score and what of it was copied and not looked at again."""
    copied = [str(i.no) for i in facts.indicators.indicators if i.level_question in facts.recheck]
    places = facts.words("recheck_places", numbers=", ".join(copied)) if copied else ""
    return join((score_words(answers, facts), places), by="\n")
