"""The index of a regency as the rules of a year make it: every figure a Decimal, every figure explained."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal

from domain.rules.form import Form
from domain.rules.indicators import LEVELS, IndicatorSet
from domain.rules.load import NOT_ASSESSED, RulesError, RuleYear

CENT = Decimal("0.01")


class LevelOutOfRange(ValueError):
    """a level is none of 0, 1, 2, 3, or stands at a row the year does not have"""


@dataclass(frozen=True, slots=True)
class Scored:
    """One row of a score: weight x level."""

    no: str
    weight: Decimal
    level: int

    @property
    def points(self) -> Decimal:
        """What the row brings."""
        return self.weight * self.level


@dataclass(frozen=True, slots=True)
class Score:
    """A score and the rows it is the sum of."""

    rows: tuple[Scored, ...]

    @property
    def points(self) -> Decimal:
        """The sum of the rows."""
        return sum((row.points for row in self.rows), Decimal(0))


def maturity(indicators: IndicatorSet, levels: Mapping[int, int]) -> Score:
    """Score one innovation by its levels; what is not there counts 0. Raises LevelOutOfRange (iga.md
    section 4).
    """
    weights = {str(indicator.no): Decimal(indicator.weight) for indicator in indicators.indicators}
    return _sum_score(weights, {str(no): level for no, level in levels.items()})


def spd(rule: RuleYear, levels: Mapping[str, int]) -> Score:
    """Score the regency's own rows by their levels. Raises LevelOutOfRange (iga.md section 3)."""
    return _sum_score({row.no: row.weight for row in rule.spd}, levels)


def _sum_score(weights: Mapping[str, Decimal], levels: Mapping[str, int]) -> Score:
    for no, level in levels.items():
        if no not in weights or level not in (0, *LEVELS):
            raise LevelOutOfRange(
                f"{no}: found {level}, expected one of {(0, *LEVELS)} at one of {', '.join(weights)}"
            )
    return Score(tuple(Scored(no, weight, levels.get(no, 0)) for no, weight in weights.items()))


@dataclass(frozen=True, slots=True)
class Sums:
    """What the innovations that count add up to."""

    count: int = 0
    maturity: int = 0  # points, of all together
    affairs: frozenset[str] = frozenset()  # main affairs that are represented

    def plus(self, maturity: int, affair: str = "") -> Sums:
        """The sums with one more innovation."""
        affairs = self.affairs | {affair} if affair else self.affairs
        return Sums(self.count + 1, self.maturity + maturity, affairs)

    def raised(self, points: int) -> Sums:
        """The sums when innovations that are already there gain points."""
        return replace(self, maturity=self.maturity + points)


@dataclass(frozen=True, slots=True)
class Line:
    """One component of the index; the points of all lines add up to the total, their shares to the index."""

    key: str  # spd, average, count
    points: Decimal  # of the total, two decimals
    maximum: Decimal
    share: Decimal  # of the index, two decimals


@dataclass(frozen=True, slots=True)
class Estimate:
    """The index of a regency by the rules of one year: our estimate, never the published result."""

    rule_year: int
    sums: Sums
    divisor: int  # what the sum of maturity was divided by
    total: Decimal  # points, two decimals
    index: Decimal  # of 100, two decimals
    exact: Decimal  # of 100, as far as a Decimal goes
    predikat: str
    lines: tuple[Line, ...]
    basic: tuple[str, ...]  # basic-service affairs that are represented
    missing: tuple[str, ...]  # those that are not
    needed: int | None  # how many of them the count score asks for; None: not known
    _by_key: Mapping[str, Line]

    def line(self, key: str) -> Line:
        return self._by_key[key]

    @property
    def condition_met(self) -> bool:
        """Whether the count score is given."""
        return self.needed is None or len(self.basic) >= self.needed


def half_up(value: Decimal) -> Decimal:
    """Round to two decimals, half up: the official rounding was not found (iga.md section 4)."""
    return value.quantize(CENT, ROUND_HALF_UP)


