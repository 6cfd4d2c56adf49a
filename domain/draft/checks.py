"""What must hold before an innovation is sent (iga.md sections 1 and 7); saving never asks this."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from domain.draft.eligibility import Reason, reason_of_dates
from domain.draft.facts import DraftFacts, Problem
from domain.draft.path import applicable
from domain.reading.dates import PartialDate, say_date
from domain.rules.form import Answers, Question, WordsGroup
from domain.rules.indicators import Indicator, mismatches

_BARE = frozenset({"no_evidence", "few_evidence"})  # mismatches of a claimed level


def gaps(answers: Answers, facts: DraftFacts) -> tuple[Problem, ...]:
    """List what is missing or cannot be right, in the order of the form, one for each question.

    Whoever counts or names what an innovation lacks takes it from here, so that no two places disagree.
    """
    questions = applicable(facts.form, answers, window=facts.window)
    by_question = (
        _list_problems(question, questions, answers=answers, facts=facts) for question in questions
    )
    return tuple(problems[0] for problems in by_question if problems)


def _list_problems(
    question: Question, questions: tuple[Question, ...], *, answers: Answers, facts: DraftFacts
) -> tuple[Problem, ...]:
    """List what keeps one question from being right, the weightiest first."""
    short = _list_short_groups(question, questions, answers=answers, facts=facts)
    if question.id not in answers:
        return (Problem(question, "gap_missing"), *short) if question.required else short
    again = (Problem(question, "gap_recheck"),) if question.id in facts.recheck else ()
    return (*faults(question, answers, facts=facts), *again, *short)


def faults(question: Question, answers: Answers, *, facts: DraftFacts) -> tuple[Problem, ...]:
    """List what cannot be right about one given answer."""
    problems = []
    for rule in question.check:
        if rule in _ASKED_WHEN_GIVEN:
            continue
        name, _, other = rule.partition(":")
        if problem := _RULES[name](question, answers, facts, other):
            problems.append(problem)
    return tuple(problems)


def _keep_applying(answers: Answers, facts: DraftFacts) -> Answers:
    """Leave out what was answered before another answer changed the way: nothing is compared with it."""
    asked = applicable(facts.form, answers, window=facts.window)
    return {question.id: answers[question.id] for question in asked if question.id in answers}


def words_of_group(group: WordsGroup, questions: tuple[Question, ...], *, answers: Answers) -> int:
    """Count the words of the answers that belong together, whitespace-separated (iga.md section 1)."""
    return sum(count_words(answers.get(q.id, "")) for q in questions if q.words_group == group.id)


def count_words(text: str) -> int:
    """Count words as the form does: what stands between white space."""
    return len(text.split())


def _list_short_groups(
    question: Question, questions: tuple[Question, ...], *, answers: Answers, facts: DraftFacts
) -> tuple[Problem, ...]:
    """Name a group that is too short once, at its last question, when all its parts are there."""
    for group in facts.form.groups:
        parts = [q for q in questions if q.words_group == group.id]
        if not parts or parts[-1] is not question or any(q.id not in answers for q in parts):
            continue
        words = words_of_group(group, questions, answers=answers)
        if words < group.min_words:
            params = {
                "label": group.label.in_(facts.say.language),
                "words": words,
                "min": group.min_words,
                "short": group.min_words - words,
            }
            return (Problem(question, "gap_words", params),)
    return ()


def _read_date(answers: Answers, question_id: str) -> PartialDate | None:
    value = answers.get(question_id)
    return PartialDate.from_text(value) if value else None


def _check_not_future(question: Question, answers: Answers, facts: DraftFacts, _: str) -> Problem | None:
    day = _read_date(answers, question.id)
    if day and day.value > facts.today:
        return Problem(question, "gap_future", {"date": say_date(day, facts.say.language)})
    return None


def _check_whole_day(question: Question, answers: Answers, facts: DraftFacts, _: str) -> Problem | None:
    """The portal takes a whole date; month and year are kept until the day is known."""
    day = _read_date(answers, question.id)
    if day is None or day.precision == "day":
        return None
    return Problem(question, "gap_day", {"date": say_date(day, facts.say.language)})


def _check_not_before(question: Question, answers: Answers, facts: DraftFacts, other: str) -> Problem | None:
    day, earlier = _read_date(answers, question.id), _read_date(_keep_applying(answers, facts), other)
    if day and earlier and day.value < earlier.value:
        language = facts.say.language
        params = {
            "date": say_date(day, language),
            "other": facts.form.by_id[other].label.in_(language),
            "other_date": say_date(earlier, language),
        }
        return Problem(question, "gap_before", params)
    return None


def _check_window(question: Question, answers: Answers, facts: DraftFacts, _: str) -> Problem | None:
    """Later than the window cannot be reported this year (iga.md 1)."""
    return _name_if_reason(Reason.LATE, Problem(question, "gap_after_window"), answers=answers, facts=facts)


def _check_developed(question: Question, answers: Answers, facts: DraftFacts, _: str) -> Problem | None:
    """An innovation older than the window is reported again only when it was developed further (iga.md 1)."""
    return _name_if_reason(Reason.OLD, Problem(question, "gap_too_old"), answers=answers, facts=facts)


def _check_in_window(question: Question, answers: Answers, facts: DraftFacts, _: str) -> Problem | None:
    return _name_if_reason(
        Reason.DEVELOPMENT_OUTSIDE, Problem(question, "gap_outside_window"), answers=answers, facts=facts
    )


def _name_if_reason(
    reason: Reason, problem: Problem, *, answers: Answers, facts: DraftFacts
) -> Problem | None:
    """Name the problem, with the date it is about, where this is what makes the innovation ineligible."""
    window = facts.window
    applying = _keep_applying(answers, facts)
    if reason_of_dates(applying, opens=window.opens, closes=window.closes) is not reason:
        return None
    day = _read_date(
        answers, "waktu_pengembangan" if reason is Reason.DEVELOPMENT_OUTSIDE else "waktu_penerapan"
    )
    return replace(problem, params=_gather_window_words(day, facts)) if day else None


def _gather_window_words(day: PartialDate, facts: DraftFacts) -> Mapping[str, Any]:
    language = facts.say.language
    return {
        "date": say_date(day, language),
        "year": facts.window.year,
        "opens": say_date(PartialDate(facts.window.opens, "day"), language),
        "closes": say_date(PartialDate(facts.window.closes, "day"), language),
    }


def _check_not_same(question: Question, answers: Answers, facts: DraftFacts, other: str) -> Problem | None:
    if answers.get(other) in answers[question.id]:
        return Problem(question, "gap_same", {"other": facts.form.by_id[other].label.in_(facts.say.language)})
    return None


_RULES: Mapping[str, Callable[[Question, Answers, DraftFacts, str], Problem | None]] = {
    "not_future": _check_not_future,
    "whole_day": _check_whole_day,
    "not_before": _check_not_before,
    "window": _check_window,
    "in_window": _check_in_window,
    "developed": _check_developed,
    "not_same": _check_not_same,
}
# a similar title (F39) and what is hardly a name are asked about when given, never refused
_ASKED_WHEN_GIVEN = frozenset({"title", "name"})
RULE_NAMES = _ASKED_WHEN_GIVEN.union(_RULES)


def unproven(answers: Answers, facts: DraftFacts) -> tuple[Indicator, ...]:
    """List the indicators whose claimed level lacks evidence: without it the level counts for nothing."""
    return tuple(
        indicator
        for indicator in facts.indicators.indicators
        if not _BARE.isdisjoint(mismatches(indicator, answers))
    )
