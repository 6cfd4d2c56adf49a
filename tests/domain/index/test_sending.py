"""What sending does to the index: the sign, the score that turns it, and the improvements."""

from __future__ import annotations

from decimal import Decimal

import pytest

from domain.index.estimate import Sums
from domain.index.sending import effect_of_sending
from domain.index.whatif import Regency
from domain.rules.indicators import load_indicators
from domain.rules.load import load_rules

RULE, INDICATORS = load_rules()[2026], load_indicators()[2026]
GOOD = Regency(RULE, Sums(40, 40 * 90, frozenset({"kesehatan"})), Decimal(60))


def change_with(score: int) -> Decimal:
    return GOOD.with_(GOOD.sums.plus(score, "kesehatan")).exact() - GOOD.exact()


def test_a_low_score_lowers_a_good_average_and_names_the_score_that_turns_it() -> None:
    effect = effect_of_sending(GOOD, INDICATORS, affair="kesehatan", levels={16: 1, 17: 1})
    assert effect.maturity == 5
    assert effect.change == change_with(5) < 0
    assert effect.raises_from is not None
    assert change_with(effect.raises_from) > 0 >= change_with(effect.raises_from - 1)
    assert len(effect.cheapest) == 3
    gains = [improvement.gain for improvement in effect.cheapest]
    assert gains == sorted(gains, reverse=True)


def test_a_high_score_raises_and_has_nothing_to_turn() -> None:
    every = {item.no: 3 for item in INDICATORS.indicators}
    effect = effect_of_sending(GOOD, INDICATORS, affair="kesehatan", levels=every)
    assert effect.maturity == 111
    assert effect.change > 0
    assert effect.raises_from is None
    assert not effect.cheapest


@pytest.mark.parametrize("levels", [{}, {99: 3}])
def test_unknown_indicators_and_no_levels_score_nothing(levels: dict[int, int]) -> None:
    assert effect_of_sending(GOOD, INDICATORS, affair="", levels=levels).maturity == 0
