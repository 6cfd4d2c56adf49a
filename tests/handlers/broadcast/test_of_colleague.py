"""Announcements of a colleague: taken over, called off or hastened only when asked."""

from __future__ import annotations

import pytest

from domain.people import Role
from storage import broadcasts, contacts
from storage.engine.transaction import Transaction
from tests.kit.announcing import OTHER_ADMIN, button, previewed, state, taps
from tests.kit.clock_and_codes import MORNING
from tests.kit.people import SARI, enrol


def scheduled(tx: Transaction) -> int:
    """Schedule an announcement of Sari's, and let another officer look; returns who that is."""
    previewed(tx)
    taps(tx, SARI, "sr:at:1:202603030900")
    taps(tx, SARI, button(taps(tx, SARI, "sr:see:1"), "sr:go"))
    other = enrol(tx, OTHER_ADMIN, name="Budi Desk", now=MORNING)
    contacts.grant(tx, other, role=Role.ADMIN, office_id=None, now=MORNING)
    return other


def test_a_colleague_s_scheduled_one_is_taken_over_only_when_asked(tx: Transaction) -> None:
    other = scheduled(tx)
    asked = taps(tx, OTHER_ADMIN, "sr:edit:1")
    assert "dijadwalkan oleh" in asked[-1].text
    assert tx.execute("SELECT state FROM broadcasts").fetchall() == [("held",)]
    shown = taps(tx, OTHER_ADMIN, button(asked, "sr:take"))
    assert "Jadwalnya tetap Selasa, 3 Maret 2026 pukul 09.00 WIB" in shown[-1].text
    kept = tx.execute("SELECT state, contact_id, starts_at FROM broadcasts").fetchall()
    assert kept == [("draft", other, "2026-03-03T02:00:00.000000Z")]
    told = tx.execute("SELECT payload FROM outbox WHERE address = ?", (str(SARI),)).fetchall()
    assert "diambil alih oleh Budi Desk" in told[-1][0]
    assert button(shown, "sr:go")


@pytest.mark.parametrize(
    ("act", "asks", "after", "news"),
    [
        ("off", "tidak ada yang menerimanya", "cancelled", "dibatalkan oleh Budi Desk"),
        ("rush", "jam kerja tidak ditunggu", "held", "dikirim sekarang juga oleh Budi Desk"),
    ],
)
def test_what_a_colleague_scheduled_is_called_off_or_hastened_only_when_asked(
    tx: Transaction, act: str, asks: str, after: str, news: str
) -> None:
    scheduled(tx)
    before = state(tx)
    asked = taps(tx, OTHER_ADMIN, f"sr:{act}:1")
    assert "dijadwalkan oleh" in asked[-1].text
    assert asks in asked[-1].text
    assert state(tx) == before
    taps(tx, OTHER_ADMIN, button(asked, f"sr:{act}_yes"))
    assert tx.execute("SELECT state, urgent FROM broadcasts").fetchall() == [(after, act == "rush")]
    told = tx.execute("SELECT payload FROM outbox WHERE address = ?", (str(SARI),)).fetchall()
    assert [news in row[0] for row in told] == [True]


def test_a_colleague_s_draft_is_nobody_else_s_to_give_up(tx: Transaction) -> None:
    scheduled(tx)
    taps(tx, SARI, "sr:edit:1")
    before = state(tx)
    taps(tx, OTHER_ADMIN, "sr:off:1")
    taps(tx, OTHER_ADMIN, "sr:off_yes:1")
    taps(tx, OTHER_ADMIN, "sr:rush_yes:1")
    assert state(tx) == before


def test_a_colleague_stops_a_running_one_at_once_and_its_writer_hears_of_it(tx: Transaction) -> None:
    scheduled(tx)
    broadcasts.start(tx, 1, now=MORNING)
    taps(tx, OTHER_ADMIN, "sr:stop:1")
    assert tx.execute("SELECT state FROM broadcasts").fetchall() == [("stopped",)]
    told = tx.execute("SELECT payload FROM outbox WHERE address = ?", (str(SARI),)).fetchall()
    assert ["dihentikan oleh Budi Desk" in row[0] for row in told] == [True]
