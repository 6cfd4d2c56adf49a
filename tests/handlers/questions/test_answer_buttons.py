"""Every answer that speaks of an act offers it by its button, to whoever has the right."""

from __future__ import annotations

import pytest

from domain.buttons import Ask, Open
from domain.message import plain
from domain.people import rights_of
from handlers.questions.answer_buttons import ACTS, ACTS_MOST, names_in
from storage.engine.transaction import Transaction
from tests.kit.desk_turns import DESK, ROLES, says, taps
from tests.kit.people import RINA, SARI, WATI

ENTRIES = DESK.desk_data.knowledge.entries
SPEAKING = {
    (key, desk): names
    for key, entry in ENTRIES.items()
    for desk in (False, True)
    if (answer := entry.answer_for(desk=desk)) is not None
    and (names := names_in(answer.id, DESK.desk_data.words))
}


def test_every_act_an_answer_speaks_of_has_a_button_with_the_right_of_its_command() -> None:
    rights = {command.name: command.right for command in DESK.registry.commands}
    assert SPEAKING
    assert any("ajukan" in names for names in SPEAKING.values()), "named by the words of its button alone"
    assert {name for names in SPEAKING.values() for name in names} <= ACTS.keys()
    assert {name: right for name, (_, right) in ACTS.items()} == {name: rights[name] for name in ACTS}


def test_no_answer_speaks_of_more_acts_than_have_a_button() -> None:
    assert max(map(len, SPEAKING.values())) <= ACTS_MOST


@pytest.mark.parametrize("person", [RINA, WATI, SARI], ids=["pic", "leader", "desk"])
def test_the_buttons_stand_below_each_answer(tx: Transaction, person: int) -> None:
    for key, desk in SPEAKING:
        if desk is not (person == SARI):
            continue
        shown = taps(tx, person, Ask(key).data())[0]
        opened = {
            button.command
            for line in shown.rows
            for choice in line
            if choice.data and isinstance(button := Open.parse(choice.data), Open)
        }
        assert opened == {name for name in SPEAKING[key, desk] if _may(person, name)}, key


def _may(person: int, name: str) -> bool:
    rights = {str(act): right for act, (_, right) in ACTS.items()}
    role = ROLES[person]
    return role is not None and rights[name] in rights_of(frozenset({role}))


def test_a_number_of_a_receipt_is_explained_within_a_question(tx: Transaction) -> None:
    explained, opened = says(tx, RINA, "DI-2026-0012 itu nomor apaan")
    assert plain(explained.text).startswith("Nomor tanda terima")
    assert "DI-2026-0012" in plain(opened.text)
    assert len(says(tx, RINA, "DI-2026-0012")) == 1


def test_a_day_that_is_in_no_calendar_is_said_without_a_slash_too(tx: Transaction) -> None:
    for typed in ("status 31 Februari 2026", "/status 31 Februari 2026"):
        assert "tidak ada di kalender" in plain(says(tx, WATI, typed)[0].text)
