"""What a tick queued for people, and whom it passed over because writing to them raised."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

NOBODY: Mapping[object, Exception] = {}

PassedOver = tuple[tuple[int, Exception], ...]  # numbers of people, each with what was raised


@dataclass(frozen=True, slots=True)
class Queued:
    """How many are written to, and who is not."""

    count: int = 0
    passed_over: PassedOver = ()


def of_people(costly: Mapping[object, Exception]) -> PassedOver:
    """Name the people who cost a transaction as who is passed over."""
    return tuple((contact, error) for contact, error in costly.items() if isinstance(contact, int))
