"""What is typed at the task list to open a place of it."""

from __future__ import annotations

import pytest

from domain.conversation.conversation import open_at, respond
from domain.conversation.cursor import Cursor
from domain.conversation.pages import LIST
from domain.draft.facts import Said
from tests.kit.draft_facts import facts


@pytest.mark.parametrize(
    ("text", "bare"),
    [("bagian B", "b"), ("Bagian f.", "f"), ("indikator 20", "20"), ("nomor 17", "17"), ("part C", "c")],
)
def test_a_part_or_an_indicator_is_named_with_its_noun_as_without(text: str, bare: str) -> None:
    answers = {"nama": "x"}
    cursor = open_at(facts(), Cursor(), answers=answers, place=LIST).cursor
    with_noun, without = (
        respond(facts(), cursor, answers=answers, said=Said(text=said)) for said in (text, bare)
    )
    assert with_noun.cursor.at == without.cursor.at != LIST
