from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.reading.slips import nearest, nearest_of, part_spellings, slips_allowed

NAMES = ("status", "antrean", "ajukan", "ajukan inovasi", "opd", "ya", "tidak", "rekap", "kirim sekarang")


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("sttus", ["status"]),  # one missing
        ("statsu", ["status"]),  # two swapped
        ("statuss", ["status"]),  # one too many
        ("antrian", ["antrean"]),  # one wrong
        ("ajukn inovsi", ["ajukan inovasi"]),  # two in a long phrase
        ("tidka", ["tidak"]),
        ("rekpa", ["rekap"]),
        ("stus", []),  # four letters are typed whole
        ("yaa", []),
        ("odp", []),
        ("stttuus", []),  # two in a short word
        ("kirim", []),  # half a phrase is none
    ],
)
def test_a_slip_of_the_finger_means_one_word(said: str, meant: list[str]) -> None:
    assert nearest(said, NAMES) == meant
    assert nearest_of(said, part_spellings(NAMES)) == meant


def test_numbers_are_never_slips_of_each_other() -> None:
    assert nearest("data satu pintu 4", ("data satu pintu 1", "data satu pintu 5")) == []
    assert nearest("data stu pintu 4", ("data satu pintu 4", "data satu pintu 5")) == ["data satu pintu 4"]
    assert nearest_of("data stu pintu 4", part_spellings(("data satu pintu 4", "data satu pintu 5"))) == [
        "data satu pintu 4"
    ]
    assert nearest_of("status 4", part_spellings(NAMES)) == []


def test_what_is_as_near_to_two_names_both() -> None:
    assert nearest("kesehatab", ("kesehatan", "kesehatam")) == ["kesehatan", "kesehatam"]


@given(st.sampled_from(NAMES), st.lists(st.tuples(st.integers(0, 16), st.sampled_from("aiks ")), max_size=4))
def test_spellings_parted_by_their_length_are_found_as_whole(name: str, slips: list[tuple[int, str]]) -> None:
    said = name
    for place, letter in slips:
        said = said[:place] + letter + said[place + len(letter) * (place % 2) :]
    assert sorted(nearest_of(said, part_spellings(NAMES))) == sorted(nearest(said, NAMES))


def test_longer_texts_may_hold_more_slips() -> None:
    assert [slips_allowed(letters) for letters in (4, 5, 8, 9, 15, 16, 80)] == [0, 1, 1, 2, 2, 3, 3]
