"""Whatever is asked, the third misunderstanding in a row has another help than the first two (F40)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from domain.conversation.conversation import respond
from domain.conversation.cursor import Cursor, Turn
from domain.conversation.question_message import MOST_BUTTONS
from domain.draft.facts import Said
from domain.message import FileRefusal
from domain.rules.form import Question
from tests.kit.draft_facts import FORM, facts

APPLIES = {"tahapan": "penerapan", "ada_perkembangan": "ya", "pkpn": "kesehatan"}
NONSENSE, TOO_LONG, LOCKED = Said(text="zxqv wkrt"), Said(text="x" * 300), FileRefusal("locked", "x.pdf")
MISREAD: Mapping[str, Said] = {"file": Said(file=LOCKED), "text": TOO_LONG}
QUESTIONS = [q for q in FORM.in_year(2026) if q.kind != "long"]  # where any words are an answer
INDICATORS = [f"i{number}" for number in range(16, 36)]
ASK = "k:tanya"
DESK_IN = {"id": "Desk Inovasi", "en": "Innovation Desk"}


def misread(place: str, said: Said, *, language: str) -> list[Turn]:
    """Say the same nonsense three times at a place."""
    answers: dict[str, Any] = {**APPLIES, "jenis": "digital", "i33": {"basis": "a"}}
    answers.pop(place, None) if place not in APPLIES else None
    cursor, turns = Cursor(at=place, revision=1), list[Turn]()
    for _ in range(3):
        turns.append(respond(facts(language=language), cursor, answers=answers, said=said))
        cursor = turns[-1].cursor
    return turns


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.id)
def test_first_the_rule_then_an_example_then_a_way_past_and_the_desk(
    question: Question, language: str
) -> None:
    turns = misread(question.id, MISREAD.get(question.kind, NONSENSE), language=language)
    texts = [turn.messages[0].text for turn in turns]
    assert [dict(turn.changes) for turn in turns] == [{}, {}, {}]
    example = str(facts(language=language).words("example", example=question.example.in_(language)))
    assert [example in text for text in texts] == [False, True, True]
    assert [DESK_IN[language] in text for text in texts] == [False, False, True]
    ways = [choice.data for row in turns[2].messages[0].rows for choice in row]
    past = next(way for way in ways if way.endswith((":skip", ":keep")))
    assert past
    full = len(ways) == MOST_BUTTONS and not any(way.endswith(":drop") for way in ways)
    assert full or ASK in ways
    assert not any(ASK in str(turn.messages[0].rows) for turn in turns[:2])


@pytest.mark.parametrize("place", INDICATORS)
def test_so_it_is_at_every_indicator(place: str) -> None:
    turns = misread(place, NONSENSE, language="id")
    texts = [turn.messages[0].text for turn in turns]
    assert len(set(texts)) == 3
    assert DESK_IN["id"] in texts[2]
    ways = [choice.data for row in turns[2].messages[0].rows for choice in row]
    assert any(way.endswith(":skip") for way in ways)
    assert ASK in ways
