"""Drafts of closed periods: which are offered, and that their number in other offices costs nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime, timedelta

import pytest

from storage import discarding, innovations, offices, periods, reviews
from storage.engine.transaction import Transaction
from tests.kit.databases import in_memory
from tests.kit.three_offices import START, with_three_offices

BY = 1


@pytest.fixture
def tx() -> Iterator[Transaction]:
    with closing(in_memory(with_three_offices())) as connection:
        yield connection


def office_of(tx: Transaction, code: str) -> int:
    office = offices.by_code(tx, code)
    assert office is not None
    return office.id


def begin(tx: Transaction, name: str, *, period: int, copied_from: int | None = None) -> int:
    """Begin an innovation of the first office; "" leaves it without a name."""
    number = innovations.create(
        tx,
        innovations.NewInnovation(
            office_id=office_of(tx, "dinkes"),
            period_id=period,
            form_version=1,
            rule_year=2026,
            copied_from=copied_from,
        ),
        by=BY,
        now=START,
    )
    if name:
        innovations.write(tx, number, changes={"nama": name}, before={}, by=BY, now=START)
    return number


def close_and_open(tx: Transaction, year: int) -> int:
    """Close the period that is open, and open the one of a year."""
    now = START + timedelta(days=1)
    if (last := periods.current(tx)) is not None:
        periods.set_open(tx, last, is_open=False, reason="tahun berganti", by=BY, now=now)
    return periods.open_period(
        tx,
        periods.NewPeriod(year=year, rule_year=2026, opens_on=date(year, 1, 5), deadline=date(year, 11, 1)),
        now=now,
    )


def names(tx: Transaction, *, period: int | None, limit: int = 6, code: str = "dinkes") -> list[str]:
    left = innovations.left_behind(tx, [office_of(tx, code)], period_id=period, limit=limit)
    return [draft.title for draft in left]


def test_named_drafts_of_closed_periods_are_left_the_newest_period_first(tx: Transaction) -> None:
    begin(tx, "Lama", period=1)
    begin(tx, "", period=1)
    discarding.discard(tx, begin(tx, "Dibuang", period=1), by=BY, now=START)
    second = close_and_open(tx, 2027)
    begin(tx, "Baru A", period=second)
    begin(tx, "Baru B", period=second)
    third = close_and_open(tx, 2028)
    begin(tx, "Sekarang", period=third)
    assert names(tx, period=third) == ["Baru A", "Baru B", "Lama"]
    assert names(tx, period=third, limit=2) == ["Baru A", "Baru B"]
    assert names(tx, period=third, code="dlh") == []


def test_what_has_a_copy_in_this_period_is_left_out_until_the_copy_is_discarded(
    tx: Transaction,
) -> None:
    old = begin(tx, "Lama", period=1)
    present = close_and_open(tx, 2027)
    copy = begin(tx, "Lama", period=present, copied_from=old)
    assert names(tx, period=present) == []
    assert names(tx, period=None) == ["Lama"]
    discarding.discard(tx, copy, by=BY, now=datetime(2027, 1, 6, tzinfo=START.tzinfo))
    assert names(tx, period=present) == ["Lama"]


@pytest.mark.sqlite
@pytest.mark.parametrize(
    "query",
    [innovations._DRAFTS_OF, innovations._LEFT_BEHIND, reviews._RETURNED],
    ids=["drafts", "left behind", "returned"],
)
def test_it_looks_at_the_offices_alone(tx: Transaction, query: str) -> None:
    steps = tx.execute(f"EXPLAIN QUERY PLAN {query}", ("[1]",) * query.count("?")).fetchall()
    assert any("innovations_unsent (office_id=? AND state=?)" in step[3] for step in steps), steps
