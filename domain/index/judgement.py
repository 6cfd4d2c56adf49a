"""Decides what may be said of a regency's index; every text, picture and export asks here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from domain.index.estimate import Sums, estimate
from domain.rules.load import NOT_ASSESSED, Ladder, Published, RuleYear

TOP = 3  # the highest level of a row


@dataclass(frozen=True, slots=True)
class Starts:
    """Levels of an earlier year, taken over for rows nobody has looked at yet; they never count as filled."""

    year: int = 0  # they are from; 0: there are none
    levels: Mapping[str, int] = field(default_factory=dict)  # by row


@dataclass(frozen=True, slots=True)
class Profile:
    """The regency's own rows, as far as they are filled in."""

    filled: int  # rows with a level, 0 included: "none" is an answer too
    rows: int  # 0: the rows of the rule year are not known
    low: Decimal  # points, with the other rows at level 0
    high: Decimal  # points, with the other rows at the highest level
    unchecked: int = 0  # of the other rows, those with a level of an earlier year
    start_year: int = 0  # they are from; 0: there are none
    # points with those at their earlier levels; None: a row has no level at all
    started: Decimal | None = None

    @property
    def complete(self) -> bool:
        """Whether the rows are known and all filled in."""
        return 0 < self.rows == self.filled


@dataclass(frozen=True, slots=True)
class Figure:
    """An index as far as it is known: from `low` to `high`, by what the unfilled rows leave open."""

    low: Decimal  # of 100, two decimals
    high: Decimal
    shares: tuple[Decimal, ...]  # of `low`: profile, maturity, number
    count: int  # innovations it rests on
    predikat: str | None  # None: must not be said yet; "": the year's limit is not known
    started: Decimal | None = None  # with the unchecked levels of an earlier year, where every row has one

    @property
    def is_one(self) -> bool:
        """Whether nothing is left open."""
        return self.low == self.high


@dataclass(frozen=True, slots=True)
class Affairs:
    """The basic-service affairs that are represented, and how many the count score asks for."""

    covered: int
    every: int
    needed: int | None  # None: not known

    @property
    def short(self) -> bool:
        """Whether the count score is withheld."""
        return self.needed is not None and self.covered < self.needed


@dataclass(frozen=True, slots=True)
class Judgement:
    """What may be said of the index of a period."""

    year: int  # of the period
    rule_year: int
    official: Published | None  # the latest published result
    official_predikat: str  # by the limits of its own year; "": not known
    claimed: Figure | None  # None: nothing counts, so it cannot be assessed
    verified: Figure | None  # None: nothing is verified
    count: int  # innovations that count
    divisor: int  # how many it takes until an estimate is complete
    affairs: Affairs
    profile: Profile
    target: Decimal
    complete: bool  # whether nothing is missing that an estimate needs

    @property
    def gap(self) -> Decimal | None:
        """How much is missing to the target, 0 when it is reached; None: must not be said yet."""
        figure = self.claimed
        return max(Decimal(0), self.target - figure.low) if figure and self.complete else None

    @property
    def leads(self) -> bool:
        """Whether the estimate is the headline; otherwise the official result is, as far as there is one."""
        return self.complete and (self.official is None or self.official.year < self.year)

    @property
    def predikat(self) -> str | None:
        """The class of the claimed index; None where it must not be said yet."""
        return self.claimed.predikat if self.claimed else NOT_ASSESSED


@dataclass(frozen=True, slots=True)
class Known:
    """What is known beside the innovations: profile, target, published results."""

    levels: Mapping[str, int]  # of the rows of the profile
    published: tuple[Published, ...]
    ladders: Mapping[int, Ladder]
    target: Decimal
    starts: Starts = Starts()


def judge(year: int, rule: RuleYear, *, claimed: Sums, verified: Sums, known: Known) -> Judgement:
    """Say what may be said of a period with these sums and these levels of the profile.

    1. Without a single innovation that counts nothing can be assessed: no figure, no predikat, no distance.
    2. Until the profile is filled in and as many innovations count as the divisor of the year, the estimate
       is not complete: no predikat and no distance, and an unfilled profile makes it a range. Levels taken
       over from an earlier year and not checked narrow nothing; they give one figure inside the range.
    3. The verified figure has a predikat only when more than half of what counts is verified.
    """
    profile = filled_in(rule, known.levels, starts=known.starts)
    complete = profile.complete and claimed.count >= rule.index.divisor
    figure = _make_claimed(rule, claimed, profile=profile, complete=complete)
    enough = complete and 2 * verified.count > claimed.count
    official = max(known.published, key=lambda result: result.year, default=None)
    basic = set(rule.index.basic_affairs)
    return Judgement(
        year=year,
        rule_year=rule.year,
        official=official,
        official_predikat=predikat_of(official, known.ladders) if official else "",
        claimed=figure,
        verified=_make_figure(rule, verified, profile=profile, says_predikat=enough),
        count=claimed.count,
        divisor=rule.index.divisor,
        affairs=Affairs(len(claimed.affairs & basic), len(basic), rule.index.basic_needed),
        profile=profile,
        target=known.target,
        complete=complete,
    )


def filled_in(rule: RuleYear, levels: Mapping[str, int], *, starts: Starts = Starts()) -> Profile:
    """Say how far the profile is filled in; rows the rule year does not have are left out."""
    low = sum((row.weight * levels.get(row.no, 0) for row in rule.spd), Decimal(0))
    high = sum((row.weight * levels.get(row.no, TOP) for row in rule.spd), Decimal(0))
    filled = sum(row.no in levels for row in rule.spd)
    high = high if rule.spd else rule.index.spd_max
    unchecked = [row for row in rule.spd if row.no not in levels and row.no in starts.levels]
    if not unchecked:
        return Profile(filled, len(rule.spd), low, high)
    started = low + sum((row.weight * starts.levels[row.no] for row in unchecked), Decimal(0))
    whole = filled + len(unchecked) == len(rule.spd)
    return Profile(filled, len(rule.spd), low, high, len(unchecked), starts.year, started if whole else None)


def _make_claimed(rule: RuleYear, claimed: Sums, *, profile: Profile, complete: bool) -> Figure | None:
    """Make the claimed figure, with the one inside its range that unchecked levels of the profile give."""
    figure = _make_figure(rule, claimed, profile=profile, says_predikat=complete)
    if figure is None or profile.started is None:
        return figure
    return replace(figure, started=estimate(rule, claimed, spd_points=profile.started).index)


def _make_figure(rule: RuleYear, sums: Sums, *, profile: Profile, says_predikat: bool) -> Figure | None:
    if not sums.count:
        return None
    low, high = (estimate(rule, sums, spd_points=points) for points in (profile.low, profile.high))
    shares = tuple(line.share for line in low.lines)
    return Figure(low.index, high.index, shares, sums.count, low.predikat if says_predikat else None)


def predikat_of(result: Published, ladders: Mapping[int, Ladder]) -> str:
    """Name the predikat of a published result by the limits of its own year; "" where they are not known."""
    ladder = ladders.get(result.year)
    return ladder.predikat(result.value) if ladder else ""


def change(before: Judgement, after: Judgement) -> Decimal | None:
    """What the claimed index did; None where one of the two cannot be assessed, or is a range."""
    earlier, other = before.claimed, after.claimed
    if earlier is None or other is None or not (earlier.is_one and other.is_one):
        return None
    return other.low - earlier.low
