"""The real form and indicators on a fixed day: what a conversation is told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from domain.conversation.cursor import Turn
from domain.draft.facts import DraftFacts, Said, Sibling
from domain.draft.path import Window
from domain.rules.form import Form
from domain.rules.indicators import load_indicators
from domain.rules.load import load_form
from handlers.words import load_words

FORM = load_form()
WORDS = load_words()
TODAY = date(2026, 3, 2)
SET = load_indicators()[2026]
WINDOW = Window(2026, date(2024, 1, 1), date(2025, 12, 31))


def facts(form: Form = FORM, *, language: str = "id", siblings: tuple[Sibling, ...] = ()) -> DraftFacts:
    """Stand on the real form on a fixed day."""
    return DraftFacts(form, WORDS.in_(language), TODAY, WINDOW, SET, innovation=7, siblings=lambda: siblings)


def after(answers: Mapping[str, Any], turn: Turn) -> dict[str, Any]:
    """Apply what a turn changes."""
    kept = {**answers, **turn.changes}
    return {question: value for question, value in kept.items() if value is not None}


def pressed(data: str) -> Said:
    """Tap a button."""
    _, _, at, revision, action, *value = data.split(":")
    return Said(action=action, value=value[0] if value else "", at=at, revision=int(revision))
