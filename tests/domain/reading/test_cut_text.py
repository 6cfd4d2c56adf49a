"""A text that an app cut into messages is read as the one it was."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.reading.cut_text import MOST, goes_on, joined, may_go_on

AT = datetime(2026, 3, 2, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("before", "after", "seconds", "expected"),
    [
        ("a" * 4096, "b", 0, True),
        ("a" * 3900, "b" * 200, 1, True),  # cut behind a word
        ("a" * 2100, "b" * 1950, 1, True),  # cut behind a paragraph
        ("a" * 2100, "b" * 300, 1, False),  # both fit one message
        ("a" * 4096, "b", 5, False),  # typed anew
        ("a" * 4096, "/batal", 0, False),
        ("/siaran " + "a" * 4000, "b" * 200, 0, False),
        ("a" * 100, "b" * 4096, 0, False),
        ("😀" * 2048, "b", 0, True),  # two units each
    ],
)
def test_a_piece_is_known_by_moment_and_length(before: str, after: str, seconds: int, expected: bool) -> None:
    assert goes_on(before, after, sent=(AT, AT + timedelta(seconds=seconds))) is expected


@given(st.text(alphabet="abc .\n", min_size=1, max_size=300), st.integers(2050, MOST))
def test_what_was_cut_loses_no_word(words: str, at: int) -> None:
    whole = " ".join((words * (5000 // len(words) + 1)).split())
    if len(whole) <= MOST:
        return
    borders = (whole.rfind(" ", 2049, at), whole.rfind(" ", 2049, MOST), MOST)
    cut = next(border for border in borders if border > 0)
    pieces = [whole[:cut].strip(), whole[cut:].strip()]
    assert may_go_on(pieces[0])
    assert joined(pieces).split() == whole.split()
