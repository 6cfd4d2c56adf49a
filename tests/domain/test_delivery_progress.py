"""How far a message came: only upwards, whatever order the statuses come in."""

from __future__ import annotations

from functools import reduce
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.delivery import Progress, furthest


@given(st.lists(st.sampled_from(Progress), min_size=1, max_size=8), st.randoms())
def test_repeated_and_shuffled_statuses_end_in_the_same_place(told: list[Progress], chance: object) -> None:
    shuffled = [*told, *told]
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert (
        reduce(furthest, shuffled, None)
        == reduce(furthest, told, None)
        == max(told, key=list(Progress).index)
    )


@pytest.mark.parametrize(
    ("told", "end"),
    [("sent failed", "failed"), ("failed delivered", "delivered"), ("accepted sent delivered read", "read")],
)
def test_failed_stands_unless_it_was_delivered(told: str, end: str) -> None:
    for order in permutations(Progress(name) for name in told.split()):
        assert reduce(furthest, order, None) is Progress(end)
