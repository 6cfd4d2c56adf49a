"""The index equals every worked example, its lines add up to the last digit, and it never falls for a
better level.
"""

from __future__ import annotations

import tomllib
from decimal import ROUND_CEILING, Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.index.estimate import LevelOutOfRange, Sums, agree, apportion, estimate, half_up, maturity, spd
from domain.rules.indicators import load_indicators
from domain.rules.load import NOT_ASSESSED, RulesError, load_form, load_ladders, load_rules

RULES, INDICATORS = load_rules(), load_indicators()
EXAMPLES = tomllib.loads((Path(__file__).parent / "examples.toml").read_text(encoding="utf-8"))
BASIC = RULES[2026].index.basic_affairs

# iga.md 4.3: average maturity needed for 65.01 by SPD and number of innovations; None is more than 111
NUMBERS = (28, 47, 60, 94, 150, 200)
NEEDED: dict[int, tuple[str | None, ...]] = {
    40: (None, "104.67", "99.73", "86.81", "65.53", "46.53"),
    45: ("106.89", "99.67", "94.73", "81.81", "60.53", "41.53"),
    50: ("101.89", "94.67", "89.73", "76.81", "55.53", "36.53"),
    55: ("96.89", "89.67", "84.73", "71.81", "50.53", "31.53"),
}


def named(kind: str) -> pytest.MarkDecorator:
    """Run a test over the examples of a kind."""
    return pytest.mark.parametrize("example", EXAMPLES[kind], ids=lambda example: str(example["name"]))


def sums_of(innovations: list[list[int]], basic: int) -> Sums:
    count, total = sum(n for _, n in innovations), sum(points * n for points, n in innovations)
    return Sums(count, total, frozenset(BASIC[:basic]))


@named("maturity")
def test_maturity_equals_the_example(example: dict[str, Any]) -> None:
    levels = dict(zip(range(16, 36), map(int, example["levels"]), strict=True))
    assert maturity(INDICATORS[example["year"]], levels).points == Decimal(example["points"])


@named("spd")
def test_the_profile_equals_the_example(example: dict[str, Any]) -> None:
    rule = RULES[example["year"]]
    levels = dict(zip((row.no for row in rule.spd), map(int, example["levels"]), strict=True))
    assert spd(rule, levels).points == Decimal(example["points"])


@named("region")
def test_a_region_equals_the_example(example: dict[str, Any]) -> None:
    rule = RULES[example["year"]]
    found = estimate(
        rule, sums_of(example["innovations"], example["basic"]), spd_points=Decimal(example["spd"])
    )
    average, count = found.line("average").points, found.line("count").points
    said = {
        "average": average,
        "count": count,
        "sid": average + count,
        "total": found.total,
        "index": found.index,
    }
    assert said == {key: Decimal(example[key]) for key in said}
    assert (found.divisor, found.predikat) == (example["divisor"], example["predikat"])


@named("predikat")
def test_a_predikat_equals_the_example(example: dict[str, Any]) -> None:
    for index, predikat in example["cases"]:
        assert RULES[example["year"]].predikat(Decimal(index)) == predikat, index


def test_the_examples_are_all_there() -> None:
    assert {kind: len(found) for kind, found in EXAMPLES.items()} == {
        "maturity": 10,
        "spd": 3,
        "region": 11,
        "predikat": 2,
    }


def test_every_rule_year_has_a_worked_example() -> None:
    """Adding a year is adding a file and an example by hand in tests/domain/index/examples.toml."""
    assert set(RULES) <= {example["year"] for example in EXAMPLES["region"]}


@pytest.mark.parametrize(("spd_points", "row"), NEEDED.items())
def test_the_average_needed_for_the_target_is_the_table_of_the_facts(
    spd_points: int, row: tuple[str | None]
) -> None:
    rule = RULES[2026]
    for number, wanted in zip(NUMBERS, row, strict=True):
        total = rule.best * rule.index.total / 100
        needed = half_up(total - spd_points - rule.index.count_weight * number)
        assert (str(needed) if needed <= rule.index.maturity_max else None) == wanted
        assert _with(number, needed * number, spd_points) >= rule.best
        assert _with(number, (needed - Decimal("0.02")) * number - 1, spd_points) < rule.best


def _with(number: int, points: Decimal, spd_points: int) -> Decimal:
    whole = int(points.to_integral_value(ROUND_CEILING))
    return estimate(RULES[2026], Sums(number, whole, frozenset(BASIC)), spd_points=Decimal(spd_points)).index


def test_the_rows_reach_their_maxima() -> None:
    for year, rule in RULES.items():
        assert maturity(INDICATORS[year], dict.fromkeys(range(16, 36), 3)).points == rule.index.maturity_max
        if rule.spd:
            assert len(rule.spd) == 20
            assert spd(rule, {row.no: 3 for row in rule.spd}).points == rule.index.spd_max


def test_ten_indicators_of_the_profile_are_mandatory() -> None:
    mandatory = {row.no.rstrip("ab") for row in RULES[2026].spd if row.mandatory}
    assert mandatory == {"1", "3", "4", "5", "6", "7", "8", "9", "10", "11"}
    assert RULES[2027].spd == RULES[2026].spd
    assert RULES[2023].spd == ()


@pytest.mark.parametrize("level", [-1, 4, 10])
def test_a_level_out_of_range_is_refused(level: int) -> None:
    with pytest.raises(LevelOutOfRange, match=f"16: found {level}"):
        maturity(INDICATORS[2026], {16: level})
    with pytest.raises(LevelOutOfRange, match=f"2a: found {level}"):
        spd(RULES[2026], {"2a": level})


