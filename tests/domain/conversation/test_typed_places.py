"""What is typed at the task list to open a place of it."""

from __future__ import annotations

from typing import Any

import pytest

from domain.conversation.conversation import open_at, respond
from domain.conversation.cursor import Cursor
from domain.conversation.pages import LIST
from domain.draft.evidence import Piece
from domain.draft.facts import Said
from tests.kit.complete import COMPLETE
from tests.kit.draft_facts import facts


@pytest.mark.parametrize(
    ("text", "bare"),
    [("bagian B", "b"), ("Bagian e.", "e"), ("indikator 20", "20"), ("nomor 17", "17"), ("part C", "c")],
)
def test_a_part_or_an_indicator_is_named_with_its_noun_as_without(text: str, bare: str) -> None:
    answers = {"nama": "x"}
    cursor = open_at(facts(), Cursor(), answers=answers, place=LIST).cursor
    with_noun, without = (
        respond(facts(), cursor, answers=answers, said=Said(text=said)) for said in (text, bare)
    )
    assert with_noun.cursor.at == without.cursor.at != LIST


NUMBERS = range(16, 36)
LEVELS = {f"i{no}": {"level": 1} for no in NUMBERS}
WHOLE = {**COMPLETE, **LEVELS, **{f"e{no}": [Piece(f"{no:064d}", "pdf", "bukti.pdf", 9)] for no in NUMBERS}}


@pytest.mark.parametrize(
    ("answers", "states"),
    [
        ({}, ["kosong", "kosong", "kosong", "kosong", "kosong"]),
        (
            {"nama": "x", "e16": WHOLE["e16"]},
            ["… sedang diisi", "kosong", "kosong", "kosong", "… sedang diisi"],
        ),
        ({**COMPLETE, "i16": {"level": 1}}, ["✔ lengkap"] * 4 + ["… sedang diisi"]),
    ],
)
def test_the_task_list_has_five_parts_each_with_its_state(answers: dict[str, Any], states: list[str]) -> None:
    """F13, by hand."""
    shown = open_at(facts(), Cursor(), answers=answers, place=LIST).messages[0]
    lines = [line for line in shown.text.splitlines() if line[1:2] == "."]
    assert [line[0] for line in lines] == list("ABCDE")
    assert [line.partition(": ")[2].partition(" (")[0] for line in lines] == states
    assert [row[0].label[0] for row in shown.rows[:5]] == list("ABCDE")


def test_the_indicators_are_complete_once_nothing_lacks_at_any() -> None:
    known = facts()
    answers = dict(WHOLE)
    for indicator in known.indicators.indicators:
        if indicator.bases:
            answers[indicator.level_question] = {"level": 1, "basis": indicator.bases[0].id}
    said = open_at(known, Cursor(), answers=answers, place=LIST).messages[0].text
    assert "E. Indikator kematangan: ✔ lengkap (20 dari 20) · skor 37 dari 111" in said


@pytest.mark.parametrize("place", ["i16", "i17", "#ind", "#check", "tahapan", "tujuan", "nilai_anggaran"])
@pytest.mark.parametrize(
    "said", ["indikator 18", "Buka indikator 18.", "buka 18", "ke nomor 18", "open indicator 18"]
)
def test_an_indicator_named_by_its_number_is_opened_from_anywhere(place: str, said: str) -> None:
    turn = respond(facts(), Cursor(at=place), answers={}, said=Said(text=said))
    assert (turn.cursor.at, dict(turn.changes)) == ("i18", {})


@pytest.mark.parametrize("said", ["18", "nomor 18", "ganti 18", "18 orang", "sekitar 18"])
def test_a_number_that_may_be_the_count_opens_nothing(said: str) -> None:
    turn = respond(facts(), Cursor(at="i17"), answers={}, said=Said(text=said))
    assert turn.cursor.at == "i17"


@pytest.mark.parametrize(
    "said", ["Warga pindah ke RT 18", "Lihat lampiran halaman 18", "Untuk naik indikator ke 18"]
)
def test_a_sentence_that_ends_in_a_number_is_an_answer(said: str) -> None:
    turn = respond(facts(), Cursor(at="tujuan"), answers={}, said=Said(text=said))
    assert (turn.cursor.at, dict(turn.changes)) == ("tujuan", {"tujuan": said})
