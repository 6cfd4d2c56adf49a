"""The language of what is said: every text of the program is told to be in its own."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from domain.texts import LANGUAGES
from sandbox.language_of import language_of, mark_language

ROOT = Path(__file__).parent.parent.parent
FILES = sorted(path for room in ("domain", "handlers") for path in (ROOT / room).rglob("*.toml"))
PLACE = re.compile(r"\{[^{}]*\}")
SENTENCE = 6  # words from which a text tells its language by itself


def twins(part: Any) -> Iterator[dict[str, str]]:
    """Every text that stands in both languages, the lists of typed words left out."""
    if isinstance(part, dict):
        if all(isinstance(part.get(language), str) for language in LANGUAGES) and "|" not in part["id"]:
            yield part
        for value in part.values():
            yield from twins(value)
    elif isinstance(part, list):
        for value in part:
            yield from twins(value)


def test_every_sentence_of_the_program_is_told_to_be_in_its_language() -> None:
    """What names papers and laws alone may say nothing, and nearly nothing is taken for the other."""
    sentences, silent, wrong = 0, 0, []
    for path in FILES:
        for twin in twins(tomllib.loads(path.read_text(encoding="utf-8"))):
            for language in LANGUAGES:
                text = PLACE.sub(" ", twin[language])
                if len(text.split()) < SENTENCE or "Choose a language" in text:
                    continue
                sentences += 1
                silent += language_of(text) == ""
                wrong += [text] if language_of(text) not in ("", language) else []
    assert sentences > 2000
    assert wrong == []
    assert silent < sentences / 100


def test_what_does_not_say_is_in_the_language_of_what_came_before() -> None:
    message: dict[str, Any] = {"text": "DI-2026-0007"}
    assert mark_language(message, ["Kembali", "Back"], before="en") == "en"
    assert message["foreign"] == {"Kembali": "id"}


def test_a_message_of_buttons_alone_is_in_their_language() -> None:
    assert mark_language({"text": ""}, ["Lanjutkan isian", "Bantuan"], before="en") == "id"
