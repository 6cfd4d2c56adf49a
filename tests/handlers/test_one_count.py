"""However innovations are counted, those that were sent are the same; what has gone back is named."""

from __future__ import annotations

import pytest

from domain.message import plain
from domain.review import MEETS_DUTY, State
from storage import innovations, offices, scores
from storage.engine.transaction import Transaction
from tests.kit.clock_and_codes import MORNING
from tests.kit.desk_turns import says
from tests.kit.handed_in import handed_in
from tests.kit.people import RINA, SARI

BACK = (State.RETURNED, State.REJECTED, State.WITHDRAWN)


@pytest.fixture
def one_of_each_state(tx: Transaction) -> Transaction:
    """Dinkes has one innovation in each state."""
    begun = innovations.NewInnovation(office_id=5, period_id=1, form_version=1, rule_year=2026)
    scores.refresh(tx, innovations.create(tx, begun, by=1, now=MORNING), now=MORNING)
    for state in set(State) - {State.DRAFT}:
        number = handed_in(tx, f"Inovasi {state.value}", now=MORNING)
        tx.execute("UPDATE innovations SET state = ? WHERE id = ?", (state.value, number))
        scores.refresh(tx, number, now=MORNING)
    return tx


def test_the_tables_agree_on_what_was_sent(one_of_each_state: Transaction) -> None:
    tx = one_of_each_state
    office = offices.by_code(tx, "dinkes")
    assert office is not None
    counts = offices.innovation_counts(tx, 1)[office.id]
    figures = scores.figures(tx, 1)
    assert figures.sent == counts.sent == len(MEETS_DUTY)
    assert figures.states[State.RETURNED] == counts.returned == 1
    titled = innovations.titled(tx, 1)
    assert sum(entry.receipt != "" for entry in titled) >= figures.sent


@pytest.mark.parametrize(
    ("person", "typed", "said"),
    [
        (SARI, "/periode", "Terkirim: {sent}. Draf: 1. Dikembalikan: 1."),
        (SARI, "/ekspor", "{sent} inovasi terkirim. Berkas juga memuat {back} inovasi yang dikembalikan,"),
        (SARI, "/opd dinkes", "{sent} terkirim, 1 draf, 1 dikembalikan"),
        (RINA, "/status", "{sent} inovasi terkirim, 1 draf."),
    ],
)
def test_every_page_says_the_same(one_of_each_state: Transaction, person: int, typed: str, said: str) -> None:
    pages = " ".join(plain(message.text) for message in says(one_of_each_state, person, typed))
    assert said.format(sent=len(MEETS_DUTY), back=len(BACK)) in pages
