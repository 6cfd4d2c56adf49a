"""The picture of the estimate is described in one place, with one spelling of its days."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from domain.index.chart import Chart, Figure, Week, described, short_day
from handlers.desk import load_words

WORDS = load_words()
CLAIMED = Figure("50.73", "Inovatif", 3, ("20.50", "18.23", "12.00"))
EMPTY = Figure("20.50", "Tidak Dapat Dinilai", 0, ("20.50", "0", "0"))
CHART = Chart(
    year=2026,
    rule_year=2026,
    at=datetime(2026, 8, 3, 8, tzinfo=ZoneInfo("Asia/Jakarta")),
    claimed=CLAIMED,
    verified=EMPTY,
    target=Decimal("60.01"),
    trend=(Week("2026-07-27", "48.00", "0"), Week("2026-08-03", "50.73", "0")),
)


@pytest.mark.parametrize(
    ("day", "language", "said"),
    [
        (date(2026, 8, 3), "id", "3 Agu"),
        (date(2026, 8, 13), "id", "13 Agu"),
        (date(2026, 12, 31), "id", "31 Des"),
        (date(2026, 8, 3), "en", "3 Aug"),
    ],
)
def test_a_day_under_the_line_has_three_letters_of_its_month(day: date, language: str, said: str) -> None:
    assert short_day(day, language) == said


def test_the_picture_says_its_days_and_figures() -> None:
    args = described(CHART, WORDS.in_("id"))
    assert args["days"] == ["27 Jul", "3 Agu"]
    assert args["trend"] == [["2026-07-27", "48.00", "0"], ["2026-08-03", "50.73", "0"]]
    assert args["target_said"] == "Target 60,01"
    assert args["note"].endswith("3 Agustus 2026 pukul 08.00 WIB")


def test_without_innovations_a_bar_is_empty_whatever_the_profile() -> None:
    claimed, verified = described(CHART, WORDS.in_("id"))["bars"]
    assert (claimed["said"], claimed["shares"]) == ("50,73", ["20.50", "18.23", "12.00"])
    assert (verified["said"], verified["shares"]) == ("belum ada", ["0", "0", "0"])
    assert (EMPTY.drawn, CLAIMED.drawn) == ("0", "50.73")


def test_the_same_chart_in_both_languages_differs_in_words_alone() -> None:
    id_, en = (described(replace(CHART, target=Decimal(70)), WORDS.in_(language)) for language in ("id", "en"))
    assert id_.keys() == en.keys()
    assert (id_["trend"], id_["target"]) == (en["trend"], en["target"])
