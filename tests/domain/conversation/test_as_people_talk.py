"""What people type as they talk: enough, a hedge, several answers at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from domain.conversation.conversation import open_at, respond
from domain.conversation.cursor import Cursor
from domain.draft.facts import Said
from domain.message import WITHOUT_MARKS
from tests.kit.draft_facts import facts


def at(place: str, answers: Mapping[str, Any] | None = None) -> tuple[Cursor, Mapping[str, Any]]:
    """Stand at a place."""
    return open_at(facts(), Cursor(), answers=answers or {}, place=place).cursor, answers or {}


ENOUGH = [
    "cukup", "itu saja", "sudah itu saja pak", "sudah segitu saja", "oke cukup ya bu", "baik pak, cukup",
    "that's all",
]  # fmt: skip


@pytest.mark.parametrize("said", ENOUGH)
def test_who_has_said_enough_goes_on(said: str) -> None:
    for place, kept in (("dasar_hukum", "Perbup 12 Tahun 2023"), ("urusan_lain", ["sosial"]), ("foto", [])):
        cursor, answers = at(place, {place: kept} if kept else {})
        turn = respond(facts(), cursor, answers=answers, said=Said(text=said))
        assert (turn.cursor.at != place, turn.changes) == (True, {}), place


@pytest.mark.parametrize("said", ENOUGH)
def test_to_have_said_enough_is_no_answer_to_what_is_needed(said: str) -> None:
    cursor, answers = at("permasalahan")
    turn = respond(facts(), cursor, answers=answers, said=Said(text=said))
    assert (turn.cursor.at, turn.changes) == ("permasalahan", {})


def test_a_sentence_that_names_and_is_typed_again_is_the_name() -> None:
    told = Said(text="inovasinya SIGAP, mulai maret 2024")
    cursor, answers = at("nama")
    asked = respond(facts(), cursor, answers=answers, said=told)
    again = respond(facts(), asked.cursor, answers=answers, said=told)
    assert (asked.changes, again.changes) == ({}, {"nama": told.text})


@pytest.mark.parametrize("said", ["Cukup satu kali daftar.", "itu saja yang menjadi masalah warga", "Sudah?"])
def test_a_text_that_begins_with_enough_is_an_answer(said: str) -> None:
    cursor, answers = at("permasalahan", {"permasalahan": "Antrean panjang."})
    turn = respond(facts(), cursor, answers=answers, said=Said(text=said))
    assert turn.cursor.at == "permasalahan"


@pytest.mark.parametrize("said", ["cukup baik", "Cukup baik, pak.", "cukup oke"])
def test_enough_before_a_judgement_ends_nothing(said: str) -> None:
    cursor, answers = at("dasar_hukum", {"dasar_hukum": "Perbup 12 Tahun 2023"})
    turn = respond(facts(), cursor, answers=answers, said=Said(text=said))
    assert turn.cursor.at == "dasar_hukum"


@pytest.mark.parametrize(
    ("place", "said", "meant"),
    [
        ("waktu_uji_coba", "1 maret 2024 kalo tidak salah", "Maksud Bapak/Ibu Jumat, 1 Maret 2024?"),
        ("tahapan", "penerapan klo ndak salah", "Maksud Bapak/Ibu Penerapan?"),
        ("nilai_anggaran", "25 juta seingat saya", "Maksud Bapak/Ibu 25.000.000 rupiah?"),
    ],
)
def test_an_answer_with_a_hedge_is_read_back(place: str, said: str, meant: str) -> None:
    cursor, answers = at(place, {"tahapan": "penerapan"})
    turn = respond(facts(), cursor, answers=answers, said=Said(text=said))
    assert (turn.changes, turn.messages[0].text.translate(WITHOUT_MARKS)) == ({}, meant)


def test_several_answers_in_the_message_of_the_name_are_asked_apart() -> None:
    told = "inovasinya SIGAP, mulai maret 2024, yang bikin pak camat, gratis"
    turn = respond(facts(), at("nama")[0], answers={}, said=Said(text=told))
    assert turn.changes == {}
    assert turn.messages[0].rows[0][0].label == "1 · SIGAP"
    chosen = respond(facts(), turn.cursor, answers={}, said=Said(text="1"))
    assert chosen.changes == {"nama": "SIGAP"}
