"""What a page outside the form offers is numbered as it stands, and is a button on every phone."""

from __future__ import annotations

import pytest

from domain.buttons import Form
from storage.engine.transaction import Transaction
from tests.kit.people import RINA
from tests.kit.two_accounts import Account, desk_of_both


@pytest.mark.parametrize(
    ("number", "shown"), [("1", "Langkah 2 dari"), ("2", "Periksa dulu"), ("3", "Langkah 1 dari")]
)
def test_a_number_opens_what_stands_there_also_where_it_leads_into_the_form(
    tx: Transaction, number: str, shown: str
) -> None:
    """Lanjutkan isian, Lihat isian, Mulai baru: the first number goes on, it does not begin anew."""
    rina = Account(tx, desk_of_both(), "telegram", str(RINA))
    for said in ("/ajukan", "SIPANDU", "simpan & keluar", "/start"):
        rina.says(said)
    labels = [choice.label for row in rina.heard[-1].rows for choice in row]
    assert labels == ["Lanjutkan isian", "Lihat isian", "Mulai baru"]
    assert shown in rina.says(number)


def test_a_move_is_a_way_beside_a_question_and_a_door_elsewhere() -> None:
    for action in ("go", "list", "check", "back"):
        assert Form(1, "#list", 0, action).mark is None
        assert Form(1, "nama", 1, action).mark == "navigates"
