"""What one act of a person may collide with: a second person, a second message, a second tap."""

from __future__ import annotations

from typing import Any

import pytest

from domain.conversation import contested
from domain.conversation.contested import OtherAnswer
from domain.conversation.conversation import respond
from domain.conversation.cursor import Cursor, Turn
from domain.draft.facts import Said
from tests.domain.conversation.test_conversation import at, text_of
from tests.kit.draft_facts import after, facts

OTHER = OtherAnswer("Budi", "pukul 08.00")


def asked(place: str, held: Any, given: Any) -> Turn:
    cursor, _ = at(place)
    return contested.asked(facts(), cursor, answers={place: held}, changes={place: given}, other=OTHER)


@pytest.mark.parametrize(
    ("place", "held", "given", "said"),
    [
        ("nama", "SIPANDU", "POSYANDU", "POSYANDU"),
        ("tahapan", "penerapan", "uji_coba", "Uji Coba"),
        ("tujuan", "Satu.", "Satu.\n\nDua.", "Jawaban Bapak/Ibu: Dua."),
        ("i19", {"level": 1}, {"level": 3}, "tingkat 3"),
    ],
)
def test_the_second_is_told_and_chooses(place: str, held: Any, given: Any, said: str) -> None:
    turn = asked(place, held, given)
    assert not turn.changes
    assert "Budi" in text_of(turn)
    assert said in text_of(turn)
    kept = Cursor.from_json(turn.cursor.to_json())
    mine = respond(facts(), kept, answers={place: held}, said=Said(text="ya"))
    assert mine.changes == {place: given}
    theirs = respond(facts(), kept, answers={place: held}, said=Said(text="tidak"))
    assert not theirs.changes
    assert not theirs.cursor.pending


@pytest.mark.parametrize(("action", "kept"), [("yes", "Satu.\n\nDua."), ("mine", "Dua."), ("no", "Satu.")])
def test_a_long_text_is_added_put_in_place_of_the_other_or_left(action: str, kept: str) -> None:
    turn = asked("tujuan", "Satu.", "Satu.\n\nDua.")
    labels = [choice.label for row in turn.messages[-1].rows for choice in row]
    assert labels == ["Tambahkan di bawahnya", "Pakai jawaban saya", "Biarkan jawaban Budi"]
    cursor = Cursor.from_json(turn.cursor.to_json())
    tap = Said(action=action, at=cursor.at, revision=cursor.revision)
    chosen = respond(facts(), cursor, answers={"tujuan": "Satu."}, said=tap)
    assert after({"tujuan": "Satu."}, chosen)["tujuan"] == kept


def test_a_short_answer_has_no_third_choice() -> None:
    turn = asked("nama", "SIPANDU", "POSYANDU")
    labels = [choice.label for row in turn.messages[-1].rows for choice in row]
    assert labels == ["Pakai jawaban saya", "Biarkan jawaban Budi"]


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"nama": "SIPANDU"}, "nama"),
        ({"i19": {"level": 2}}, "i19"),
        ({"nama": None}, ""),  # what is emptied replaces nothing
        ({"e19": []}, ""),  # evidence is added
        ({"nama": "SIPANDU", "tahapan": "penerapan"}, ""),
        ({}, ""),
    ],
)
def test_only_one_replaced_answer_is_contested(changes: dict[str, Any], place: str) -> None:
    assert contested.place_of(Turn(Cursor(at="nama"), changes=changes), facts()) == place


def test_the_rest_of_a_title_in_a_second_message_is_offered_to_be_joined() -> None:
    cursor, answers = at("tahapan", {"nama": "SIPANDU Sistem Posyandu"})
    more = Said(text="Terpadu di Baamang", follows="nama")
    turn = respond(facts(), cursor, answers=answers, said=more)
    assert not turn.changes
    assert "SIPANDU Sistem Posyandu Terpadu di Baamang" in text_of(turn)
    kept = Cursor.from_json(turn.cursor.to_json())
    joined = respond(facts(), kept, answers=answers, said=Said(text="ya"))
    assert joined.changes == {"nama": "SIPANDU Sistem Posyandu Terpadu di Baamang"}
    assert joined.cursor.at == "tahapan"
    assert after(answers, joined)["nama"].endswith("Baamang")
    assert not respond(facts(), kept, answers=answers, said=Said(text="bukan")).changes


@pytest.mark.parametrize(
    ("place", "text", "follows"),
    [
        ("tahapan", "Terpadu di Baamang", ""),  # later, or from another question
        ("tahapan", "penerapan", "nama"),  # an answer here
        ("inisiator", "Terpadu di Baamang", "nama"),  # not the question before this one
        ("tahapan", "di " + "x" * 300, "nama"),  # the whole would be too long
        ("tahapan", "digitalisasi", "nama"),  # a choice somebody meant
        ("tahapan", "sudah jalan", "nama"),
        ("tahapan", "Sudah lama", "nama"),  # keyboards write the first letter large
    ],
)
def test_nothing_else_is_taken_for_the_rest_of_a_title(place: str, text: str, follows: str) -> None:
    cursor, answers = at(place, {"nama": "SIPANDU"})
    turn = respond(facts(), cursor, answers=answers, said=Said(text=text, follows=follows))
    assert not turn.cursor.pending.joins
