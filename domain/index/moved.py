"""Why the estimate of a regency moved between two moments: the cause that moves it farthest is named."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from domain.index.estimate import half_up
from domain.index.whatif import Regency


class Cause(StrEnum):
    """What moved it most."""

    ADDED = "added"  # innovations that count now and did not before
    LEFT = "left"  # innovations that counted before and do not now
    LEVELS = "levels"  # levels of innovations that count at both moments
    PROFILE = "profile"  # rows of the regency's own profile


@dataclass(frozen=True, slots=True)
class Moved:
    """The move in points of the index, exact; how many innovations came or went."""

    change: Decimal
    cause: Cause
    count: int = 0


def why_moved(before: Regency, after: Regency) -> Moved | None:
    """Tell the cause of a move; None where two decimals show none.

    How many count tells those that came or went; where their number is the same, what moved is a level or a
    row of the profile. Each is tried by itself on the earlier estimate, and what moves it farther in the
    direction of the whole is named.
    """
    change = after.exact() - before.exact()
    if not half_up(change):
        return None
    came = after.sums.count - before.sums.count
    by_sums = before.with_(after.sums).exact() - before.exact()
    by_profile = Regency(before.rule, before.sums, after.spd).exact() - before.exact()
    sign = 1 if change > 0 else -1
    if by_profile * sign > by_sums * sign:
        return Moved(change, Cause.PROFILE)
    if not came:
        return Moved(change, Cause.LEVELS)
    return Moved(change, Cause.ADDED if came > 0 else Cause.LEFT, abs(came))
