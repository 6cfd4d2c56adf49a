"""The list of the offices below /status: for leaders and desk, by points and by gain, never by who has
least.
"""

from __future__ import annotations

import pytest

from domain import buttons
from domain.message import Inbound, Kind, Message, plain
from handlers.assembly import build
from storage import periods
from storage.engine.transaction import Transaction
from tests.kit.clock_and_codes import MORNING, Codes
from tests.kit.handed_in import last_year
from tests.kit.people import RINA, SARI, WATI

DESK = build(timezone="Asia/Jakarta", language="id", new_code=Codes())
PAGE_CHARS, BUTTONS = 900, 12


def tap(tx: Transaction, person: int, button: buttons.StatusRanking) -> Message:
    """Tap a button of the list."""
    inbound = Inbound(
        "telegram", str(person), Kind.BUTTON, button=button.data(), callback_id="1", message_ref="9"
    )
    return DESK.take(tx, inbound, fetched=None, now=MORNING)[0]


@pytest.mark.parametrize("person", [WATI, SARI])
def test_every_page_names_an_office_once(tx: Transaction, person: int) -> None:
    lines: list[str] = []
    for page in range(4):
        shown = tap(tx, person, buttons.StatusRanking("points", page))
        assert len(plain(shown.text)) <= PAGE_CHARS
        assert sum(len(row) for row in shown.rows) <= BUTTONS
        lines += plain(shown.text).splitlines()
    placed = [line for line in lines if " poin (" in line]
    assert len(placed) == 15
    points = [int(line.split(": ")[1].split()[0]) for line in placed]
    assert points == sorted(points, reverse=True)
    assert "Belum (32): " in " ".join(lines)


def test_an_office_sees_no_list_of_others(tx: Transaction) -> None:
    assert "poin (" not in tap(tx, RINA, buttons.StatusRanking("points", 0)).text


def test_a_gain_needs_the_year_before(tx: Transaction) -> None:
    for by in ("growth", "announce"):
        assert "Tahun lalu tidak tersimpan" in tap(tx, WATI, buttons.StatusRanking(by, 0)).text
    last_year(tx, "SIPANDU", now=MORNING)
    assert {one.year for one in periods.every(tx)} == {2025, 2026}
    shown = plain(tap(tx, WATI, buttons.StatusRanking("growth", 0)).text)
    assert "Perangkat daerah dengan kenaikan poin, 2025 ke 2026" in shown
    told = plain(tap(tx, WATI, buttons.StatusRanking("announce", 0)).text)
    assert "perangkat daerah dengan kenaikan terbesar" in told
    assert 5 <= told.count("•") <= 10, "a tie for the last rank comes along"
    assert "−" not in told
