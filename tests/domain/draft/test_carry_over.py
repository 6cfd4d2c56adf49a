"""Answers that go along into another period, other rules or a newer form: nothing is lost, nothing is
guessed.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.draft import carry_over
from domain.draft.carry_over import REST
from domain.draft.checks import gaps
from domain.draft.evidence import Letter, Piece
from domain.draft.facts import DraftFacts
from domain.draft.path import Window
from domain.rules.form import FormError
from domain.rules.indicators import load_indicators
from domain.rules.load import load_form
from handlers.words import load_words
from tests.kit.newer_form import newer

SETS, FORM = load_indicators(), load_form()
WINDOW = Window(2026, date(2024, 1, 1), date(2025, 12, 31))
PIECE = Piece("a" * 64, "pdf", "a.pdf", 1)
ANSWERS: dict[str, Any] = {
    "nama": "SIPANDU",
    "tahapan": "penerapan",
    "waktu_uji_coba": "2024-02-03",
    "waktu_penerapan": "2024-06-01",
    "ada_perkembangan": "tidak",
    "i16": {"level": 1},
    "e16": [replace(PIECE, letter=Letter(date="2024-03-03"))],
    "i18": {"level": 2},
    "i19": {"level": 3},
    "e19": [PIECE],
    "i24": {"level": 1, "number": "1"},
    "i29": {"level": 3, "number": "88"},
    "e25": [PIECE],
    "i33": {"level": 2, "basis": "a", "number": "150"},
}


LEVELS, WAYS = (
    st.dictionaries(st.integers(16, 35), st.integers(1, 3)),
    st.sampled_from([(2023, 2026), (2026, 2023)]),
)


def test_dates_and_years_are_asked_again_and_the_rest_at_once() -> None:
    moved = carry_over.copied(ANSWERS, form=FORM, window=WINDOW, old=SETS[2026], new=SETS[2026])
    assert moved.changes == ANSWERS
    assert moved.again == {
        "waktu_uji_coba": "date",
        "waktu_penerapan": "date",
        "i16": "year",  # its letter has a date
        "i18": "year",
        "i24": "year",
        "i29": "year",
        REST: "rest",
    }


def test_other_rules_read_the_number_again() -> None:
    """iga.md 2.5: 29 needs 91 % now, 24 two offices, 33 counts 200 and 500 people."""
    moved = carry_over.under(ANSWERS, SETS[2023], new=SETS[2026])
    assert moved.changes == {
        "i24": None,
        "i29": {"level": 2, "number": "88"},
        "i33": {"level": 1, "basis": "a", "number": "150"},
    }
    assert set(moved.again.values()) == {"rules"}
    assert {"i16", "i18", "i24", "i29", "i33"} <= set(moved.again)


def test_a_basis_the_rules_do_not_have_takes_its_level_along() -> None:
    moved = carry_over.under({"i33": {"level": 3, "basis": "f"}, "e33": [PIECE]}, SETS[2026], new=SETS[2023])
    assert moved.changes == {"i33": None}
    assert moved.again == {"i33": "rules"}


@given(levels=LEVELS)
def test_the_same_rules_change_nothing(levels: dict[int, int]) -> None:
    answers = {f"i{no}": {"level": level} for no, level in levels.items()}
    for year in SETS:
        assert carry_over.under(answers, SETS[year], new=SETS[year]) == carry_over.Moved()


@given(
    levels=st.dictionaries(st.integers(16, 35), st.integers(1, 3)),
    way=st.sampled_from([(2023, 2026), (2026, 2023)]),
)
def test_whatever_is_taken_away_is_asked_again(levels: dict[int, int], way: tuple[int, int]) -> None:
    answers = {f"i{no}": {"level": level} for no, level in levels.items()}
    moved = carry_over.under(answers, SETS[way[0]], new=SETS[way[1]])
    assert set(moved.changes) <= set(moved.again) <= set(answers)


def test_a_newer_form_says_what_is_new() -> None:
    edition = carry_over.since(1, form=newer(), indicators=SETS[2026], answers={}, window=WINDOW)
    assert [carry_over.place_of(entry) for entry in edition.added] == ["mitra"]
    assert [carry_over.place_of(entry) for entry in edition.reworded] == ["tujuan"]
    assert (
        carry_over.since(2, form=newer(), indicators=SETS[2026], answers={}, window=WINDOW)
        == carry_over.Edition()
    )


def test_a_question_cannot_be_newer_than_its_form() -> None:
    with pytest.raises(FormError, match='"tujuan": since or reworded is beyond version 1'):
        newer(version=1)


def test_no_indicator_is_newer_than_the_form() -> None:
    for indicators in SETS.values():
        assert all(max(i.since, i.reworded) <= FORM.version for i in indicators.indicators)


def test_what_is_to_be_looked_at_again_keeps_from_sending() -> None:
    say = load_words().in_("id")
    facts = DraftFacts(FORM, say, date(2026, 3, 2), WINDOW, SETS[2026], recheck={"tujuan": "reworded"})
    answers = {"tujuan": "Menurunkan angka tengkes."}
    assert "gap_recheck" in [problem.key for problem in gaps(answers, facts)]
    assert "gap_recheck" not in [problem.key for problem in gaps(answers, replace(facts, recheck={}))]


def test_an_indicator_worded_anew_is_told_too() -> None:
    """F33: the text of an indicator changes in the middle of a period."""
    worded = tuple(i.model_copy(update={"reworded": 2 * (i.no == 16)}) for i in SETS[2026].indicators)
    renewed = SETS[2026].model_copy(update={"indicators": worded})
    edition = carry_over.since(1, form=FORM, indicators=renewed, answers={}, window=WINDOW)
    assert [carry_over.place_of(entry) for entry in edition.reworded] == ["i16"]
    assert carry_over.label_of(edition.reworded[0]).id == "Regulasi Inovasi Daerah"