def estimate(rule: RuleYear, sums: Sums, *, spd_points: Decimal) -> Estimate:
    """Put the index together (iga.md section 4).

    1. The sum of maturity is divided by the number of innovations, at least by the divisor of the year.
    2. The number of innovations gives points up to the cap, if enough basic-service affairs are represented.
    3. Both and the SPD make the total; the index is its share of the year's total, half up to two decimals.
    4. Without a single innovation there is nothing to assess, whatever the SPD.
    """
    by_key, divisor = exact_parts(rule, sums, spd_points=spd_points), max(rule.index.divisor, sums.count)
    parts = list(by_key.values())
    total, exact = sum(parts, Decimal(0)), in_index(rule, sum(parts, Decimal(0)))
    shown, shares = apportion(parts), apportion([in_index(rule, part) for part in parts])
    maxima = (rule.index.spd_max, Decimal(rule.index.maturity_max), rule.index.count_max)
    lines = tuple(Line(*line) for line in zip(by_key, shown, maxima, shares, strict=True))
    index = half_up(exact)
    return Estimate(
        rule_year=rule.year,
        sums=sums,
        divisor=divisor,
        total=half_up(total),
        index=index,
        exact=exact,
        predikat=rule.predikat(index) if sums.count else NOT_ASSESSED,
        lines=lines,
        basic=tuple(affair for affair in rule.index.basic_affairs if affair in sums.affairs),
        missing=tuple(affair for affair in rule.index.basic_affairs if affair not in sums.affairs),
        needed=rule.index.basic_needed,
        _by_key={line.key: line for line in lines},
    )


def exact_parts(rule: RuleYear, sums: Sums, *, spd_points: Decimal) -> dict[str, Decimal]:
    """The points of each component of the total by its key, without rounding."""
    average = Decimal(sums.maturity) / max(rule.index.divisor, sums.count)
    return {"spd": spd_points, "average": average, "count": count_score(rule, sums)}


def count_score(rule: RuleYear, sums: Sums) -> Decimal:
    """The points for the number of innovations; 0 while too few basic-service affairs are represented."""
    represented = len(sums.affairs & set(rule.index.basic_affairs))
    if rule.index.basic_needed is not None and represented < rule.index.basic_needed:
        return Decimal(0)
    return rule.index.count_weight * min(sums.count, rule.index.count_cap)


def exact_index(rule: RuleYear, sums: Sums, *, spd_points: Decimal) -> Decimal:
    """The index without rounding and without explanation, for comparing many cases."""
    return in_index(rule, sum(exact_parts(rule, sums, spd_points=spd_points).values(), Decimal(0)))


def in_index(rule: RuleYear, points: Decimal) -> Decimal:
    """Points of the total as points of the index, which is of 100."""
    return points * 100 / rule.index.total


def apportion(parts: Sequence[Decimal]) -> list[Decimal]:
    """Round parts to two decimals so that they add up to their rounded sum, moving as little as possible."""
    floors = [part.quantize(CENT, ROUND_FLOOR) for part in parts]
    left = int((half_up(sum(parts, Decimal(0))) - sum(floors, Decimal(0))) / CENT)
    by_rest = sorted(range(len(parts)), key=lambda at: floors[at] - parts[at])
    for at in by_rest[:left]:
        floors[at] += CENT
    return floors


def agree(rules: Mapping[int, RuleYear], indicators: Mapping[int, IndicatorSet], *, form: Form) -> None:
    """Check that rules, indicators and form speak of the same things; raises RulesError."""
    affairs = {option.id for option in form.by_id["urusan_utama"].options}
    for year, rule in rules.items():
        name = f"rules/{year}.toml"
        if year not in indicators:
            raise RulesError(f"{name}: year: found {year}, expected a year that indicators/ has")
        if indicators[year].maximum != rule.index.maturity_max:
            maximum, expected = rule.index.maturity_max, indicators[year].maximum
            raise RulesError(
                f"{name}: index.maturity_max: found {maximum}, expected {expected}, what the weights reach"
            )
        if unknown := set(rule.index.basic_affairs) - affairs:
            raise RulesError(
                f'{name}: index.basic_affairs: found "{min(unknown)}", expected an option of urusan_utama'
            )
