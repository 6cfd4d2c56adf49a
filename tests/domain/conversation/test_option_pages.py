"""Long lists of options: a page at a time, numbered on each page anew."""

from __future__ import annotations

import pytest

from domain.conversation.conversation import open_at, respond
from domain.conversation.cursor import Cursor
from domain.draft.facts import Said
from tests.kit.draft_facts import FORM, facts, pressed


@pytest.mark.parametrize("place", ["urusan_utama", "urusan_lain"])
@pytest.mark.parametrize("text", ["19", "6", "0", "3, 17", "nomor 20", "16."])
def test_a_long_list_takes_no_number_of_another_page_nor_of_an_indicator(place: str, text: str) -> None:
    """16 to 35 are indicators, and nothing else is."""
    cursor = open_at(facts(), Cursor(), answers={}, place=place).cursor
    turn = respond(facts(), cursor, answers={}, said=Said(text=text))
    assert not turn.changes
    labels = [choice.label for row in turn.messages[-1].rows for choice in row]
    assert "2 · Kesehatan" in labels


def test_a_long_list_is_numbered_on_each_page_anew() -> None:
    cursor = open_at(facts(), Cursor(), answers={}, place="urusan_lain").cursor
    second = respond(facts(), cursor, answers={}, said=pressed(f"f:7:urusan_lain:{cursor.revision}:p:1"))
    labels = [choice.label for row in second.messages[0].rows for choice in row]
    assert [label[:4] for label in labels[:5]] == ["1 · ", "2 · ", "3 · ", "4 · ", "5 · "]
    options = FORM.by_id["urusan_lain"].options
    chosen = respond(facts(), second.cursor, answers={}, said=Said(text="1, 3"))
    assert chosen.changes == {"urusan_lain": [options[5].id, options[7].id]}
