"""The whole at a glance: the task list, the check page, the list of gaps."""

from __future__ import annotations

from domain.conversation.indicator_page import INDICATORS, score_words
from domain.conversation.question_message import Tags
from domain.conversation.read_answer import told
from domain.draft.carry_over import rest_open
from domain.draft.checks import gaps
from domain.draft.facts import DraftFacts, Problem
from domain.draft.path import applicable
from domain.message import Choice, Message
from domain.rules.form import Answers, Question, Section
from domain.rules.indicators import flags
from domain.texts import Marked, bold, join, shortened

CHECK, LIST = "#check", "#list"  # places that are no question
NUMBERS_A_ROW = 6
GAPS_SHOWN = 12  # jumps on one screen; the count says how many there are in all
LINE_CHARS = 90  # of an answer on the check page


def title_of(answers: Answers, facts: DraftFacts) -> str:
    """Name the innovation, also while it has no name yet."""
    return str(answers.get("nama") or facts.words("untitled"))


def list_message(answers: Answers, facts: DraftFacts, *, revision: int, notice: str = "") -> Message:
    """Show the task list: each section with its state and a way into it."""
    tag = Tags(facts.innovation, LIST, revision)
    questions = applicable(facts.form, answers, window=facts.window)
    problems = gaps(answers, facts)
    lines, rows = [], []
    for number, section in enumerate(_sections(questions, facts), 1):
        inside = [q for q in questions if facts.form.section_of[q.id] is section]
        done = sum(q.id in answers for q in inside)
        state = _state(inside, done, problems, facts)
        title = section.title.in_(facts.say.language)
        lines.append(facts.words("list_line", n=number, title=title, state=state, done=done, all=len(inside)))
        rows.append((Choice(f"{number} · {title}", tag("j", _entry(inside, answers, problems).id)),))
    number = len(lines) + 1
    lines.append(facts.words("list_indicators", n=number, score=score_words(answers, facts)))
    rows.append((Choice(facts.words("indicators_button", n=number), tag("j", INDICATORS)),))
    text = join((notice, bold(title_of(answers, facts)), join(lines, by="\n"), facts.words("list_end")))
    return Message(text, (*rows, *_list_tail(facts, tag)))


def _list_tail(facts: DraftFacts, tag: Tags) -> tuple[tuple[Choice, ...], ...]:
    drop = () if facts.sent else (Choice(facts.words("discard"), tag("drop")),)
    return (
        (Choice(facts.words("go_on"), tag("go")), Choice(facts.words("gaps_button"), tag("gaps"))),
        (Choice(facts.words("check_button"), tag("check")),),
        (*drop, Choice(facts.words("leave"), tag("leave"))),
    )


def _sections(questions: tuple[Question, ...], facts: DraftFacts) -> tuple[Section, ...]:
    return tuple(s for s in facts.form.sections if any(facts.form.section_of[q.id] is s for q in questions))


def _state(inside: list[Question], done: int, problems: tuple[Problem, ...], facts: DraftFacts) -> str:
    if not done:
        return facts.words("state_empty")
    if any(problem.question in inside for problem in problems):
        return facts.words("state_begun")
    return facts.words("state_done")


def _entry(inside: list[Question], answers: Answers, problems: tuple[Problem, ...]) -> Question:
    """Lead into a section at its first gap, else at its first empty question, else at its start."""
    for problem in problems:
        if problem.question in inside:
            return problem.question
    return next((q for q in inside if q.id not in answers), inside[0])


