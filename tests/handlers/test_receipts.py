"""A receipt number opens its innovation wherever it is typed, for whoever may see it and for nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from storage import dialogues
from storage.engine.transaction import Transaction
from tests.kit.databases import in_memory
from tests.kit.in_review import says, with_one_handed_in
from tests.kit.people import BUDI, RINA, SARI, TONO, WATI


@pytest.fixture
def tx() -> Iterator[Transaction]:
    with closing(in_memory(with_one_handed_in())) as connection:
        yield connection


SPELLED = ["DI-2026-0001", "di 2026 1", "di-2026-0001.", "No. DI20260001"]


WITHIN = ["tolong di-2026-0001 ya", "Bagaimana DI-2026-0001?"]


@pytest.mark.parametrize("text", [*SPELLED, *WITHIN, "/antrean DI-2026-0001", "/antrean di 2026 1"])
def test_the_desk_opens_the_review(tx: Transaction, text: str) -> None:
    told = says(tx, SARI, text)
    assert "SIPANDU" in told[0].text
    assert "q:t:1" in [choice.data for row in told[0].rows for choice in row]


@pytest.mark.parametrize("text", [*SPELLED, "/inovasi DI-2026-0001", "/inovasi di 2026 1"])
@pytest.mark.parametrize("person", [RINA, BUDI, WATI])
def test_the_office_and_leaders_open_its_page(tx: Transaction, person: int, text: str) -> None:
    assert "SIPANDU" in says(tx, person, text)[0].text


@pytest.mark.parametrize("text", [*SPELLED, "/inovasi DI-2026-0001"])
def test_another_office_is_told_that_it_is_not_there_and_the_try_is_noted(tx: Transaction, text: str) -> None:
    told = says(tx, TONO, text)[0].text
    assert "SIPANDU" not in told
    assert "DI-2026-0001 tidak ada" in told
    assert says(tx, TONO, "DI-2026-0009")[0].text == told.replace("0001", "0009")
    assert tx.execute("SELECT actor FROM audit WHERE action = 'refused_receipt'").fetchall() == [(3,)]


@pytest.mark.parametrize("person", [SARI, RINA])
def test_an_unknown_number_is_said_to_be_so(tx: Transaction, person: int) -> None:
    assert "DI-2026-0777" in says(tx, person, "DI-2026-0777")[0].text


def test_it_is_no_answer_and_the_question_comes_again(tx: Transaction) -> None:
    says(tx, RINA, "/ajukan")
    answers = tx.execute("SELECT * FROM answers").fetchall()
    told = says(tx, RINA, "DI-2026-0001")
    assert "SIPANDU" in told[0].text
    assert len(told) > 1
    assert tx.execute("SELECT * FROM answers").fetchall() == answers
    dialogue = dialogues.load(tx, 1)
    assert dialogue is not None
    assert dialogue.name == "form"


def test_a_sentence_at_an_open_question_is_an_answer(tx: Transaction) -> None:
    says(tx, RINA, "/ajukan")
    says(tx, RINA, "Pengganti DI-2026-0001")
    assert tx.execute("SELECT value FROM answers WHERE innovation_id = 2").fetchall() == [
        ('"Pengganti DI-2026-0001"',)
    ]
