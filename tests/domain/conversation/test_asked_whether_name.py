"""A number where a name or an explanation is asked for: asked about once, never refused."""

from __future__ import annotations

import pytest

from domain.conversation.conversation import respond
from domain.draft.facts import Said
from tests.domain.conversation.test_conversation import FULL, at, text_of
from tests.kit.draft_facts import facts


@pytest.mark.parametrize("place", ["nama", "nama_inisiator"])
@pytest.mark.parametrize("said", ["1", "4 5", "112"])
def test_a_number_for_a_name_is_asked_about_and_never_refused(place: str, said: str) -> None:
    cursor, answers = at(place, FULL if place != "nama" else None)
    asked = respond(facts(), cursor, answers=answers, said=Said(text=said))
    assert not asked.changes
    assert said in text_of(asked)
    for again in (Said(text="ya"), Said(text=said)):
        assert respond(facts(), asked.cursor, answers=answers, said=again).changes == {place: said}
    other = respond(facts(), asked.cursor, answers=answers, said=Said(text="SI PANDA"))
    assert other.changes == {place: "SI PANDA"}


def test_what_was_said_to_be_the_answer_is_asked_about_no_more() -> None:
    cursor, _ = at("nama")
    turn = respond(facts(), cursor, answers={}, said=Said(text="12", confirmed=True))
    assert turn.changes == {"nama": "12"}


def test_a_number_for_an_explanation_is_asked_about_while_there_is_none() -> None:
    cursor, _ = at("permasalahan")
    asked = respond(facts(), cursor, answers={}, said=Said(text="1"))
    assert not asked.changes
    assert respond(facts(), asked.cursor, answers={}, said=Said(text="ya")).changes == {"permasalahan": "1"}
    started = {"permasalahan": "Banyak anak kurang gizi."}
    more = respond(facts(), cursor, answers=started, said=Said(text="12,5 %"))
    assert more.changes == {"permasalahan": "Banyak anak kurang gizi.\n\n12,5 %"}
