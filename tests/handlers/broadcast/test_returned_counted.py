"""The page of recipients counts offices by where they stand, and says which returned innovations that
leaves out.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from domain.message import Message
from storage.engine.transaction import Transaction
from tests.kit.clock_and_codes import MORNING
from tests.kit.databases import in_memory
from tests.kit.handed_in import handed_in
from tests.kit.in_review import says, send_back, with_one_handed_in
from tests.kit.people import SARI

LEFT_OUT = "tidak dihitung pada tombolnya: 1 inovasi"


@pytest.fixture
def tx() -> Iterator[Transaction]:
    """One innovation of Dinkes, returned by the desk."""
    with closing(in_memory(with_one_handed_in())) as connection:
        send_back(connection, "i16")
        yield connection


def recipients(tx: Transaction) -> Message:
    """Open the page of recipients of a new announcement."""
    says(tx, SARI, "/siaran")
    return says(tx, SARI, "Mohon dilengkapi pekan ini.")[-1]


def labels(shown: Message) -> list[str]:
    return [choice.label for row in shown.rows for choice in row]


def test_an_office_with_nothing_else_is_counted_at_once(tx: Transaction) -> None:
    shown = recipients(tx)
    assert "Dikembalikan (1)" in labels(shown)
    assert "tidak dihitung" not in shown.text


def test_of_an_office_that_has_sent_another_it_is_said(tx: Transaction) -> None:
    handed_in(tx, "Bank Sampah", now=MORNING)
    shown = recipients(tx)
    assert "Dikembalikan (0)" in labels(shown)
    assert LEFT_OUT in shown.text


def test_of_a_closed_period_it_is_said(tx: Transaction) -> None:
    tx.execute("UPDATE periods SET state = 'closed'")
    assert LEFT_OUT in recipients(tx).text
