"""A button that is tapped long after it was shown: a true sentence and the way on, nothing done wrongly.

What is tapped late is a template's quick reply, an old row of a list or an old button: all of them carry the
same data.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pytest

from domain import buttons
from domain.review import State
from storage import periods, unlinking
from storage.engine.transaction import Transaction
from tests.kit.clock_and_codes import MORNING
from tests.kit.databases import in_memory
from tests.kit.in_review import with_one_handed_in
from tests.kit.two_accounts import Account, desk_of_both

DESK = desk_of_both()
RINA = "ID.1"
ON_WHATSAPP = """
INSERT INTO addresses (channel, address, contact_id)
SELECT 'whatsapp', 'ID.' || contact_id, contact_id FROM addresses WHERE channel = 'telegram'
"""
KEPT = ("innovations", "answers", "verdicts", "flags", "reviews", "memberships")
ENTRANCES = ("/draf", "/status", "/tugas", "/bantuan", "/inovasi", "/privasi", "/bahasa")


@pytest.fixture
def tx() -> Iterator[Transaction]:
    """Rina's SIPANDU is handed in, and everybody has both channels."""
    with closing(in_memory(with_one_handed_in())) as connection:
        connection.execute(ON_WHATSAPP)
        yield connection


def stands(state: State) -> Callable[[Transaction], None]:
    """Have the innovation stand there."""

    def change(tx: Transaction) -> None:
        tx.execute("UPDATE innovations SET state = ?", (state.value,))

    return change


def closes(tx: Transaction) -> None:
    period = periods.current(tx)
    assert period is not None
    periods.set_open(tx, period, is_open=False, reason="x", by=5, now=MORNING)


def is_unlinked(tx: Transaction) -> None:
    assert unlinking.unlink(tx, 1, channel="whatsapp", address=RINA, now=MORNING)


def speaks_english(tx: Transaction) -> None:
    tx.execute("UPDATE contacts SET language = 'en' WHERE id = 1")


def as_it_was(tx: Transaction) -> None: ...


CASES = [
    (closes, buttons.Open("tugas"), "2026 sudah ditutup"),
    (stands(State.VERIFIED), buttons.Open("tugas"), "sudah kami terima"),
    (stands(State.VERIFIED), buttons.Returned("go", 1), "sekarang: terverifikasi"),
    (stands(State.WITHDRAWN), buttons.Returned("at", 1, "tujuan"), "sekarang: ditarik"),
    (stands(State.VERIFIED), buttons.Returned("yes", 1, State.SENT), "(sekarang: terverifikasi)"),
    (stands(State.WITHDRAWN), buttons.Returned("yes", 1, State.SENT), "sekarang: ditarik"),
    (closes, buttons.Returned("yes", 1, State.SENT), "Masa pelaporan sudah ditutup"),
    (is_unlinked, buttons.Bell(), "tidak terhubung dengan Desk Inovasi"),
    (is_unlinked, buttons.Open("tugas"), "kode undangan"),
    (is_unlinked, buttons.Returned("go", 1), "kode undangan"),
    (is_unlinked, buttons.Privacy("silent"), "Yang disimpan"),
    (as_it_was, buttons.Bell(), "Tidak ada pesan yang menunggu"),
    (as_it_was, buttons.Open("rekap"), "tidak tersedia untuk peran"),
    (speaks_english, buttons.Bell(), "No message is waiting for you here"),
    (speaks_english, buttons.Open("tugas"), "received"),
]


@pytest.mark.parametrize(("change", "button", "said"), CASES)
def test_a_late_tap_says_what_is_true_now_and_leads_on(
    tx: Transaction, change: Callable[[Transaction], None], button: Any, said: str
) -> None:
    change(tx)
    before = contents(tx)
    rina = Account(tx, DESK, "whatsapp", RINA)
    for _ in range(2):
        assert said in rina.presses(button.data())
        assert rina.heard[-1].rows, "the way on"
    assert contents(tx) == before


def contents(tx: Transaction) -> list[Any]:
    return [tx.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall() for table in KEPT]


def shown(tx: Transaction) -> dict[str, str]:
    """Every button that was shown to Rina at the entrances, and at one step behind each: its label."""
    labels: dict[str, str] = {}
    for entrance in ENTRANCES:
        rina = Account(tx, DESK, "whatsapp", RINA)
        rina.says(entrance)
        labels |= {choice.data: choice.label for said in rina.heard for row in said.rows for choice in row}
    for data in list(labels):
        tx.execute("SAVEPOINT step")
        rina = Account(tx, DESK, "whatsapp", RINA)
        rina.presses(data)
        labels |= {choice.data: choice.label for said in rina.heard for row in said.rows for choice in row}
        tx.execute("ROLLBACK TO step")
    return labels


@pytest.mark.parametrize("change", [stands(State.VERIFIED), closes, is_unlinked])
def test_no_old_button_is_met_with_silence_or_changes_what_is_decided(
    tx: Transaction, change: Callable[[Transaction], None]
) -> None:
    """The innovation was returned when the buttons were shown; a new one may always be begun."""
    stands(State.RETURNED)(tx)
    labels = shown(tx)
    assert len(labels) > 40
    change(tx)
    before = contents(tx)
    for data, label in labels.items():
        tx.execute("SAVEPOINT tap")
        rina = Account(tx, DESK, "whatsapp", RINA)
        said = rina.presses(data)
        assert said.strip() or any(message.toast or message.attachment for message in rina.heard), label
        if data not in (buttons.Open("ajukan").data(), "a:new"):
            assert contents(tx) == before, (label, data)
        tx.execute("ROLLBACK TO tap")
