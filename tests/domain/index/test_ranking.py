"""The order of the offices: ties stable, nobody listed for having least."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from domain.index.ranking import FOREMOST_AT_MOST, Standing, by_growth, by_points, foremost, without


def office(
    name: str, points: int = 0, before: int = 0, *, sent: int | None = None, on_duty: bool = True
) -> Standing:
    """An office with one counted innovation where it has points."""
    counted = int(points > 0)
    return Standing(name, counted if sent is None else sent, counted, points, before, on_duty)


def test_ties_share_a_place_in_the_order_of_the_offices() -> None:
    found = by_points([office("A", 10), office("B", 30), office("C", 10), office("D", 20), office("E")])
    assert [(one.rank, one.office.name) for one in found] == [(1, "B"), (2, "D"), (3, "A"), (3, "C")]


def test_only_who_gained_is_named_by_gain() -> None:
    found = by_growth([office("A", 10, 10), office("B", 5, 20), office("C", 30, 5), office("D", 12)])
    assert [(one.rank, one.office.name, one.office.growth) for one in found] == [(1, "C", 25), (2, "D", 12)]


def test_who_has_a_duty_and_sent_nothing_is_not_there_yet() -> None:
    every = [office("A"), office("B", on_duty=False), office("C", 4), office("D", sent=1)]
    assert [one.name for one in without(every)] == ["A"]


def test_an_announcement_takes_a_tie_along_or_leaves_it_out() -> None:
    six = [office(str(n), 10 - n) for n in range(4)] + [office("E", 1), office("F", 1)]
    assert [one.office.name for one in foremost(by_growth(six))] == ["0", "1", "2", "3", "E", "F"]
    many = [office("A", 50), *(office(str(n), 5) for n in range(20))]
    assert [one.office.name for one in foremost(by_growth(many))] == ["A"]
    assert foremost(by_growth([office(str(n), 5) for n in range(20)])) == ()


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=30))
def test_the_same_figures_give_the_same_order(figures: list[tuple[int, int]]) -> None:
    offices = [office(str(n), points, before) for n, (points, before) in enumerate(figures)]
    for ranked, figure in ((by_points(offices), "points"), (by_growth(offices), "growth")):
        keys = [(-getattr(one.office, figure), int(one.office.name)) for one in ranked]
        assert keys == sorted(keys)
        assert all(one.rank == 1 + sum(getattr(other.office, figure) > getattr(one.office, figure)
                                        for other in ranked) for one in ranked)  # fmt: skip
    assert len(foremost(by_growth(offices))) <= FOREMOST_AT_MOST
