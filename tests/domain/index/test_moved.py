"""Why an estimate moved: the cause is the one that moves it farthest by itself."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from domain.index.estimate import Sums
from domain.index.moved import Cause, why_moved
from domain.index.whatif import Regency
from domain.rules.load import load_rules

STOOD = Regency(load_rules()[2026], Sums(40, 40 * 90, frozenset({"kesehatan"})), Decimal(60))


def test_weak_new_innovations_lower_it() -> None:
    moved = why_moved(STOOD, STOOD.with_(STOOD.sums.plus(20).plus(30)))
    assert moved is not None
    assert moved.change < 0
    assert (moved.cause, moved.count) == (Cause.ADDED, 2)


def test_raised_levels_raise_it() -> None:
    moved = why_moved(STOOD, STOOD.with_(STOOD.sums.raised(120)))
    assert moved is not None
    assert moved.change > 0
    assert moved.cause is Cause.LEVELS


def test_a_better_profile_raises_it() -> None:
    moved = why_moved(STOOD, replace(STOOD, spd=STOOD.spd + 10))
    assert moved is not None
    assert moved.cause is Cause.PROFILE


def test_what_was_taken_back_lowers_it() -> None:
    less = Sums(38, STOOD.sums.maturity - 2 * 111, STOOD.sums.affairs)
    moved = why_moved(STOOD, STOOD.with_(less))
    assert moved is not None
    assert (moved.cause, moved.count) == (Cause.LEFT, 2)


def test_what_did_not_move_has_no_cause() -> None:
    assert why_moved(STOOD, STOOD) is None
