"""The page before sending: what is open first, each thing with its button, and back to it after mending."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from domain.conversation.conversation import respond
from domain.conversation.cursor import Cursor, Turn
from domain.conversation.pages import CHECK, LIST
from domain.conversation.question_message import MOST_BUTTONS
from domain.draft.evidence import Piece
from domain.draft.facts import DraftFacts, Said
from domain.message import WITHOUT_MARKS
from tests.domain.conversation.test_conversation import at
from tests.kit.complete import COMPLETE
from tests.kit.draft_facts import facts, pressed


def shown(turn: Turn) -> str:
    return turn.messages[0].text.translate(WITHOUT_MARKS)


def labels(turn: Turn) -> list[str]:
    return [choice.label for row in turn.messages[0].rows for choice in row]


def check(answers: dict[str, Any], known: DraftFacts | None = None) -> tuple[Turn, DraftFacts]:
    known = known or facts()
    cursor, _ = at(LIST, answers)
    return respond(known, cursor, answers=answers, said=Said(text="periksa")), known


def test_it_leads_with_what_is_missing() -> None:
    turn, _ = check({"nama": "SIPANDU"})
    assert turn.messages[0].rows[0][0].label == "Tahapan Inovasi"
    assert "Kirim sekarang" not in labels(turn)
    assert len(labels(turn)) <= MOST_BUTTONS


def test_what_may_follow_later_does_not_keep_it_back() -> None:
    turn, _ = check(dict(COMPLETE))
    assert labels(turn)[0] == "Kirim sekarang"
    assert labels(turn)[1] == "16 · Regulasi Inovasi Daerah"
    assert "boleh menyusul" in shown(turn).casefold()


def test_after_mending_one_thing_one_is_back_at_the_list() -> None:
    answers = {name: value for name, value in COMPLETE.items() if name not in ("tahapan", "jenis")}
    turn, known = check(answers)
    question = respond(known, turn.cursor, answers=answers, said=pressed(turn.messages[0].rows[0][0].data))
    assert question.cursor.at == "tahapan"
    mended = respond(known, question.cursor, answers=answers, said=Said(text="penerapan"))
    assert mended.cursor.at == CHECK
    assert labels(mended)[0] == "Jenis Inovasi"


def test_an_indicator_leads_back_as_soon_as_it_lacks_nothing() -> None:
    piece = Piece("a" * 64, "jpg", "foto.jpg", 1000)
    answers = {**COMPLETE, "e25": [piece]}
    turn, known = check(answers)
    opens = Said(action="e", value="i25", at=CHECK, revision=turn.cursor.revision)
    page = respond(known, turn.cursor, answers=answers, said=opens)
    assert page.cursor.at == "i25"
    back = respond(known, page.cursor, answers=answers, said=Said(text="1"))
    assert back.cursor.at == CHECK
    assert "25 · " not in "".join(labels(back))


def test_what_is_mandatory_is_named_on_the_first_page() -> None:
    piece = Piece("a" * 64, "jpg", "foto.jpg", 1000)
    turn, _ = check({**COMPLETE, **{f"e{no}": [piece] for no in range(18, 31)}})
    assert [label.split(" ")[0] for label in labels(turn) if label[:2].isdigit()][:5] == [
        "16",
        "17",
        "32",
        "33",
        "35",
    ]


def test_what_was_repaired_is_said_and_what_was_not_is_asked() -> None:
    flagged = {"tujuan": "Sebutkan angkanya.", "i16": "Tidak terbaca."}
    known = replace(facts(), sent=True, returned=True, flagged=flagged, repaired=frozenset({"tujuan"}))
    turn, _ = check(dict(COMPLETE), known)
    assert "Sudah diperbaiki: 1 dari 2\n✔ Tujuan" in shown(turn)
    assert "• 16 · Regulasi Inovasi Daerah: belum diubah. Catatan Desk: Tidak terbaca." in shown(turn)
    assert labels(turn)[:2] == ["Kirim ulang", "16 · Regulasi Inovasi Daerah"]


@pytest.mark.parametrize(
    ("place", "typed", "leads_to"),
    [
        (CHECK, "16", "i16"),
        (CHECK, "35", "i35"),
        (CHECK, "tujuan", "tujuan"),
        (CHECK, "Nama Inovasi", "nama"),
        (CHECK, "3", CHECK),
        (CHECK, "15", CHECK),
        (LIST, "a", "nama"),
        (LIST, "E", "#ind"),
        (LIST, "5", "#ind"),
        (LIST, "video inovasi daerah", "i35"),
        (LIST, "20", "i20"),
    ],
)
def test_numbers_from_16_are_indicators_and_nothing_else_is(place: str, typed: str, leads_to: str) -> None:
    answers = dict(COMPLETE)
    cursor, _ = at(place, answers)
    turn = respond(facts(), cursor, answers=answers, said=Said(text=typed))
    assert turn.cursor.at == leads_to


@pytest.mark.parametrize("page", range(1, 6))
def test_the_pages_of_the_answers_name_what_they_hold(page: int) -> None:
    answers = dict(COMPLETE)
    cursor = Cursor(at=CHECK, revision=3)
    turn = respond(facts(), cursor, answers=answers, said=pressed(f"f:7:{CHECK}:3:p:{page}"))
    assert not [label for label in labels(turn) if label.lstrip("✎ ")[:1].isdigit()]
    assert len(labels(turn)) <= MOST_BUTTONS
