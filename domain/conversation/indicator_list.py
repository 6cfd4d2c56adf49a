"""The list of indicators that grows a score: level, points and evidence of each, and what is best next."""

from __future__ import annotations

from domain.conversation.indicator_page import INDICATORS, score_words
from domain.conversation.question_message import Tags
from domain.draft.facts import DraftFacts
from domain.message import Choice, Message
from domain.rules.form import Answers
from domain.rules.indicators import LEVELS, Indicator, flags
from domain.texts import Marked, bold, join

BUTTONS_A_ROW = 5


def next_step(answers: Answers, facts: DraftFacts) -> Indicator | None:
    """Choose what to do next: a mandatory gap, evidence that is missing, then what adds most; None when all is done."""

    def urgency(indicator: Indicator) -> tuple[int, int, int]:
        level, wrong = indicator.level(answers), flags(indicator, answers)
        kind = 0 if "mandatory" in wrong else 1 if wrong else 2 if level == 0 else 3
        return kind, -indicator.weight, indicator.no

    open_ones = [i for i in facts.indicators.indicators if i.level(answers) < LEVELS[-1] or flags(i, answers)]
    return min(open_ones, key=urgency, default=None)


def list_message(answers: Answers, facts: DraftFacts, *, revision: int, notice: str = "") -> Message:
    """Show all indicators with level, points and evidence; any order, a tap or a number opens one."""
    tag = Tags(facts.innovation, INDICATORS, revision)
    indicators = facts.indicators.indicators
    lines = join((_line(indicator, answers, facts) for indicator in indicators), by="\n")
    coming = next_step(answers, facts)
    head = join((bold(facts.words("ind_title")), score_words(answers, facts)), by="\n")
    text = join((notice, head, lines, facts.words("ind_end")))
    numbers = [Choice(_number_label(i, answers), tag("j", i.level_question)) for i in indicators]
    rows: list[tuple[Choice, ...]] = [
        tuple(numbers[n : n + BUTTONS_A_ROW]) for n in range(0, len(numbers), BUTTONS_A_ROW)
    ]
    if coming is not None:
        name = coming.name.in_(facts.say.language)
        rows.append((Choice(facts.words("ind_next", no=coming.no, name=name), tag("j", coming.level_question)),))
    rows.append((Choice(facts.words("list_button"), tag("list")), Choice(facts.words("check_button"), tag("check"))))
    rows.append((Choice(facts.words("help"), tag("help")), Choice(facts.words("leave"), tag("leave"))))
    return Message(text, tuple(rows))


def _mark(indicator: Indicator, answers: Answers) -> str:
    """✔ fits, ⚠ something is missing, "" not begun; a mandatory one not begun carries its star instead."""
    level, pieces = indicator.level(answers), answers.get(indicator.evidence_question)
    return "⚠" if flags(indicator, answers) and (level or pieces) else "✔" if level else ""


def _number_label(indicator: Indicator, answers: Answers) -> str:
    mark = _mark(indicator, answers)
    return f"{mark} {indicator.no}" if mark else f"{indicator.no}{'*' if indicator.mandatory else ''}"


def _line(indicator: Indicator, answers: Answers, facts: DraftFacts) -> Marked:
    level, pieces = indicator.level(answers), len(answers.get(indicator.evidence_question) or ())
    return facts.words(
        "ind_line" if level or pieces else "ind_line_empty",
        mark=_mark(indicator, answers) or "○",
        no=indicator.no,
        star="*" if indicator.mandatory else "",
        name=indicator.name.in_(facts.say.language),
        level=level,
        points=indicator.weight * level,
        maximum=indicator.weight * LEVELS[-1],
        pieces=pieces,
    )
