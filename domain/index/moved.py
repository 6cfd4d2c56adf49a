"""Why the estimate of a regency moved between two moments: the cause that moves it farthest, and what each
component of the index did.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from domain.index.estimate import apportion, in_index
from domain.index.whatif import Regency


class Cause(StrEnum):
    """What moved it most."""

    ADDED = "added"  # innovations that count now and did not before
    LEFT = "left"  # innovations that counted before and do not now
    LEVELS = "levels"  # levels of innovations that count at both moments
    PROFILE = "profile"  # rows of the regency's own profile


@dataclass(frozen=True, slots=True)
class Moved:
    """The move in points of the index, two decimals, as the figures before and after show it."""

    change: Decimal
    parts: Mapping[str, Decimal]  # by component (spd, average, count), two decimals; they sum to the change
    cause: Cause
    count: int = 0  # innovations that came or went


def why_moved(before: Regency, after: Regency) -> Moved | None:
    """Tell what moved the estimate; None where the two figures that are shown are the same."""
    change = after.now().index - before.now().index
    if not change:
        return None
    cause, count = _choose_cause(before, after, change=change)
    return Moved(change, divide(before, after), cause, count)


def _choose_cause(before: Regency, after: Regency, *, change: Decimal) -> tuple[Cause, int]:
    """Choose the cause by itself on the earlier estimate that moves it farthest in the direction of the
    whole.

    How many count tells those that came or went; where their number is the same, what moved is a level or a
    row of the profile.
    """
    came = after.sums.count - before.sums.count
    by_sums = before.with_(after.sums).exact() - before.exact()
    by_profile = Regency(before.rule, before.sums, after.spd).exact() - before.exact()
    sign = 1 if change > 0 else -1
    if by_profile * sign > by_sums * sign:
        return Cause.PROFILE, 0
    if not came:
        return Cause.LEVELS, 0
    return Cause.ADDED if came > 0 else Cause.LEFT, abs(came)


def divide(before: Regency, after: Regency) -> dict[str, Decimal]:
    """Divide the change between the two figures that are shown among the components of the index.

    A cent that rounding leaves over goes to the component that moved farthest; one that did not move stays 0.
    """
    was, now = before.points(), after.points()
    exact = {key: in_index(after.rule, now[key] - was[key]) for key in now}
    parts = dict(zip(exact, apportion(list(exact.values())), strict=True))
    farthest = max(exact, key=lambda key: abs(exact[key]))
    parts[farthest] += after.now().index - before.now().index - sum(parts.values())
    return parts
