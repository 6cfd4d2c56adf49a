"""Writes a letter in words, also the parts its sender says it does not have."""

from __future__ import annotations

from domain.draft.evidence import ABSENT, Letter, Part
from domain.reading.dates import PartialDate, say_date
from domain.reading.lexicon import lexicon


def say_part(part: Part, value: str, *, language: str, weekday: bool = False) -> str:
    """Say one part; "" when it was not given."""
    if value == ABSENT:
        return str(lexicon()["letter"][f"say_{part}"][language])
    return (
        say_date(PartialDate.from_text(value), language, weekday=weekday)
        if part == "date" and value
        else value
    )


def letter_words(letter: Letter, language: str) -> str:
    """Say number, date and subject of a letter, as far as they were given; "" when nothing was."""
    parts = (
        say_part("number", letter.number, language=language),
        say_part("date", letter.date, language=language),
        say_part("subject", letter.subject, language=language),
    )
    return " · ".join(part for part in parts if part)
