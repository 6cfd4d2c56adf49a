"""Offices in the order of their points, and of what they gained since the year before; nobody is listed
for the least.

Ties share a rank and stand in the order of the offices, so that the same figures always give the same list.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import takewhile

FOREMOST = 5  # that an announcement names; more where several tie for the last of these ranks
FOREMOST_AT_MOST = 10  # a larger tie is left out as a whole


@dataclass(frozen=True, slots=True)
class Standing:
    """What one office has in a period and had in the one before."""

    name: str
    sent: int  # innovations that meet the duty
    counted: int  # innovations in the claimed figure
    points: int  # of those
    points_before: int  # in the period of the year before
    on_duty: bool

    @property
    def growth(self) -> int:
        """Points gained since the year before; negative where there are fewer."""
        return self.points - self.points_before


@dataclass(frozen=True, slots=True)
class Ranked:
    """An office at its rank, from 1; offices that tie have the same."""

    rank: int
    office: Standing


def by_points(offices: Sequence[Standing]) -> tuple[Ranked, ...]:
    """Rank the offices of which something counts, the most points first."""
    return _rank([standing for standing in offices if standing.counted], lambda standing: standing.points)


def by_growth(offices: Sequence[Standing]) -> tuple[Ranked, ...]:
    """Rank the offices that gained points since the year before, the greatest gain first; the others are
    not named.
    """
    return _rank([standing for standing in offices if standing.growth > 0], lambda standing: standing.growth)


def _rank(offices: Sequence[Standing], figure: Callable[[Standing], int]) -> tuple[Ranked, ...]:
    ordered = sorted(offices, key=figure, reverse=True)  # stable: ties keep the order of the offices
    better = {
        figure(standing): sum(figure(other) > figure(standing) for other in ordered) for standing in ordered
    }
    return tuple(Ranked(better[figure(standing)] + 1, standing) for standing in ordered)


def foremost(ranked: Sequence[Ranked]) -> tuple[Ranked, ...]:
    """Take those an announcement names: whoever ties for the last rank comes along, or the whole tie
    stays out.
    """
    within = tuple(takewhile(lambda office: office.rank <= FOREMOST, ranked))
    if len(within) <= FOREMOST_AT_MOST:
        return within
    return tuple(office for office in within if office.rank < within[-1].rank)


def without(offices: Sequence[Standing]) -> tuple[Standing, ...]:
    """List the offices with a duty that have sent nothing yet, in their order."""
    return tuple(standing for standing in offices if standing.on_duty and not standing.sent)
