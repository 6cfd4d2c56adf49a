"""A letter is asked of a file: what another person removes before it moves no words to the wrong one."""

from __future__ import annotations

from typing import Any

import pytest

from domain.conversation.conversation import respond
from domain.conversation.cursor import Cursor
from domain.conversation.out_of_turn import Replied, answered_at
from domain.conversation.pending import LetterAsked
from domain.draft.evidence import Piece
from domain.draft.facts import Said
from domain.message import StoredFile
from tests.kit.draft_facts import facts

FIRST, MINE, LAST = (Piece(char * 64, "pdf", f"{char}.pdf", 1000) for char in "abc")


def asked_of_mine() -> Cursor:
    """Stand at the question about the letter of a file that was just sent, the second one."""
    said = Said(file=StoredFile(MINE.sha256, "pdf", MINE.name, MINE.size))
    answers = {"i16": {"level": 1}, "e16": [FIRST]}
    turn = respond(facts(), Cursor(at="i16", revision=1), answers=answers, said=said)
    assert turn.changes == {"e16": [FIRST, MINE]}
    return turn.cursor


@pytest.mark.parametrize("text", ["salah kirim", "188.45/1/2025 tgl 3-2-2025 ttg Tim", "188.45/1/2025"])
@pytest.mark.parametrize("left", [[FIRST, LAST], [MINE, LAST], [LAST]])
def test_words_about_a_file_reach_no_other(text: str, left: list[Piece]) -> None:
    cursor, answers = asked_of_mine(), {"i16": {"level": 1}, "e16": left}
    assert cursor.pending.letter is not None
    turn = respond(facts(), cursor, answers=answers, said=Said(text=text))
    assert turn.changes == {}


def test_the_file_that_still_stands_there_is_meant() -> None:
    answers: dict[str, Any] = {"i16": {"level": 1}, "e16": [FIRST, MINE, LAST]}
    turn = respond(facts(), asked_of_mine(), answers=answers, said=Said(text="salah kirim"))
    assert turn.changes == {"e16": [FIRST, LAST]}


def test_a_reply_to_an_older_question_only_asks() -> None:
    answers, replied = {"i16": {"level": 1}, "e16": [FIRST, LAST]}, Replied("i16", LetterAsked(1, "number"))
    said = Said(text="salah kirim")
    turn = answered_at(facts(), Cursor(at="i20", revision=4), answers=answers, said=said, replied=replied)
    assert turn.changes == {}
    assert "Ketuk berkas yang akan dihapus." in turn.messages[-1].text
