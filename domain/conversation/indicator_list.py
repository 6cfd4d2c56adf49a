"""The list of indicators that grows a score: what is best next, how they stand, and a page of them at a
time.
"""

from __future__ import annotations

from collections.abc import Sequence

from domain.conversation.indicator_page import INDICATORS, score_words
from domain.conversation.question_message import Tags
from domain.draft.facts import DraftFacts
from domain.message import Choice, Message, Rows
from domain.pager import page_count, pager
from domain.rules.form import Answers
from domain.rules.indicators import LEVELS, Indicator, mismatches
from domain.texts import Marked, bold, join, shortened

A_PAGE = 5
LABEL_CHARS = 36  # of an indicator's name on its button


def best_next(answers: Answers, facts: DraftFacts) -> Indicator | None:
    """Return the next indicator: a mandatory gap, missing evidence, then most points; None at the end."""

    def urgency(indicator: Indicator) -> tuple[int, int, int]:
        level, wrong = indicator.level(answers), mismatches(indicator, answers)
        if "mandatory" in wrong:
            kind = 0
        elif wrong:
            kind = 1
        else:
            kind = 3 if level else 2
        return kind, -indicator.weight, indicator.no

    open_ones = [
        i for i in facts.indicators.indicators if i.level(answers) < LEVELS[-1] or mismatches(i, answers)
    ]
    return min(open_ones, key=urgency, default=None)


def page_of(indicator: Indicator, facts: DraftFacts) -> int:
    """The page of the list, from 0, on which an indicator stands."""
    return facts.indicators.indicators.index(indicator) // A_PAGE


def list_message(
    answers: Answers, facts: DraftFacts, *, revision: int, page: int = 0, notice: str = ""
) -> Message:
    """Show how the indicators stand and a page of them; any order, a tap, a number or a name opens one."""
    tag = Tags(facts.innovation, INDICATORS, revision)
    indicators = facts.indicators.indicators
    pages = page_count(len(indicators), A_PAGE)
    page = min(max(page, 0), pages - 1)
    on_page = indicators[page * A_PAGE : (page + 1) * A_PAGE]
    head = join((bold(facts.words("ind_title")), score_words(answers, facts)), by="\n")
    lines = join((_write_line(indicator, answers, facts=facts) for indicator in on_page), by="\n")
    text = join((notice, head, _write_standing(answers, facts), lines, facts.words("ind_end")))
    turning = pager(facts.say, lambda to: tag("p", str(to)), page=page, pages=pages)
    return Message(text, _make_rows(on_page, answers, facts=facts, tag=tag, turning=turning))


def _make_rows(
    on_page: Sequence[Indicator], answers: Answers, *, facts: DraftFacts, tag: Tags, turning: Rows
) -> Rows:
    """Make the way to the best next indicator, to each of the page, and out of the list."""
    language, coming = facts.say.language, best_next(answers, facts)
    rows: list[tuple[Choice, ...]] = []
    if coming is not None:
        name = shortened(coming.name.in_(language), LABEL_CHARS)
        rows.append(
            (Choice(facts.words("ind_next", no=coming.no, name=name), tag("j", coming.level_question)),)
        )
    rows += [
        (Choice(_write_label(i, answers, language=language), tag("j", i.level_question)),) for i in on_page
    ]
    rows += turning
    rows.append(
        (Choice(facts.words("list_button"), tag("list")), Choice(facts.words("check_button"), tag("check")))
    )
    rows.append((Choice(facts.words("help"), tag("help")), Choice(facts.words("leave"), tag("leave"))))
    return tuple(rows)


def _write_standing(answers: Answers, facts: DraftFacts) -> Marked:
    """Name the indicators by how they stand: filled, with something missing, not begun."""
    by_mark: dict[str, list[str]] = {"✔": [], "⚠": [], "○": []}
    for indicator in facts.indicators.indicators:
        star = "*" if indicator.mandatory else ""
        by_mark[_choose_mark(indicator, answers) or "○"].append(f"{indicator.no}{star}")
    keys = {"✔": "ind_filled", "⚠": "ind_lacking", "○": "ind_empty"}
    return join(
        (facts.words(keys[mark], numbers=", ".join(numbers)) for mark, numbers in by_mark.items() if numbers),
        by="\n",
    )


def _choose_mark(indicator: Indicator, answers: Answers) -> str:
    """✔ fits, ⚠ something is missing, "" not begun."""
    level, pieces = indicator.level(answers), answers.get(indicator.evidence_question)
    if mismatches(indicator, answers) and (level or pieces):
        return "⚠"
    return "✔" if level else ""


def _write_label(indicator: Indicator, answers: Answers, *, language: str) -> str:
    name = shortened(indicator.name.in_(language), LABEL_CHARS)
    return f"{_choose_mark(indicator, answers)} {indicator.no} · {name}".lstrip()


def _write_line(indicator: Indicator, answers: Answers, *, facts: DraftFacts) -> Marked:
    level, pieces = indicator.level(answers), len(answers.get(indicator.evidence_question) or ())
    return facts.words(
        "ind_line" if level or pieces else "ind_line_empty",
        mark=_choose_mark(indicator, answers) or "○",
        no=indicator.no,
        star="*" if indicator.mandatory else "",
        name=indicator.name.in_(facts.say.language),
        level=level,
        points=indicator.weight * level,
        maximum=indicator.weight * LEVELS[-1],
        pieces=pieces,
    )
