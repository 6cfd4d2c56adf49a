"""What a question or an indicator means: help shows it at its place, and an answer about it says the same."""

from __future__ import annotations

from collections.abc import Iterable
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


def list_question_texts(question: Question) -> tuple[str, ...]:
    """List what a question says of itself, its choices included, in both languages."""
    choices = question.options
    return (
        *_both(question.label, question.ask, question.hint, question.help, question.why, question.example),
        *_both(*(choice.label for choice in choices)),
        *(word for choice in choices for word in choice.synonyms),
    )


def list_indicator_texts(item: Indicator) -> tuple[str, ...]:
    """List what an indicator says of itself, its levels and evidence included, in both languages."""
    explained = (item.explained.help, item.explained.example) if item.explained else ()
    bases = (words for basis in item.bases for words in (basis.label, basis.evidence))
    return (
        *_both(item.name, item.measures, item.evidence, *item.levels, *explained, *bases),
        *(word for words in item.synonyms for word in words),
    )


def _both(*texts: Words) -> Iterable[str]:
    return (text for words in texts for text in (words.id, words.en))


def _join(words: Words, *, before: str) -> Words:
    return Words(id=f"{before}{words.id}", en=f"{before}{words.en}")
