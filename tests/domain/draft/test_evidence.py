"""Pieces of evidence are values inside and JSON in the tables; rows of any age are read."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.draft.evidence import Letter, Piece, pieces_of, plain_value, read_value

FILE = {"sha256": "a" * 64, "kind": "pdf", "name": "sk.pdf", "size": 120}
LETTER = {"number": "188.4/16/2025", "date": "2025-03-03", "subject": "Tim"}


@pytest.mark.parametrize(
    "kept",
    [
        FILE,
        {**FILE, "letter": LETTER},
        {**FILE, "letter": {"subject": "Tim"}},
        {"url": "https://youtu.be/sipandu"},
        {"url": "https://youtu.be/sipandu", "dead": True},
        {"url": "https://jdih.kotimkab.go.id", "letter": LETTER},
    ],
)
def test_a_row_is_written_back_as_it_was(kept: dict[str, Any]) -> None:
    assert json.dumps(Piece.from_json(kept).to_json()) == json.dumps(kept)


def test_an_old_row_without_size_or_with_an_empty_letter_is_read() -> None:
    assert Piece.from_json({"sha256": "b", "kind": "pdf", "name": "x.pdf"}) == Piece("b", "pdf", "x.pdf")
    assert Piece.from_json({**FILE, "letter": None}) == Piece.from_json({**FILE, "letter": {}})


@pytest.mark.parametrize(
    "value", ["teks", ["asta_4", "asta_5"], {"level": 2, "basis": "a"}, ["-2.5", "112.9"], []]
)
def test_other_answers_are_left_as_they_are(value: Any) -> None:
    assert read_value(value) == value
    assert plain_value(value) == value
    assert pieces_of(value) == ()


WORDS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=9)
LETTERS = st.builds(Letter, number=WORDS, date=st.just("2025-03"), subject=WORDS) | st.just(Letter())
PIECES = st.builds(
    Piece, sha256=WORDS, kind=WORDS, name=WORDS, size=st.integers(0, 9**9), letter=LETTERS
) | st.builds(Piece, url=WORDS, dead=st.booleans(), letter=LETTERS)


@given(st.lists(PIECES, max_size=3))
def test_what_is_kept_is_read_back(pieces: list[Piece]) -> None:
    assert read_value(json.loads(json.dumps(plain_value(pieces)))) == pieces


def test_a_letter_is_given_part_by_part() -> None:
    letter = Letter().having("number", "1").having("subject", "Tim")
    assert (letter.parts, letter.is_whole) == ({"number": "1", "subject": "Tim"}, False)
    assert letter.having("date", "2025").is_whole
