"""The leader's card says why the figure moved, and whom to call, with no number shown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from decimal import Decimal

import pytest

from storage import reports, scores
from storage.engine.transaction import Transaction
from tests.kit.clock_and_codes import MORNING
from tests.kit.databases import in_memory, with_people
from tests.kit.desk_turns import says
from tests.kit.people import WATI
from tests.kit.regency import RULE, hand_in, like_kotim


@pytest.fixture
def tx() -> Iterator[Transaction]:
    with closing(in_memory(with_people())) as connection:
        yield connection


def test_the_card_says_what_lowered_the_figure_since_yesterday(tx: Transaction) -> None:
    like_kotim(tx, now=MORNING - timedelta(days=9))
    scores.note_before(tx, 1, now=MORNING - timedelta(hours=3))
    for title in ("Kurang Satu", "Kurang Dua"):
        hand_in(
            tx, office=20, title=title, affair="kesehatan", levels={16: 1}, now=MORNING - timedelta(hours=2)
        )
    page = says(tx, WATI, "/status")[0].text
    assert "sejak kemarin: 2 inovasi baru, rata-ratanya di bawah" in page
    assert "Turun" in page
    assert "sejak kemarin: 2 inovasi baru" in says(tx, WATI, "kenapa turun?")[0].text


@pytest.mark.parametrize(("language", "fell"), [("id", "Turun"), ("en", "Down")])
def test_the_parts_of_the_sentence_sum_to_the_difference_of_the_figures(
    tx: Transaction, language: str, fell: str
) -> None:
    like_kotim(tx, now=MORNING - timedelta(days=9))
    tx.execute("UPDATE contacts SET language = ?", (language,))
    stood = reports.period_figures(tx, 1, rule=RULE).claimed.index
    scores.note_before(tx, 1, now=MORNING - timedelta(hours=3))
    hand_in(tx, office=20, title="Kurang", affair="kesehatan", levels={16: 1}, now=MORNING)
    stands = reports.period_figures(tx, 1, rule=RULE).claimed.index
    sentence = next(line for line in says(tx, WATI, "/status")[0].text.splitlines() if line.startswith(fell))
    figures = re.findall(r"[−+]?\d+[.,]\d\d", sentence)
    change, *parts = (Decimal(one.replace("−", "-").replace(",", ".")) for one in figures)
    assert len(parts) == 2
    assert sum(parts) == -change == stands - stood


def test_three_offices_are_named_with_a_reason_and_no_number(tx: Transaction) -> None:
    tx.execute("UPDATE contacts SET phone = '6281234567890'")
    page = says(tx, WATI, "/status")[0].text
    _, _, listed = page.partition("Tiga yang paling perlu dihubungi")
    lines = [line for line in listed.splitlines() if line.startswith("• ")]
    assert len(lines) == 3
    assert all(": " in line and "; " in line for line in lines)
    assert "628" not in page


@pytest.mark.parametrize("sent", [0, 1, 28])
def test_the_card_is_a_screen_and_begins_its_ways_with_why(tx: Transaction, sent: int) -> None:
    if sent == 28:
        like_kotim(tx, now=MORNING)
    elif sent:
        hand_in(tx, office=20, title="Satu", affair="kesehatan", levels={16: 1}, now=MORNING)
    page = says(tx, WATI, "/status")[0]
    assert [choice.data for choice in page.rows[0]] == ["st:why", "st:off:0"]
    assert len(page.text) < 900
    assert len(page.text.splitlines()) <= 20
    assert len(page.rows) <= 6
    assert sum(map(len, page.rows)) <= 12