def test_a_row_the_year_does_not_have_is_refused() -> None:
    with pytest.raises(LevelOutOfRange, match="36: found 1"):
        maturity(INDICATORS[2026], {36: 1})
    with pytest.raises(LevelOutOfRange, match="2a: found 1"):
        spd(RULES[2023], {"2a": 1})


def test_predikats_of_every_year_known() -> None:
    ladders = load_ladders(RULES)
    assert list(ladders) == [2021, 2022, 2023, 2024, 2025, 2026, 2027]
    assert ladders[2024].predikat(Decimal("58.09")) == "Inovatif"
    assert ladders[2025].predikat(Decimal("65.01")) == "Sangat Inovatif"
    assert ladders[2022].predikat(Decimal(0)) == NOT_ASSESSED


def test_what_was_not_found_is_not_guessed() -> None:
    ladders = load_ladders(RULES)
    assert ladders[2025].predikat(Decimal("65.00")) == ""
    assert ladders[2021].predikat(Decimal(46)) == ""
    assert RULES[2023].index.basic_needed is None


def test_a_year_without_a_known_condition_gives_the_count_score_and_says_so() -> None:
    found = estimate(RULES[2023], Sums(10, 500), spd_points=Decimal(0))
    assert found.needed is None
    assert found.condition_met
    assert found.line("count").points == Decimal("3.80")


def test_rules_indicators_and_form_agree() -> None:
    agree(RULES, INDICATORS, form=load_form())


def test_rules_that_disagree_are_named() -> None:
    rule = RULES[2026]
    other = rule.model_copy(
        update={"index": rule.index.model_copy(update={"basic_affairs": ("pendidikan", "laut")})}
    )
    with pytest.raises(RulesError, match=r'rules/2026.toml: index.basic_affairs: found "laut"'):
        agree({2026: other}, INDICATORS, form=load_form())
    heavy = rule.model_copy(update={"index": rule.index.model_copy(update={"maturity_max": 112})})
    with pytest.raises(RulesError, match=r"index.maturity_max: found 112, expected 111"):
        agree({2026: heavy}, INDICATORS, form=load_form())
    with pytest.raises(RulesError, match=r"found 2026, expected a year that indicators/ has"):
        agree({2026: rule}, {}, form=load_form())


@st.composite
def regions(draw: st.DrawFn) -> tuple[int, list[int], frozenset[str], Decimal]:
    """A rule year, the maturities of its innovations, the affairs there, the SPD."""
    year = draw(st.sampled_from(sorted(RULES)))
    scores = draw(st.lists(st.integers(0, 111), max_size=230))
    affairs = draw(st.frozensets(st.sampled_from((*BASIC, "pangan", "statistik"))))
    return year, scores, affairs, Decimal(draw(st.integers(0, 252))) / 4


@settings(max_examples=150, deadline=None)
@given(regions())
def test_the_index_lies_within_bounds_and_is_explained_to_the_last_digit(
    region: tuple[int, list[int], frozenset[str], Decimal],
) -> None:
    year, scores, affairs, spd_points = region
    found = estimate(RULES[year], Sums(len(scores), sum(scores), affairs), spd_points=spd_points)
    assert 0 <= found.index <= 100
    assert sum(line.points for line in found.lines) == found.total
    assert sum(line.share for line in found.lines) == found.index
    assert all(0 <= line.points <= line.maximum for line in found.lines)
    assert set(found.basic) | set(found.missing) == set(BASIC)


@settings(max_examples=100, deadline=None)
@given(regions())
def test_the_index_equals_exact_fractions(region: tuple[int, list[int], frozenset[str], Decimal]) -> None:
    """An independent computation without any Decimal."""
    year, scores, affairs, spd_points = region
    rule = RULES[year].index
    needed = rule.basic_needed or 0
    count = Fraction(38, 100) * min(len(scores), 200) if len(affairs & set(BASIC)) >= needed else Fraction(0)
    total = Fraction(spd_points) + Fraction(sum(scores), max(rule.divisor, len(scores))) + count
    cents = total * 40 + Fraction(1, 2)
    wanted = Decimal(cents.numerator // cents.denominator) / 100
    assert (
        estimate(RULES[year], Sums(len(scores), sum(scores), affairs), spd_points=spd_points).index == wanted
    )


@settings(max_examples=100, deadline=None)
@given(regions(), st.integers(1, 111))
def test_the_index_never_falls_when_an_innovation_that_is_there_gains(
    region: tuple[int, list[int], frozenset[str], Decimal], points: int
) -> None:
    year, scores, affairs, spd_points = region
    sums = Sums(len(scores) + 1, sum(scores), affairs)
    before, after = (estimate(RULES[year], s, spd_points=spd_points) for s in (sums, sums.raised(points)))
    assert after.exact > before.exact
    assert after.index >= before.index


@settings(max_examples=200, deadline=None)
@given(st.lists(st.decimals(0, 300, places=6), min_size=1, max_size=8))
def test_parts_are_rounded_so_that_they_add_up(parts: list[Decimal]) -> None:
    shown = apportion(parts)
    assert sum(shown) == half_up(sum(parts, Decimal(0)))
    assert all(abs(said - part) < Decimal("0.01") for said, part in zip(shown, parts, strict=True))
