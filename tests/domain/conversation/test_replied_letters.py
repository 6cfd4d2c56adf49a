"""A reply to a letter's question is taken also when the letter was finished since."""

from __future__ import annotations

import pytest

from domain.conversation.conversation import respond
from domain.conversation.cursor import Cursor
from domain.conversation.indicator_page import letter_message
from domain.conversation.out_of_turn import Replied, answered_at
from domain.conversation.pending import LetterAsked, Pending
from domain.draft.evidence import Letter, Piece
from domain.draft.facts import Said
from tests.kit.draft_facts import facts

WHOLE = Letter("188.45/1/2025", "2025-03-03", "Tim Inovasi")
ANSWERS = {"i16": {"level": 1}, "e16": [Piece("a" * 64, "pdf", "SK.pdf", 1000, letter=WHOLE)]}


@pytest.mark.parametrize(
    ("asked", "said", "kept"),
    [
        (LetterAsked(0, "number"), "188.45/22/2025", Letter("188.45/22/2025", "2025-03-03", "Tim Inovasi")),
        (LetterAsked(0, "date"), "7 April 2025", Letter("188.45/1/2025", "2025-04-07", "Tim Inovasi")),
        (LetterAsked(0, "subject"), "Tim SIPANDU", Letter("188.45/1/2025", "2025-03-03", "Tim SIPANDU")),
    ],
)
@pytest.mark.parametrize("at", ["i16", "i20", "tujuan"])
def test_the_part_that_was_asked_is_mended(at: str, asked: LetterAsked, said: str, kept: Letter) -> None:
    known, cursor = facts(), Cursor(at=at, revision=4)
    message = letter_message(known.indicators.by_no[16], ANSWERS, facts=known, revision=2, asked=asked)
    words = [choice.data.split(":")[-1] for row in message.rows for choice in row if ":skip:" in choice.data]
    assert LetterAsked.from_word(words[0]) == asked
    replied = Replied("i16", LetterAsked.from_word(words[0]))
    turn = answered_at(known, cursor, answers=ANSWERS, said=Said(text=said), replied=replied)
    assert turn.changes["e16"][0].letter == kept
    assert turn.cursor.at == at


@pytest.mark.parametrize("word", ["", "0", "0.1", "0.1.x", "x.1.date", "0.1.date.2", "-1.1.date"])
def test_other_words_ask_for_nothing(word: str) -> None:
    assert LetterAsked.from_word(word) is None


def test_a_long_subject_is_read_back_whole() -> None:
    subject = "Pembentukan Tim Inovasi Daerah Kabupaten Kotawaringin Timur Tahun Anggaran 2025"
    letter = Letter("188.45/1/2025", "2025-03-03")
    answers = {"i16": {"level": 1}, "e16": [Piece("a" * 64, "pdf", "SK.pdf", 1000, letter=letter)]}
    cursor = Cursor(at="i16", pending=Pending(letter=LetterAsked(0, "subject")))
    turn = respond(facts(), cursor, answers=answers, said=Said(text=subject))
    assert subject in turn.messages[-1].text.partition("\n\n")[0]
