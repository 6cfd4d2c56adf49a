"""A title its office has used before is noticed, with what is there already."""

from __future__ import annotations

import pytest

from storage.engine.transaction import Transaction
from tests.kit.clock_and_codes import MORNING
from tests.kit.desk_turns import buttons, says, taps
from tests.kit.handed_in import handed_in
from tests.kit.people import RINA


@pytest.mark.parametrize(("typed", "is_sent"), [("SIPANDU", True), ("Sipandu!", True), ("SI PANDU", False)])
def test_a_title_the_office_has_used_shows_the_older_entry(
    tx: Transaction, typed: str, is_sent: bool
) -> None:
    """F39: its state and number, a way to it, and the question whether this one differs."""
    if is_sent:
        handed_in(tx, "SIPANDU", now=MORNING)
    else:
        says(tx, RINA, "/ajukan")
        says(tx, RINA, "SIPANDU")
        says(tx, RINA, "/batal")
    for data in buttons(says(tx, RINA, "/ajukan")):
        if data.startswith("a:"):
            taps(tx, RINA, data)
    asked = says(tx, RINA, typed)[0]
    assert ("terkirim · DI-2026-0001" if is_sent else "(draf)") in asked.text
    older = asked.rows[-1][-1]
    assert (older.label, older.data) == ("Lihat yang sudah ada", "st:i:1")
    assert "SIPANDU" in taps(tx, RINA, older.data)[0].text
    assert "✔ Nama Inovasi" in says(tx, RINA, "ya")[0].text