def check_message(answers: Answers, facts: DraftFacts, *, revision: int, notice: str = "") -> Message:
    """Show every answer by section before sending, each with a way to change it."""
    tag = Tags(facts.innovation, CHECK, revision)
    questions = applicable(facts.form, answers, window=facts.window)
    missing = len(gaps(answers, facts))
    key = "check_title_back" if facts.returned else "check_title_sent" if facts.sent else "check_title"
    parts = [notice, facts.words(key, title=title_of(answers, facts))]
    number = 0
    for section in _sections(questions, facts):
        lines: list[Marked] = [bold(section.title.in_(facts.say.language))]
        for question in (q for q in questions if facts.form.section_of[q.id] is section):
            number += 1
            lines.append(_answer_line(number, question, answers, facts))
        parts.append(join(lines, by="\n"))
    parts.append(join((bold(facts.words("ind_title")), indicator_lines(answers, facts)), by="\n"))
    lacking = indicators_lacking(answers, facts)
    ready = facts.words(_ready(facts, lacking))
    parts.append(facts.words("recheck_rest") if rest_open(facts) else "")
    parts.append(facts.words("check_gaps", count=missing) if missing else ready)
    change = [Choice(f"✎ {n}", tag("e", q.id)) for n, q in enumerate(questions, 1)]
    rows = [tuple(change[i : i + NUMBERS_A_ROW]) for i in range(0, len(change), NUMBERS_A_ROW)]
    send = Choice(facts.words("resend" if facts.returned else "send"), tag("send"))
    gap_list = Choice(facts.words("gaps_button"), tag("gaps"))
    indicators = (Choice(facts.words("ind_open" if lacking else "ind_see"), tag("j", INDICATORS)),)
    if rest_open(facts):
        rows.append((Choice(facts.words("recheck_same"), tag("same")),))
    first = (gap_list,) if missing else () if facts.sent and not facts.returned else (send,)
    last = (Choice(facts.words("list_button"), tag("list")), Choice(facts.words("leave"), tag("leave")))
    return Message(join(parts), (*rows, indicators, *((first,) if first else ()), last))


def indicators_lacking(answers: Answers, facts: DraftFacts) -> bool:
    """Whether an indicator is still without its level or its evidence."""
    return any(not i.level(answers) or flags(i, answers) for i in facts.indicators.indicators)


def indicator_lines(answers: Answers, facts: DraftFacts) -> Marked:
    """Say the score and what is still missing; sending does not wait for it."""
    return join((score_words(answers, facts), *_missing(answers, facts)), by="\n")


def _missing(answers: Answers, facts: DraftFacts) -> tuple[Marked, ...]:
    """Say which mandatory indicators, levels and evidence are missing; a line each, none when all is there."""
    wrong = [(str(indicator.no), set(flags(indicator, answers))) for indicator in facts.indicators.indicators]
    kinds = (
        ("ind_mandatory_decides" if facts.mandatory else "ind_mandatory_missing", {"mandatory"}),
        ("ind_level_missing", {"no_level"}),
        ("ind_evidence_missing", {"no_evidence", "few_evidence"}),
    )
    lines = []
    if copied := [str(i.no) for i in facts.indicators.indicators if i.level_question in facts.recheck]:
        lines.append(facts.words("recheck_places", numbers=", ".join(copied)))
    for key, kind in kinds:
        if numbers := ", ".join(number for number, found in wrong if found & kind):
            lines.append(facts.words(key, numbers=numbers))
    return tuple(lines)


def _ready(facts: DraftFacts, lacking: bool) -> str:
    if facts.returned:
        return "check_returned"
    return "check_sent" if facts.sent else "check_indicators" if lacking else "check_ready"


def _answer_line(number: int, question: Question, answers: Answers, facts: DraftFacts) -> Marked:
    language = facts.say.language
    label = question.label.in_(language)
    if question.id not in answers:
        return facts.words("check_empty", n=number, label=label)
    answer = shortened(told(question, answers[question.id], language), LINE_CHARS)
    return facts.words("check_line", n=number, label=label, answer=answer)


def gaps_message(answers: Answers, facts: DraftFacts, *, at: str, revision: int) -> Message:
    """List what is missing; a tap leads there."""
    tag = Tags(facts.innovation, at, revision)
    problems = gaps(answers, facts)
    check = (Choice(facts.words("check_button"), tag("check")), Choice(facts.words("list_button"), tag("list")))
    if not problems:
        return Message(facts.words("gaps_none"), (check,))
    language = facts.say.language
    lines = [
        facts.words("gap_line", n=n, label=problem.question.label.in_(language), problem=problem.told(facts))
        for n, problem in enumerate(problems[:GAPS_SHOWN], 1)
    ]
    rows = [
        (Choice(f"{n} · {problem.question.label.in_(language)}", tag("j", problem.question.id)),)
        for n, problem in enumerate(problems[:GAPS_SHOWN], 1)
    ]
    if len(problems) > GAPS_SHOWN:
        lines.append(facts.words("gaps_more", count=len(problems) - GAPS_SHOWN))
    text = join((facts.words("gaps_title", count=len(problems)), join(lines, by="\n")))
    return Message(text, (*rows, check))
