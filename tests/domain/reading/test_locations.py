"""Locations are read in every usual spelling; numbers of an address are none."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.reading.locations import read_location
from domain.reading.regency import regency
from domain.reading.result import NotUnderstood, Understood

CORPUS = Path(__file__).parent / "corpus" / "locations.tsv"
SAMPIT = (-2.5312, 112.9534)


def corpus() -> list[tuple[str, str]]:
    cases = []
    for line in CORPUS.read_text("utf-8").splitlines():
        if not line.startswith("#"):
            said, expected = line.split("\t")
            escaped = (
                said.encode("latin-1", "backslashreplace").decode("unicode_escape") if "\\u" in said else said
            )
            cases.append((escaped, expected))
    return cases


@pytest.mark.parametrize(("text", "expected"), corpus())
def test_it_reads_the_corpus_of_locations(text: str, expected: str) -> None:
    match read_location(text):
        case Understood(value=(latitude, longitude), sure=sure):
            assert f"{'=' if sure else '?'} {latitude:.4f} {longitude:.4f}" == expected
        case NotUnderstood(reason=reason):
            assert f"- {reason}" == expected


def sixty(degrees: float) -> tuple[int, int, float]:
    minutes = abs(degrees) * 60
    return int(minutes // 60), int(minutes % 60), round(minutes * 60 % 60, 2)


def in_dms(location: tuple[float, float], letters: tuple[str, str]) -> str:
    (d, m, s), (e, n, t) = sixty(location[0]), sixty(location[1])
    return f"{d}°{m}'{s}\"{letters[0]} {e}°{n}'{t}\"{letters[1]}"


@given(
    st.floats(-3.3, -1.2),
    st.floats(112.1, 113.2),
    st.sampled_from(
        [
            ("{:.5f}, {:.5f}", 1),
            ("{:.5f} LS {:.5f} BT", -1),
            ("S{:.5f} E{:.5f}", -1),
            ("minus {:.5f} {:.5f}", -1),
        ]
    ),
)
def test_every_spelling_is_the_same_location(
    latitude: float, longitude: float, spelling: tuple[str, int]
) -> None:
    shape, sign = spelling
    for text in (
        shape.format(sign * latitude, longitude),
        shape.format(sign * latitude, longitude).replace(".", ","),
    ):
        read = read_location(text)
        assert isinstance(read, Understood), text
        assert read.value == pytest.approx((latitude, longitude), abs=1e-4)


@given(st.floats(-3.3, -1.2), st.floats(112.1, 113.2), st.sampled_from([("S", "E"), (" LS", " BT")]))
def test_degrees_minutes_and_seconds_are_the_same_location(
    south: float, east: float, letters: tuple[str, str]
) -> None:
    text = in_dms((south, east), letters)
    read = read_location(text)
    if '60.0"' not in text:
        assert isinstance(read, Understood), text
        assert read.value == pytest.approx((south, east), abs=1e-5)


@given(st.text())
def test_any_text_gets_an_answer(text: str) -> None:
    assert read_location(text).said == text


STREET = "Jl. Jalan Pelita No Nomor Km RT RW Kec Kel Blok Gang 3 105 12 2,5 112 74322 , . / - lantai desa"


@given(st.lists(st.sampled_from(STREET.split()), max_size=8))
def test_an_address_is_no_location(words: list[str]) -> None:
    """Letters other than those of hemispheres, and no pair of fine decimals: never a location."""
    text = " ".join(words)
    if any(word.isalpha() for word in words):
        assert isinstance(read_location(text), NotUnderstood), text


def test_the_box_of_the_regency_holds_its_seat() -> None:
    home = regency()
    assert home.name == "Kotawaringin Timur"
    assert home.holds(SAMPIT)
    assert not home.holds((2.5312, 112.9534))
    assert not home.holds((-6.2, 106.8))  # Jakarta
    assert home.likely((112.9534, -2.5312)) == (SAMPIT,)
    assert home.likely((2.5312, 112.9534)) == (SAMPIT,)
    assert home.likely((-6.2, 106.8)) == ()
