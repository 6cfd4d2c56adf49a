from __future__ import annotations

import pytest

from domain.reading.around import between, is_made_of

AROUND = {"mohon", "pak", "ya"}


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("mohon antrean pak", "antrean"),
        ("antrean", "antrean"),
        ("antrean pak ya", "antrean"),
        ("antrean pak saya", "antrean pak saya"),
        ("mohon pak", ""),
        ("", ""),
    ],
)
def test_what_stands_between_is_left(text: str, left: str) -> None:
    words = text.split()
    first, last = between(words, AROUND)
    assert " ".join(words[first:last]) == left


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("mau kirim", True),
        ("pak mau kirim ya", True),
        ("mau pak", False),  # a kind is missing
        ("mau kirim besok", False),  # a word is left over
        ("pak", False),
        ("", False),
    ],
)
def test_a_text_is_made_of_each_kind_and_of_nothing_else(text: str, made: bool) -> None:
    assert is_made_of(text.split(), ({"mau"}, {"kirim", "lapor"}), beside=AROUND) is made
