"""What sending one more innovation does to the index of a regency, and which improvements would turn it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from domain.index.moved import divide
from domain.index.whatif import Improvement, Regency, improvements
from domain.rules.indicators import LEVELS, IndicatorSet

IMPROVEMENTS_NAMED = 3


@dataclass(frozen=True, slots=True)
class SendingEffect:
    """The move of the index, exact; the least score that would raise it, where there is one above."""

    maturity: int
    change: Decimal
    parts: Mapping[str, Decimal]  # of the change as it is shown, by component, two decimals
    raises_from: int | None  # points; None where it raises as it is, or no score does
    cheapest: tuple[Improvement, ...]  # of the innovation once it is in


def effect_of_sending(
    regency: Regency,
    indicators: IndicatorSet,
    *,
    affair: str,
    levels: Mapping[int, int],
    efforts: Mapping[int, int] | None = None,
) -> SendingEffect:
    """Compare the regency without the innovation (as given) with the one it is in."""
    before = regency.exact()
    points = {item.no: item.weight for item in indicators.indicators}
    most = LEVELS[-1] * sum(points.values())
    maturity = sum(points[no] * level for no, level in levels.items() if no in points)

    def change(score: int) -> Decimal:
        return regency.with_(regency.sums.plus(score, affair)).exact() - before

    now = change(maturity)
    raises_from = None
    if now < 0:
        raises_from = next((score for score in range(maturity + 1, most + 1) if change(score) > 0), None)
    within = regency.with_(regency.sums.plus(maturity, affair))
    ways = improvements(within, indicators, levels=levels, efforts=efforts)
    return SendingEffect(maturity, now, divide(regency, within), raises_from, ways[:IMPROVEMENTS_NAMED])
