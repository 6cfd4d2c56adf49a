"""Carries answers into another period, rule year or version of the form; nothing is lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from domain.draft.evidence import pieces_of
from domain.draft.facts import DraftFacts
from domain.draft.path import Window, applicable
from domain.rules.form import Answers, Form, Question, Words
from domain.rules.indicators import Indicator, IndicatorSet, LevelAnswer

Entry = Question | Indicator
REST = "#rest"  # everything that was copied and is not asked again by itself


@dataclass(frozen=True, slots=True)
class Moved:
    """What moving changes: answers (None takes one away), and the places to look at again, each with its
    reason.
    """

    changes: Mapping[str, Any] = field(default_factory=dict)
    again: Mapping[str, str] = field(default_factory=dict)


def copied(answers: Answers, *, form: Form, window: Window, old: IndicatorSet, new: IndicatorSet) -> Moved:
    """Return the answers of an innovation of an earlier period for a new draft (F14).

    Dates, and the indicators whose evidence belongs to years, are asked again one by one; the rest at once.
    """
    moved = under(answers, old, new=new)
    kept = {question: value for question, value in {**answers, **moved.changes}.items() if value is not None}
    dates = [q.id for q in applicable(form, kept, window=window) if q.kind == "date" and q.id in kept]
    years = [i.level_question for i in new.indicators if _belongs_to_years(i, kept)]
    again = {**dict.fromkeys(dates, "date"), **dict.fromkeys(years, "year"), **moved.again, REST: "rest"}
    return Moved(kept, again)


def _belongs_to_years(indicator: Indicator, answers: Answers) -> bool:
    """Tell whether an indicator's answer was true of one year: by its rule, or by the date of a letter."""
    pieces = pieces_of(answers.get(indicator.evidence_question))
    dated = any(piece.letter.day for piece in pieces)
    return dated or (indicator.yearly and bool(pieces or indicator.level(answers)))


def under(answers: Answers, old: IndicatorSet, *, new: IndicatorSet) -> Moved:
    """Read the levels under other rules: by their number where there is one; a level that means another is
    asked again.

    A basis the new rules do not have takes its level with it; the evidence stays.
    """
    changes: dict[str, Any] = {}
    again: dict[str, str] = {}
    for indicator in new.indicators:
        level_answer, before = answers.get(indicator.level_question), old.by_no[indicator.no]
        if not level_answer or old is new:
            continue
        value = _carry_level(level_answer, indicator)
        if value != level_answer:
            changes[indicator.level_question] = value
        if value != level_answer or _say_level(before, level_answer) != _say_level(indicator, value or {}):
            again[indicator.level_question] = "rules"
    return Moved(changes, again)


def _carry_level(level_answer: LevelAnswer, indicator: Indicator) -> LevelAnswer | None:
    basis = next((basis for basis in indicator.bases if basis.id == level_answer.get("basis")), None)
    if indicator.bases and basis is None:
        return None
    measure = basis.measure if basis else indicator.measure
    if measure is None or "number" not in level_answer:
        return level_answer
    level = measure.level(Decimal(level_answer["number"]))
    if level:
        return {**level_answer, "level": level}
    return {"basis": basis.id} if basis else None


def _say_level(indicator: Indicator, level_answer: Mapping[str, Any]) -> str:
    """Return a level in words, to compare it under two rule years."""
    basis = next((basis for basis in indicator.bases if basis.id == level_answer.get("basis")), None)
    levels, level = (basis.levels if basis else indicator.levels), level_answer.get("level", 0)
    return levels[level - 1].id if levels and level else ""


def rest_open(facts: DraftFacts) -> bool:
    """Whether what was copied has not been confirmed as a whole."""
    return REST in facts.recheck


@dataclass(frozen=True, slots=True)
class Edition:
    """What a newer version of the form has and an older one has not."""

    added: tuple[Entry, ...] = ()
    reworded: tuple[Entry, ...] = ()


def since(version: int, *, form: Form, indicators: IndicatorSet, answers: Answers, window: Window) -> Edition:
    """List what is new, and what is worded anew, since a version of the form; only what applies to these
    answers.
    """
    entries: tuple[Entry, ...] = (*applicable(form, answers, window=window), *indicators.indicators)
    added = tuple(entry for entry in entries if entry.since > version)
    return Edition(added, tuple(e for e in entries if e.reworded > version and e not in added))


def place_of(entry: Entry) -> str:
    """The place where an entry is answered."""
    return entry.level_question if isinstance(entry, Indicator) else entry.id


def label_of(entry: Entry) -> Words:
    """The name of an entry, as the national form writes it."""
    return entry.name if isinstance(entry, Indicator) else entry.label
