"""The real form and indicators on a fixed day: what a conversation is told."""

from __future__ import annotations

from datetime import date

from domain.draft.facts import DraftFacts
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


def facts(form: Form = FORM, *, language: str = "id", titles: tuple[str, ...] = ()) -> DraftFacts:
    """Stand on the real form on a fixed day."""
    return DraftFacts(form, WORDS.in_(language), TODAY, WINDOW, SET, innovation=7, titles=lambda: titles)
