"""What a question or an indicator means: help shows it at its place, and an answer about it says the same."""

from __future__ import annotations

from dataclasses import dataclass

from domain.rules.form import Question, Words
from domain.rules.indicators import Indicator


@dataclass(frozen=True, slots=True)
class Explained:
    """A title and what is said below it."""

    title: Words
    answer: Words


def explain_question(question: Question) -> Explained:
    """Explain a question of the form."""
    return Explained(question.label, question.help)


def explain_indicator(indicator: Indicator) -> Explained:
    """Explain an indicator: what counts, then the evidence that convinces."""
    counts = indicator.explained.help if indicator.explained else indicator.measures
    return Explained(
        title=_join(indicator.name, before=f"{indicator.no} · "),
        answer=Words(
            id=f"{counts.id}\n{indicator.evidence.id}",
            en=f"{counts.en}\n{indicator.evidence.en}",
        ),
    )


def _join(words: Words, *, before: str) -> Words:
    return Words(id=f"{before}{words.id}", en=f"{before}{words.en}")
