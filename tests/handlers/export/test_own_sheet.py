"""An office prints its own innovation, handed in or not; nobody else's."""

from __future__ import annotations

import json

import pytest

from storage.engine.sqlite import SqliteTransaction
from tests.kit.desk_turns import buttons, refusals, says, taps
from tests.kit.people import RINA, TONO, WATI


def test_the_answers_lead_to_the_printed_sheet(busy: SqliteTransaction) -> None:
    check = says(busy, RINA, "periksa")
    part = taps(busy, RINA, next(data for data in buttons(check) if ":p:1" in data))
    sheet = next(data for data in buttons(part) if data.startswith("x:p:"))
    assert "lembar cetak" in taps(busy, RINA, sheet)[0].text
    ((kind, args),) = busy.execute("SELECT kind, args FROM exports").fetchall()
    assert (kind, json.loads(args)) == ("record", {"innovation": int(sheet.split(":")[-1]), "own": True})


@pytest.mark.parametrize("person", [TONO, WATI])
def test_nobody_elses_is_printed(busy: SqliteTransaction, person: int) -> None:
    number = busy.execute("SELECT id FROM innovations WHERE receipt = 'DI-2026-0029'").fetchone()[0]
    before = refusals(busy)
    taps(busy, person, f"x:p:{number}")
    assert refusals(busy) == before + 1
    assert not busy.execute("SELECT * FROM exports").fetchall()
