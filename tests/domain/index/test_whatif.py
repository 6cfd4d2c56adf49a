"""Every proposal equals a recomputation with the change made, and the plan equals an exhaustive search."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.index.estimate import Sums, estimate, half_up, maturity
from domain.index.whatif import (
    EXACT_POINTS,
    Regency,
    adding,
    break_even,
    cheapest,
    improvements,
    more_to,
    one_more_affair,
    points_to,
)
from domain.rules.indicators import load_indicators
from domain.rules.load import load_rules

RULES, INDICATORS = load_rules(), load_indicators()
RULE, SET = RULES[2026], INDICATORS[2026]
BASIC = RULE.index.basic_affairs
NUMBERS = tuple(range(16, 36))


def regency(scores: list[int], basic: int = 5, spd: str = "40.50", year: int = 2026) -> Regency:
    return Regency(RULES[year], Sums(len(scores), sum(scores), frozenset(BASIC[:basic])), Decimal(spd))


# iga.md 4.3: with 28 innovations of average 90, one below 78.98 lowers the estimate
def test_a_weak_twenty_ninth_innovation_lowers_the_index() -> None:
    before = regency([90] * 28)
    assert break_even(before) == 79
    weak = adding(before, [70])
    assert weak.change < 0
    assert weak.number == Decimal("0.15")  # 0.38 of 250
    assert weak.average == Decimal("-0.28")  # 20 / 29 of 250
    assert adding(before, [79]).change >= 0


def test_below_the_divisor_every_innovation_helps() -> None:
    before = regency([90] * 5)
    assert break_even(before) == 0
    assert adding(before, [12]).average == Decimal("0.40")  # 12 / 12 of 250


def test_one_basic_affair_short_costs_the_whole_count_score() -> None:
    """iga.md 4.2: with 28 innovations 4.26 points."""
    short = regency([102] * 4 + [90] * 6 + [76] * 10 + [60] * 5 + [37] * 3, basic=4)
    found = one_more_affair(short)
    assert found is not None
    assert found[0] == BASIC[4]
    assert (found[1].number, found[1].average) == (Decimal("4.26"), Decimal(0))
    assert found[1].after == Decimal("50.73")
    assert one_more_affair(regency([90], basic=6)) is None
    assert one_more_affair(regency([], basic=0)) is None


def test_two_affairs_short_one_more_gives_nothing_yet() -> None:
    found = one_more_affair(regency([90] * 20, basic=3))
    assert found is not None
    assert found[1].change == 0


def test_the_empty_offices_bring_one_each() -> None:
    """The back-check of iga.md 4.3: 47 innovations instead of 28, the rest alike, are 60.98."""
    before = regency([90] * 28, spd="44.585")
    found = adding(before, [90] * 19)
    assert (found.before, found.after) == (Decimal("58.09"), Decimal("60.98"))
    assert (found.number, found.average) == (Decimal("2.89"), Decimal("0.00"))


def test_how_many_more_innovations_reach_the_target() -> None:
    """The back-check of iga.md 4.3: 65.01 needs 74 innovations (65.08) where 28 give 58.09."""
    before = regency([90] * 28, spd="44.585")
    assert more_to(before, 90, target=Decimal("65.01")) == 74 - 28
    assert adding(before, [90] * 46).after == Decimal("65.08")
    assert adding(before, [90] * 45).after < Decimal("65.01")
    assert more_to(before, 90, target=Decimal("58.09")) == 0
    assert more_to(before, 10, target=Decimal("65.01")) is None


def levels_of(code: str) -> dict[int, int]:
    return dict(zip(NUMBERS, map(int, code), strict=True))


EXAMPLE = levels_of("12231222133332203223")  # iga.md 4.2: 76 points


def test_single_improvements_come_best_first() -> None:
    found = improvements(regency([76] * 28), SET, levels=EXAMPLE)
    assert [(way.no, way.level, way.points) for way in found[:4]] == [
        (31, 1, 3),
        (16, 2, 3),
        (33, 3, 3),
        (17, 3, 2),
    ]
    assert {way.no for way in found} == {number for number, level in EXAMPLE.items() if level < 3}
    assert improvements(regency([111] * 28), SET, levels=dict.fromkeys(NUMBERS, 3)) == ()


def test_effort_changes_what_is_best() -> None:
    hard = improvements(regency([76] * 28), SET, levels=EXAMPLE, efforts={16: 3, 31: 9, 33: 2})
    assert [improvement.no for improvement in hard[:2]] == [17, 18]


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.integers(0, 111), max_size=40),
    st.lists(st.integers(0, 3), min_size=20, max_size=20),
    st.integers(0, 6),
    st.sampled_from(sorted(RULES)),
)
def test_every_improvement_equals_a_recomputation(
    others: list[int], levels: list[int], basic: int, year: int
) -> None:
    rule, indicators = RULES[year], INDICATORS[year]
    chosen = dict(zip(NUMBERS, levels, strict=True))
    affairs, spd = frozenset(BASIC[:basic]), Decimal("31.25")

    def index(changed: Mapping[int, int]) -> Decimal:
        scores = [*others, int(maturity(indicators, changed).points)]
        return estimate(rule, Sums(len(scores), sum(scores), affairs), spd_points=spd).index

    own = int(maturity(indicators, chosen).points)
    before = Regency(rule, Sums(len(others), sum(others), affairs).plus(own), spd)
    for way in improvements(before, indicators, levels=chosen):
        assert way.level == chosen[way.no] + 1
        assert (way.before, way.after) == (index(chosen), index({**chosen, way.no: way.level}))


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.integers(0, 111), max_size=210),
    st.lists(st.integers(0, 111), max_size=40),
    st.integers(0, 6),
    st.sets(st.sampled_from(BASIC)),
    st.sampled_from(sorted(RULES)),
)
def test_dilution_and_count_add_up_to_the_change(
    there: list[int], more: list[int], basic: int, affairs: set[str], year: int
) -> None:
    before = regency(there, basic, year=year)
    found = adding(before, more, affairs=sorted(affairs))
    every = Sums(len(there) + len(more), sum(there) + sum(more), before.sums.affairs | affairs)
    assert found.after == estimate(RULES[year], every, spd_points=Decimal("40.50")).index
    assert found.average + found.number == found.change == found.after - found.before


def exhaustive(
    before: Regency, room: Mapping[int, int], target: Decimal, efforts: Mapping[int, int]
) -> int | None:
    """The least effort of every combination there is."""
    weights = {one.no: one.weight for one in SET.indicators}
    costs = []
    for many in product(*(range(left + 1) for left in room.values())):
        points = sum(weights[no] * n for no, n in zip(room, many, strict=True))
        if half_up(before.with_(before.sums.raised(points)).exact()) >= target:
            costs.append(sum(efforts.get(no, 1) * n for no, n in zip(room, many, strict=True)))
    return min(costs, default=None)


ROOMS = st.dictionaries(st.sampled_from(NUMBERS), st.integers(0, 5), min_size=1, max_size=5)
EFFORTS = st.dictionaries(st.sampled_from(NUMBERS), st.integers(1, 9))


@settings(max_examples=120, deadline=None)
@given(ROOMS, EFFORTS, st.integers(0, 30), st.booleans())
def test_the_plan_equals_an_exhaustive_search(
    room: dict[int, int], efforts: dict[int, int], gap: int, alike: bool
) -> None:
    before = regency([60] * 12)
    target = half_up(before.exact() + Decimal(gap) / 30)
    plan = cheapest(before, SET, room=room, target=target, efforts=None if alike else efforts)
    wanted = exhaustive(before, room, target, {} if alike else efforts)
    if wanted is None:
        assert not plan.reached
        return
    assert plan.reached
    assert (plan.cost, plan.off_by) == (wanted, 0)
    assert all(many <= room[no] for no, many in plan.improvements.items())


@settings(max_examples=120, deadline=None)
@given(ROOMS, EFFORTS, st.integers(1, 30))
def test_the_greedy_plan_is_off_by_no_more_than_it_says(
    room: dict[int, int], efforts: dict[int, int], gap: int
) -> None:
    before = regency([60] * 12)
    target = half_up(before.exact() + Decimal(gap) / 30)
    plan = cheapest(before, SET, room=room, target=target, efforts=efforts, exact_points=0)
    wanted = exhaustive(before, room, target, efforts)
    if wanted is not None:
        assert plan.reached
        assert plan.cost - plan.off_by <= wanted <= plan.cost


def test_a_far_target_is_greedy_and_says_by_how_much_it_may_be_off() -> None:
    room, efforts = dict.fromkeys(NUMBERS, 3000), {number: number % 7 + 1 for number in NUMBERS}
    plan = cheapest(regency([10] * 1000), SET, room=room, target=Decimal("60.00"), efforts=efforts)
    assert plan.points > EXACT_POINTS
    assert plan.reached
    assert 0 <= plan.off_by <= max(efforts.values())


def test_a_target_that_is_met_needs_nothing() -> None:
    plan = cheapest(regency([90] * 60), SET, room=dict.fromkeys(NUMBERS, 9), target=Decimal(30))
    assert (plan.improvements, plan.cost, plan.reached) == ({}, 0, True)


def test_a_target_out_of_reach_takes_every_improvement_and_says_so() -> None:
    room = dict.fromkeys(NUMBERS, 28)
    plan = cheapest(regency([74] * 28), SET, room=room, target=Decimal("99.99"))
    assert plan.improvements == room
    assert not plan.reached
    assert (
        plan.after
        == estimate(RULE, Sums(28, 111 * 28, frozenset(BASIC[:5])), spd_points=Decimal("40.50")).index
    )


@pytest.mark.parametrize(("target", "points"), [("58.09", 0), ("58.10", 1), ("58.11", 2)])
def test_points_to_a_target_count_the_rounding(target: str, points: int) -> None:
    """28 innovations: one point of maturity is 0.0143 of the index."""
    before = regency([76] * 28, spd="58.58")
    assert before.now().index == Decimal("58.09")
    assert points_to(before, Decimal(target)) == points


def test_a_draft_brings_its_affair_and_the_fifth_opens_the_count_score() -> None:
    before = Regency(RULE, Sums(28, 2119, frozenset(BASIC[:4])), Decimal(0))
    without, with_fifth = (before.with_(before.sums.plus(69, affair)) for affair in ("", BASIC[4]))
    assert (without.now().index, with_fifth.now().index) == (Decimal("30.18"), Decimal("34.59"))
    improvement = next(one for one in improvements(with_fifth, SET, levels={}) if one.no == 35)
    assert (improvement.before, improvement.after) == (Decimal("34.59"), Decimal("34.64"))


def test_many_more_innovations_bring_the_missing_affairs_with_them() -> None:
    nothing = Regency(RULE, Sums(), Decimal("40.50"))
    assert adding(nothing, [74] * 47).change == Decimal("29.60")
    assert adding(nothing, [74] * 47, affairs=BASIC).change == Decimal("36.74")


def test_never_is_said_only_when_no_number_up_to_the_cap_reaches_the_target() -> None:
    nothing, target = Regency(RULE, Sums(), Decimal("40.50")), Decimal("65.01")
    assert more_to(nothing, 74, target=target) is None
    assert more_to(nothing, 74, target=target, affairs=BASIC) == 127
    assert adding(nothing, [74] * 127, affairs=BASIC).after >= target
    assert adding(nothing, [74] * 126, affairs=BASIC).after < target
