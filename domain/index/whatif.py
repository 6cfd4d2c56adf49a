"""What would raise the index: single improvements, the cheapest way to a target, more innovations;
nothing is changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, Decimal
from itertools import count as numbers
from typing import NamedTuple

from domain.index.estimate import CENT, Estimate, Sums, estimate, exact_index, exact_parts, half_up
from domain.rules.indicators import LEVELS, IndicatorSet
from domain.rules.load import RuleYear

EXACT_POINTS = 1500  # of maturity to be gained, up to which differing efforts are weighed exactly


@dataclass(frozen=True, slots=True)
class Regency:
    """What an estimate rests on, to be tried with something changed."""

    rule: RuleYear
    sums: Sums
    spd: Decimal  # points

    def now(self) -> Estimate:
        return estimate(self.rule, self.sums, spd_points=self.spd)

    def exact(self) -> Decimal:
        """The index without rounding."""
        return exact_index(self.rule, self.sums, spd_points=self.spd)

    def points(self) -> dict[str, Decimal]:
        """The points of each component of the total by its key, without rounding."""
        return exact_parts(self.rule, self.sums, spd_points=self.spd)

    def with_(self, sums: Sums) -> Regency:
        """The same with other innovations."""
        return replace(self, sums=sums)


@dataclass(frozen=True, slots=True)
class Improvement:
    """One indicator of one innovation, one level up."""

    no: int
    level: int  # that is reached
    points: int  # of maturity
    before: Decimal  # index of the regency, two decimals
    after: Decimal
    gain: Decimal  # of the index, exact
    effort: int = 1


def improvements(
    regency: Regency,
    indicators: IndicatorSet,
    *,
    levels: Mapping[int, int],
    efforts: Mapping[int, int] | None = None,
) -> tuple[Improvement, ...]:
    """List every single improvement of an innovation that counts, the most gain for its effort first.

    The innovation is part of `regency.sums`; one that is not sent yet is put in with `Sums.plus` before.
    """
    before, weigh = regency.exact(), efforts or {}
    possible = []
    for indicator in indicators.indicators:
        level = levels.get(indicator.no, 0)
        if level < LEVELS[-1]:
            after = regency.with_(regency.sums.raised(indicator.weight)).exact()
            shown = (half_up(before), half_up(after))
            effort = weigh.get(indicator.no, 1)
            possible.append(
                Improvement(indicator.no, level + 1, indicator.weight, *shown, after - before, effort)
            )
    return tuple(sorted(possible, key=lambda way: (-way.gain / way.effort, way.effort, way.level, way.no)))


# to a target


class Rise(NamedTuple):
    """Raising one indicator by one level, at several innovations; a plain row, because summaries keep it
    so.
    """

    no: int  # indicator
    times: int
    points: int  # of maturity, of all together


@dataclass(frozen=True, slots=True)
class Plan:
    """Improvements that together reach a target."""

    improvements: Mapping[int, int]  # by indicator: how many innovations' levels rise by one
    points: int  # of maturity, of all together
    cost: int  # the sum of their efforts
    off_by: int  # the cheapest way costs at most this much less; 0: this is the cheapest
    before: Decimal  # index, two decimals
    after: Decimal
    target: Decimal

    @property
    def reached(self) -> bool:
        """Whether the target can be reached by improvements alone."""
        return self.after >= self.target

    def foremost(self, indicators: IndicatorSet, count: int) -> tuple[Rise, ...]:
        """List the `count` indicators whose improvements bring most, the best first."""
        rises = [
            Rise(no, times, indicators.by_no[no].weight * times) for no, times in self.improvements.items()
        ]
        return tuple(sorted(rises, key=lambda rise: (-rise.points, rise.no))[:count])


@dataclass(frozen=True, slots=True)
class _Class:
    """Improvements that are alike: of one indicator."""

    no: int
    weight: int
    effort: int
    room: int  # how many there are


def _list_classes(
    indicators: IndicatorSet, room: Mapping[int, int], *, efforts: Mapping[int, int]
) -> list[_Class]:
    return [
        _Class(indicator.no, indicator.weight, efforts.get(indicator.no, 1), left)
        for indicator in indicators.indicators
        if (left := room.get(indicator.no, 0)) > 0
    ]


def cheapest(
    regency: Regency,
    indicators: IndicatorSet,
    *,
    room: Mapping[int, int],
    target: Decimal,
    efforts: Mapping[int, int] | None = None,
    exact_points: int = EXACT_POINTS,
) -> Plan:
    """Find the improvements that reach a target for the least effort.

    `room` says how many improvements each indicator has left, by its number.
    Exact when all efforts are alike, and when at most `exact_points` are to be gained; otherwise greedy by
    effort for each point, with `off_by` as its bound. Where all improvements together do not reach the
    target, it is all of them.
    """
    classes = _list_classes(indicators, room, efforts=efforts or {})
    needed = points_to(regency, target)
    alike = len({class_.effort for class_ in classes}) <= 1
    taken: Mapping[int, int]
    if needed >= sum(class_.weight * class_.room for class_ in classes):
        taken, off_by = {class_.no: class_.room for class_ in classes}, 0
    elif alike or needed > exact_points:
        taken, off_by = _take_cheapest(classes, needed)
    else:
        taken, off_by = _solve_knapsack(classes, needed), 0
    off_by = 0 if alike else off_by
    return _make_plan(regency, classes, taken=taken, off_by=off_by, target=target)


def _make_plan(
    regency: Regency, classes: Sequence[_Class], *, taken: Mapping[int, int], off_by: int, target: Decimal
) -> Plan:
    points = sum(class_.weight * taken.get(class_.no, 0) for class_ in classes)
    return Plan(
        improvements={no: many for no, many in taken.items() if many},
        points=points,
        cost=sum(class_.effort * taken.get(class_.no, 0) for class_ in classes),
        off_by=off_by,
        before=half_up(regency.exact()),
        after=half_up(regency.with_(regency.sums.raised(points)).exact()),
        target=target,
    )


def points_to(regency: Regency, target: Decimal) -> int:
    """How many points of maturity the innovations that are there lack for a target, rounding included."""
    lacking = target - CENT / 2 - regency.exact()
    divisor = max(regency.rule.index.divisor, regency.sums.count)
    guess = int((lacking * regency.rule.index.total / 100 * divisor).to_integral_value(ROUND_CEILING))
    # the division inside the exact index is itself rounded in its last digit: look at both neighbours
    from_ = max(0, guess - 1)
    return next(n for n in numbers(from_) if half_up(regency.with_(regency.sums.raised(n)).exact()) >= target)


def _take_cheapest(classes: Sequence[_Class], needed: int) -> tuple[Mapping[int, int], int]:
    """Take the least effort for each point, then leave out what is too much; returns the bound too.

    With all efforts alike this is the cheapest: the fewest improvements are those with the most points.
    """
    taken: dict[int, int] = {}
    left, floor = needed, Decimal(0)
    for class_ in sorted(
        classes, key=lambda class_: (Decimal(class_.effort) / class_.weight, -class_.weight, class_.no)
    ):
        many = min(class_.room, -(-left // class_.weight))
        floor += Decimal(class_.effort) * min(class_.room * class_.weight, left) / class_.weight
        taken[class_.no], left = many, max(0, left - many * class_.weight)
        if not left:
            break
    _leave_out_spare(classes, taken, needed=needed)
    cost = sum(class_.effort * taken.get(class_.no, 0) for class_ in classes)
    # no way is cheaper than the same order with a part of the last improvement, and every cost is whole
    bound = cost - int(floor.to_integral_value(ROUND_CEILING))
    return taken, bound


def _leave_out_spare(classes: Sequence[_Class], taken: dict[int, int], *, needed: int) -> None:
    """Leave out the costliest improvements that are not needed any more."""
    surplus = sum(class_.weight * taken.get(class_.no, 0) for class_ in classes) - needed
    for class_ in sorted(classes, key=lambda class_: (-class_.effort, class_.weight)):
        fewer = min(taken.get(class_.no, 0), surplus // class_.weight)
        if fewer:
            taken[class_.no] -= fewer
            surplus -= fewer * class_.weight


def _solve_knapsack(classes: Sequence[_Class], needed: int) -> Mapping[int, int]:
    """The cheapest cover of `needed` points by bounded classes: a knapsack over bundles of 1, 2, 4 …
    improvements.
    """
    best: list[float] = [0.0] + [float("inf")] * needed
    bundles, choices = list(_make_bundles(classes, needed)), []
    for class_, many in bundles:
        gain, cost = class_.weight * many, class_.effort * many
        moved = [cost] * min(gain, needed + 1) + [value + cost for value in best[: max(0, needed + 1 - gain)]]
        choices.append(bytes(new < old for new, old in zip(moved, best, strict=True)))
        best = list(map(min, moved, best))
    taken: dict[int, int] = {}
    left = needed
    for (class_, many), chosen in zip(reversed(bundles), reversed(choices), strict=True):
        if left > 0 and chosen[left]:
            taken[class_.no] = taken.get(class_.no, 0) + many
            left -= class_.weight * many
    return taken


def _make_bundles(classes: Sequence[_Class], needed: int) -> Iterator[tuple[_Class, int]]:
    for class_ in classes:
        left, size = min(class_.room, -(-needed // class_.weight)), 1
        while left > 0:
            yield class_, min(size, left)
            left, size = left - size, size * 2


# more innovations


@dataclass(frozen=True, slots=True)
class Addition:
    """What more innovations do; `average` and `number` always add up to the change."""

    before: Decimal  # index, two decimals
    after: Decimal
    average: Decimal  # of the change: what the average of maturity does, below 0 when it is diluted
    number: Decimal  # of the change: what the count score does

    @property
    def change(self) -> Decimal:
        """What the index does."""
        return self.after - self.before


def adding(regency: Regency, maturities: Sequence[int], *, affairs: Sequence[str] = ()) -> Addition:
    """Add innovations of these maturities, and with them these main affairs."""
    sums = Sums(
        regency.sums.count + len(maturities),
        regency.sums.maturity + sum(maturities),
        regency.sums.affairs | set(affairs),
    )
    before, after = regency.now(), regency.with_(sums).now()
    count = after.line("count").points - before.line("count").points
    number = half_up(count * 100 / regency.rule.index.total)
    return Addition(before.index, after.index, after.index - before.index - number, number)


def break_even(regency: Regency) -> int | None:
    """The lowest maturity with which one more innovation does not lower the index; None when every one
    does.
    """
    before, top = regency.exact(), regency.rule.index.maturity_max
    return next((m for m in range(top + 1) if regency.with_(regency.sums.plus(m)).exact() >= before), None)


def more_to(regency: Regency, maturity: int, *, target: Decimal, affairs: Sequence[str] = ()) -> int | None:
    """How many more innovations of this maturity reach a target; None when the count's cap comes first.

    The first of them serve `affairs`, one each; the others bring no affair that is not there.
    """
    cap = regency.rule.index.count_cap
    for more in range(max(0, cap - regency.sums.count) + 1):
        if adding(regency, [maturity] * more, affairs=affairs[:more]).after >= target:
            return more
    return None


def one_more_affair(regency: Regency) -> tuple[str, Addition] | None:
    """What it does when one of the innovations that are there served a basic affair that is missing."""
    missing = regency.now().missing
    if not missing or not regency.sums.count:
        return None
    return missing[0], adding(regency, (), affairs=missing[:1])
