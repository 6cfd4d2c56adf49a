"""The offices below the summary: from an office the way back leads to the page it stands on."""

from __future__ import annotations

from domain import buttons
from storage.engine.sqlite import SqliteTransaction
from tests.kit.desk_turns import buttons as data_of
from tests.kit.desk_turns import taps
from tests.kit.people import WATI


def test_an_office_leads_back_to_the_page_of_the_summary_it_stands_on(busy: SqliteTransaction) -> None:
    for page in (0, 1):
        there = buttons.Status("now", page).data()
        shown = data_of(taps(busy, WATI, there))
        offices = [data for data in shown if buttons.StatusOffice.parse(data)]
        assert offices
        for office in offices:
            assert there in data_of(taps(busy, WATI, office))
