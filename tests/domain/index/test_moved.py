"""Why an estimate moved: the cause is the one that moves it farthest by itself, and the parts add up."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from domain.index.estimate import Sums
from domain.index.moved import Cause, divide, why_moved
from domain.index.whatif import Regency
from domain.rules.load import load_rules

RULE = load_rules()[2026]
BASIC = RULE.index.basic_affairs
STOOD = Regency(RULE, Sums(40, 40 * 90, frozenset({"kesehatan"})), Decimal(60))


def test_weak_new_innovations_lower_it() -> None:
    moved = why_moved(STOOD, STOOD.with_(STOOD.sums.plus(20).plus(30)))
    assert moved is not None
    assert moved.change < 0
    assert (moved.cause, moved.count) == (Cause.ADDED, 2)


def test_raised_levels_raise_it() -> None:
    moved = why_moved(STOOD, STOOD.with_(STOOD.sums.raised(120)))
    assert moved is not None
    assert moved.change > 0
    assert moved.cause is Cause.LEVELS


def test_a_better_profile_raises_it() -> None:
    moved = why_moved(STOOD, replace(STOOD, spd=STOOD.spd + 10))
    assert moved is not None
    assert moved.cause is Cause.PROFILE


def test_what_was_taken_back_lowers_it() -> None:
    less = Sums(38, STOOD.sums.maturity - 2 * 111, STOOD.sums.affairs)
    moved = why_moved(STOOD, STOOD.with_(less))
    assert moved is not None
    assert (moved.cause, moved.count) == (Cause.LEFT, 2)


def test_what_did_not_move_has_no_cause() -> None:
    assert why_moved(STOOD, STOOD) is None


STANDS = st.builds(
    lambda count, average, affairs, spd: Regency(
        STOOD.rule, Sums(count, count * average // 10, frozenset(BASIC[:affairs])), Decimal(spd) / 4
    ),
    st.integers(0, 210),
    st.integers(0, 1110),
    st.integers(0, 6),
    st.integers(0, 252),
)


@given(STANDS, STANDS)
def test_the_parts_sum_to_the_difference_of_the_two_figures(before: Regency, after: Regency) -> None:
    """Each part is right to a cent but for what rounding leaves over; what stood still did nothing."""
    parts, change = divide(before, after), after.now().index - before.now().index
    assert sum(parts.values()) == change
    by_itself = {
        "spd": replace(before, spd=after.spd).exact() - before.exact(),
        "average": _share(after, "average") - _share(before, "average"),
        "count": _share(after, "count") - _share(before, "count"),
    }
    for key, exact in by_itself.items():
        assert abs(parts[key] - exact) <= Decimal("0.02"), key
        assert exact or not parts[key], key
    moved = why_moved(before, after)
    assert moved is None if not change else moved is not None and moved.change == sum(moved.parts.values())


def _share(stands: Regency, key: str) -> Decimal:
    return stands.points()[key] * 100 / stands.rule.index.total
