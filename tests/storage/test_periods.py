"""Periods: what holds for everybody, what holds for one office, and that every change leaves its line."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date

import pytest

from storage import audit, periods
from storage.audit import Actor
from storage.engine.errors import ConstraintBroken
from storage.engine.transaction import Transaction
from tests.kit.clock_and_codes import MORNING
from tests.kit.databases import in_memory, with_people
from tests.kit.people import DEADLINE

LATER, EARLIER = date(2026, 12, 31), date(2026, 12, 1)
DINKES, BAAMANG = 5, 30
SARI_ID = 5


@pytest.fixture
def tx() -> Iterator[Transaction]:
    with closing(in_memory(with_people())) as connection:
        yield connection


def present(tx: Transaction) -> periods.Period:
    period = periods.current(tx)
    assert period is not None
    return period


def extend(tx: Transaction, office: int, until: date | None) -> int:
    return periods.extend(
        tx,
        present(tx),
        office_id=office,
        until=until,
        now=MORNING,
        actor=Actor(SARI_ID, "banjir"),
    )


def test_an_extension_moves_one_office_alone(tx: Transaction) -> None:
    extend(tx, DINKES, LATER)
    assert periods.deadline_for(tx, present(tx), office_id=DINKES) == LATER
    assert periods.deadline_for(tx, present(tx), office_id=BAAMANG) == DEADLINE


def test_an_exempt_office_has_no_deadline_and_may_still_hand_in(tx: Transaction) -> None:
    extend(tx, DINKES, None)
    assert periods.deadline_for(tx, present(tx), office_id=DINKES) is None
    assert periods.sendable_until(tx, present(tx), office_id=DINKES) == DEADLINE


def test_an_extension_never_shortens_what_everybody_has(tx: Transaction) -> None:
    extend(tx, DINKES, LATER)
    later = date(2027, 1, 31)
    periods.move_deadline(tx, present(tx), deadline=later, reason="surat", by=SARI_ID, now=MORNING)
    assert periods.deadline_for(tx, present(tx), office_id=DINKES) == later
    assert periods.last_day(present(tx), periods.Extension(DINKES, EARLIER, "")) == later


def test_what_was_lifted_holds_no_more_and_cannot_be_lifted_again(tx: Transaction) -> None:
    extend(tx, DINKES, LATER)
    assert periods.lift(tx, present(tx), office_id=DINKES, now=MORNING, actor=Actor(SARI_ID, "salah"))
    assert periods.lift(tx, present(tx), office_id=DINKES, now=MORNING, actor=Actor(SARI_ID, "salah")) is None
    assert periods.deadline_for(tx, present(tx), office_id=DINKES) == DEADLINE


def test_closing_twice_is_one_change(tx: Transaction) -> None:
    period = present(tx)
    assert periods.set_open(tx, period, is_open=False, reason="selesai", by=SARI_ID, now=MORNING)
    assert periods.current(tx) is None
    assert periods.set_open(tx, period, is_open=False, reason="selesai", by=SARI_ID, now=MORNING) is None
    assert periods.set_open(tx, period, is_open=True, reason="susulan", by=SARI_ID, now=MORNING)
    assert present(tx) == period


def test_every_change_says_who_before_after_and_why(tx: Transaction) -> None:
    changes = [extend(tx, DINKES, LATER), extend(tx, DINKES, None)]
    changes.append(
        periods.move_deadline(tx, present(tx), deadline=LATER, reason="surat", by=SARI_ID, now=MORNING)
    )
    told = {line.number: line for line in audit.lines(tx)}
    assert [told[n].action for n in changes] == ["extension_given", "exemption_given", "deadline_moved"]
    assert [(told[n].before, told[n].after) for n in changes] == [
        ("", '"2026-12-31"'),
        ('"2026-12-31"', '"exempt"'),
        ('"2026-12-15"', '"2026-12-31"'),
    ]
    assert {(told[n].name, told[n].reason) for n in changes} == {("Sari", "banjir"), ("Sari", "surat")}
    assert json.loads(told[changes[0]].detail)["office"] == DINKES


@pytest.mark.parametrize(
    "sql", ["UPDATE audit SET action = 'x'", "DELETE FROM audit", "UPDATE audit SET actor = 1"]
)
def test_the_database_itself_keeps_the_audit(tx: Transaction, sql: str) -> None:
    before = list(audit.lines(tx))
    assert before
    with pytest.raises((sqlite3.IntegrityError, ConstraintBroken), match="only ever added"):
        tx.attempt(lambda tx: tx.execute(sql).rowcount, seconds=5)
    assert list(audit.lines(tx)) == before
