"""Courtesies, signs, questions and promises are answered and never kept unasked; true answers are never
refused.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from domain.conversation.conversation import respond
from domain.conversation.cursor import Cursor
from domain.conversation.indicator_pieces import mark_of
from domain.conversation.pending import LetterAsked, Pending
from domain.draft.evidence import Piece
from domain.draft.facts import Said
from domain.draft.path import applicable
from domain.reading.remarks import remark_in
from tests.kit.draft_facts import facts

CORPUS = Path(__file__).parents[1] / "reading" / "corpus"


def lines(name: str) -> list[str]:
    written = (CORPUS / name).read_text(encoding="utf-8").splitlines()
    return [line for line in written if line and not line.startswith("#")]


REMARKS, ANSWERS = lines("remarks.txt"), lines("answers_like_remarks.txt")
OPEN = {"tahapan": "penerapan", "ada_perkembangan": "tidak"}


def places() -> list[str]:
    """One question of every kind, every question of text, and three indicators."""
    asked = applicable(facts().form, OPEN, window=facts().window)
    first = {question.kind: question.id for question in asked}
    texts = [question.id for question in asked if question.kind in ("text", "long")]
    return [*dict.fromkeys([*first.values(), *texts]), "i16", "i17", "i33"]


def test_there_are_enough_of_both() -> None:
    assert len(REMARKS) >= 120
    assert len(ANSWERS) >= 60


@pytest.mark.parametrize("place", places())
def test_no_remark_is_kept_without_asking(place: str) -> None:
    question = facts().form.by_id.get(place)
    own = {word for option in question.options for word in option.synonyms} if question else set()
    kept = {}
    for text in (one for one in REMARKS if one.casefold() not in own):  # "sudah" is a Yes where that is asked
        turn = respond(facts(), Cursor(at=place, revision=1), answers=OPEN, said=Said(text=text))
        if turn.changes:
            kept[text] = turn.changes
        assert turn.messages, text
        assert turn.cursor.at in (place, "#list", "#check"), (text, turn.cursor.at)
    assert kept == {}


@pytest.mark.parametrize("part", ["number", "date", "subject"])
def test_no_remark_becomes_data_of_a_letter(part: str) -> None:
    piece = Piece(sha256="a" * 64, kind="pdf", name="sk.pdf", size=1)
    asked = LetterAsked(0, part, marks=mark_of(piece))  # type: ignore[arg-type]
    cursor = Cursor(at="i16", revision=1, pending=Pending(letter=asked))
    for text in REMARKS:
        turn = respond(facts(), cursor, answers={"e16": [piece]}, said=Said(text=text))
        # of the wrong file it is the file that goes
        assert turn.changes == ({"e16": None} if text == "maaf salah kirim" else {}), text


@pytest.mark.parametrize("place", ["nama", "nama_inisiator", "dasar_hukum"])
def test_no_true_answer_is_refused_outright(place: str) -> None:
    """It is kept, or asked about and kept with a yes."""
    long = facts().form.by_id[place].kind == "long"  # one word is no answer there
    for text in (one for one in ANSWERS if len(one.split()) > 3 or not long):
        asked = respond(facts(), Cursor(at=place, revision=1), answers=OPEN, said=Said(text=text))
        turn = asked if asked.changes else respond(facts(), asked.cursor, answers=OPEN, said=Said(text="ya"))
        assert turn.changes.get(place) == text, (text, asked.messages[-1].text)


def test_a_remark_added_to_a_long_text_stays_apart() -> None:
    answers = {**OPEN, "dasar_hukum": "Perbup 5/2024."}
    turn = respond(
        facts(), Cursor(at="dasar_hukum", revision=1), answers=answers, said=Said(text="Terima kasih kak")
    )
    assert not turn.changes
    more = respond(facts(), turn.cursor, answers=answers, said=Said(text="Warga melapor ke mana?"))
    assert not more.changes
    assert respond(facts(), more.cursor, answers=answers, said=Said(text="ya")).changes == {
        "dasar_hukum": "Perbup 5/2024.\n\nWarga melapor ke mana?"
    }


def test_a_question_about_a_term_gets_its_meaning() -> None:
    turn = respond(
        facts(), Cursor(at="tahapan", revision=1), answers={}, said=Said(text="apa itu replikasi?")
    )
    replication = next(i for i in facts().indicators.indicators if "eplikasi" in i.name.id)
    assert replication.measures.id in turn.messages[0].text


@pytest.mark.parametrize(
    "text", ["25", "3 Maret 2025", "2", "-2.53, 112.95", "https://youtu.be/abc", "Penerapan"]
)
def test_plain_answers_of_other_kinds_are_no_remarks(text: str) -> None:
    assert remark_in(text) is None


@pytest.mark.parametrize("place", ["tahapan", "urusan_lain"])
@pytest.mark.parametrize(
    "text",
    [
        "saya tidak tahu harus pilih yang mana",
        "saya baru bergabung jadi tidak tahu harus pilih yang mana dari sekian banyak ini",
        "yang mana yang cocok untuk posyandu kami",
        "I am new here and cannot tell which one fits our office",
    ],
)
def test_who_does_not_know_what_to_choose_gets_help(place: str, text: str) -> None:
    """And is not offered to have the sentence put behind the name given a moment ago."""
    answers = {**OPEN, "nama": "SIPANDU"}
    said = Said(text=text, follows="nama")
    turn = respond(facts(), Cursor(at=place, revision=1), answers=answers, said=said)
    assert not turn.changes
    assert not turn.cursor.pending
    assert facts().form.by_id[place].help.id in turn.messages[0].text


def test_the_rest_of_a_name_is_still_offered_to_be_joined() -> None:
    said = Said(text="untuk Warga yang Tidak Mampu", follows="nama")
    turn = respond(facts(), Cursor(at="tahapan", revision=1), answers={"nama": "SIPANDU"}, said=said)
    assert turn.cursor.pending.joins == "nama"
