from __future__ import annotations

import pytest

from domain.reading.slips import nearest, slips_allowed

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


def test_numbers_are_never_slips_of_each_other() -> None:
    assert nearest("data satu pintu 4", ("data satu pintu 1", "data satu pintu 5")) == []
    assert nearest("data stu pintu 4", ("data satu pintu 4", "data satu pintu 5")) == ["data satu pintu 4"]


def test_what_is_as_near_to_two_names_both() -> None:
    assert nearest("kesehatab", ("kesehatan", "kesehatam")) == ["kesehatan", "kesehatam"]


def test_longer_texts_may_hold_more_slips() -> None:
    assert [slips_allowed(letters) for letters in (4, 5, 8, 9, 15, 16, 80)] == [0, 1, 1, 2, 2, 3, 3]
