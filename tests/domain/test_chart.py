"""The picture of the estimate is described in one place, with one spelling of its days."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from domain.index.chart import Chart, Week, described, short_day
from domain.index.estimate import Sums
from domain.index.judgement import Known, judge
from domain.rules.load import load_ladders, load_rules
from handlers.words import load_words

WORDS = load_words()
RULES = load_rules()
REGENCY = Sums(28, 2119, frozenset(RULES[2026].index.basic_affairs[:5]))
JUDGED = judge(
    2026,
    RULES[2026],
    claimed=REGENCY,
    verified=Sums(),
    known=Known({row.no: 2 for row in RULES[2026].spd}, (), load_ladders(RULES), Decimal("60.01")),
)
CHART = Chart(
    at=datetime(2026, 8, 3, 8, tzinfo=ZoneInfo("Asia/Jakarta")),
    judged=JUDGED,
    trend=(Week("2026-07-27", "48.00", "49.00", None), Week.of(date(2026, 8, 3), JUDGED)),
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
    assert args["trend"] == [["2026-07-27", "48.00", "49.00", None], ["2026-08-03", "51.33", "51.33", None]]
    assert args["target_said"] == "Target 60,01"
    assert args["note"].endswith("3 Agustus 2026 pukul 08.00 WIB")


def test_without_a_verified_innovation_there_is_no_bar_whatever_the_profile() -> None:
    claimed, verified = described(CHART, WORDS.in_("id"))["bars"]
    assert (claimed["said"], claimed["shares"], claimed["open"]) == (
        "51,33",
        ["16.80", "30.27", "4.26"],
        "0.00",
    )
    assert (verified["said"], verified["shares"], verified["open"]) == ("belum ada", [], "0")


def test_without_a_counted_innovation_there_is_neither_bar_nor_target_nor_line() -> None:
    none = judge(2026, RULES[2026], claimed=Sums(), verified=Sums(), known=known({}))
    args = described(replace(CHART, judged=none), WORDS.in_("id"))
    assert [bar["said"] for bar in args["bars"]] == ["Tidak Dapat Dinilai", "belum ada"]
    assert [bar["shares"] for bar in args["bars"]] == [[], []]
    assert (args["target"], args["trend"]) == (None, [])


def test_an_unfilled_profile_is_drawn_as_what_is_open() -> None:
    half = judge(2026, RULES[2026], claimed=REGENCY, verified=Sums(), known=known({}))
    bar = described(replace(CHART, judged=half), WORDS.in_("id"))["bars"][0]
    assert (bar["said"], bar["open"]) == ("34,53 sampai 59,73", "25.20")


def known(levels: dict[str, int]) -> Known:
    return Known(levels, (), load_ladders(RULES), Decimal("60.01"))


def test_the_same_chart_in_both_languages_differs_in_words_alone() -> None:
    id_, en = (described(CHART, WORDS.in_(language)) for language in ("id", "en"))
    assert id_.keys() == en.keys()
    assert (id_["trend"], id_["target"]) == (en["trend"], en["target"])
