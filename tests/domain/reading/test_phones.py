"""Every usual spelling of a number is the same person; what nobody can have is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.reading.phones import mended, normal, written

CORPUS = Path(__file__).parent / "corpus" / "phones.tsv"


def corpus() -> list[tuple[str, str]]:
    lines = [line for line in CORPUS.read_text("utf-8").splitlines() if not line.startswith("#")]
    cases = []
    for line in lines:
        said, expected = line.split("\t")
        cases.append((said.encode("ascii", "backslashreplace").decode("unicode_escape"), expected))
    return cases


@pytest.mark.parametrize(("said", "expected"), corpus())
def test_it_reads_the_corpus_of_phones(said: str, expected: str) -> None:
    assert normal(said) == expected.removeprefix("-")


@pytest.mark.parametrize(
    ("shared", "number"),
    [
        ("6281234567890", "+6281234567890"),
        ("819012345678", "+819012345678"),
        ("+60123456789", "+60123456789"),
    ],
)
def test_a_platform_gives_numbers_with_their_country(shared: str, number: str) -> None:
    assert normal(shared, from_platform=True) == number


@pytest.mark.parametrize(
    ("stored", "right"),
    [
        ("+62081234567890", "+6281234567890"),
        ("+626281234567890", "+6281234567890"),
        ("+6２81234567890", "+6281234567890"),
        ("+81211110000", "+6281211110000"),  # a figure that lost its zero; nobody in Japan has it
        ("+819012345678", "+819012345678"),
        ("+628123", "+628123"),  # nothing can be made of it
    ],
)
def test_what_was_stored_wrongly_is_mended(stored: str, right: str) -> None:
    assert mended(stored) == right
    assert mended(right) == right


SPELLINGS = ("+62{}", "62{}", "0{}", "+62 0{}", "0062{}", "(0{})", "+62 (0){}", "62-{}")


@given(st.from_regex(r"81[1-9][0-9]{6,9}", fullmatch=True), st.sampled_from(SPELLINGS))
def test_every_spelling_is_the_same_person(mobile: str, spelling: str) -> None:
    assert normal(spelling.format(mobile)) == f"+62{mobile}"


@given(
    st.from_regex(r"81[1-9][0-9]{6,9}", fullmatch=True),
    st.sampled_from(SPELLINGS),
    st.sampled_from(("", " ", "-", ".")),
)
def test_every_spelling_is_found_within_a_text(mobile: str, spelling: str, between: str) -> None:
    said = spelling.format(between.join((mobile[:3], mobile[3:7], mobile[7:])))
    left = written(f"+62{mobile}").sub("…", f"telepon {said}, ya")
    assert not any(letter.isdigit() for letter in left)


@given(st.text(max_size=30))
def test_any_text_gets_an_answer(text: str) -> None:
    number = normal(text)
    assert number == "" or normal(number) == number
