"""What is still open before sending: first what keeps the innovation back, then what costs points."""

from __future__ import annotations

from dataclasses import dataclass, replace

from domain.draft.checks import gaps
from domain.draft.facts import DraftFacts
from domain.rules.form import Answers
from domain.rules.indicators import mismatches
from domain.texts import Marked, shortened

REASON_CHARS = 120  # of what the desk asks for, in its line


@dataclass(frozen=True, slots=True)
class StillOpen:
    """One thing that is open: the place its button leads to, what it is called, and the line that says it."""

    place: str
    label: str
    line: Marked
    keeps_back: bool = False  # whether it cannot be sent before
    mandatory: bool = False  # whether it is a mandatory indicator without a level


def still_open(answers: Answers, facts: DraftFacts) -> tuple[StillOpen, ...]:
    """List what is missing, each place once, in the order of the form; then what the desk asked for and
    nobody has changed yet, and what the indicators lack.
    """
    entries: dict[str, StillOpen] = {}
    for entry in (
        *_list_gaps(answers, facts),
        *_list_flagged(facts),
        *_list_indicators(answers, facts),
    ):
        entries.setdefault(entry.place, entry)
    return tuple(entries.values())


def _list_flagged(facts: DraftFacts) -> list[StillOpen]:
    return [
        _make(facts, place, facts.words("open_flagged", reason=shortened(reason, REASON_CHARS)))
        for place, reason in facts.flagged.items()
        if place not in facts.repaired
    ]


def _list_gaps(answers: Answers, facts: DraftFacts) -> list[StillOpen]:
    made = [_make(facts, p.question.id, p.describe(facts)) for p in gaps(answers, facts)]
    return [replace(entry, keeps_back=True) for entry in made]


def _list_indicators(answers: Answers, facts: DraftFacts) -> list[StillOpen]:
    """Mandatory indicators without a level, evidence without one, and levels without enough evidence."""
    entries = []
    for indicator in facts.indicators.indicators:
        place, wrong = indicator.level_question, mismatches(indicator, answers)
        key = next((_KEYS[fault] for fault in wrong), "")
        if key:
            entry = _make(facts, place, facts.words(key))
            entries.append(replace(entry, mandatory="mandatory" in wrong))
    return sorted(entries, key=lambda entry: not entry.mandatory)  # on the first page, before what only adds


_KEYS = {
    "mandatory": "open_mandatory",
    "no_level": "open_level",
    "no_evidence": "open_evidence",
    "few_evidence": "open_evidence",
}


def _make(facts: DraftFacts, place: str, problem: Marked) -> StillOpen:
    label = facts.place_name(place)
    return StillOpen(place, label, facts.words("open_line", label=label, problem=problem))
