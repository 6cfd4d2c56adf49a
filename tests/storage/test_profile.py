"""Whatever moves the index leaves its line in the audit, with what was before and after."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from decimal import Decimal
from typing import Any

import pytest

from domain.rules.load import Published
from storage import audit, profile
from storage.engine.transaction import Transaction
from tests.kit.clock_and_codes import MORNING
from tests.kit.databases import in_memory, with_people


@pytest.fixture
def tx() -> Iterator[Transaction]:
    with closing(in_memory(with_people())) as connection:
        yield connection


def last(tx: Transaction) -> tuple[str, Any, Any]:
    line = list(audit.lines(tx))[-1]
    return line.action, json.loads(line.before or "null"), json.loads(line.after or "null")


def test_each_change_of_the_profile_is_audited_with_before_and_after(tx: Transaction) -> None:
    profile.set_level(tx, 1, row="3", level=2, by=3, now=MORNING)
    assert last(tx) == ("spd_level_set", None, 2)
    profile.set_level(tx, 1, row="3", level=0, by=3, now=MORNING)
    assert last(tx) == ("spd_level_set", 2, 0)
    profile.set_target(tx, 1, value=Decimal("60.00"), by=3, now=MORNING)
    assert last(tx) == ("target_set", None, "60.00")
    profile.set_target(tx, 1, value=Decimal("65.01"), by=3, now=MORNING)
    assert last(tx) == ("target_set", "60.00", "65.01")
    profile.set_effort(tx, 17, weight=4, by=3, now=MORNING)
    assert last(tx) == ("effort_set", 1, 4)
    first = Published(year=2030, value=Decimal("50.00"), source="SK 1", innovations=12)
    profile.publish(tx, first, by=3, now=MORNING)
    assert last(tx)[1:] == (None, {"value": "50.00", "source": "SK 1", "innovations": 12})
    profile.publish(tx, first.model_copy(update={"value": Decimal("51.00")}), by=3, now=MORNING)
    action, before, after = last(tx)
    assert (action, before["value"], after["value"]) == ("result_published", "50.00", "51.00")


def test_a_level_chosen_again_is_no_change(tx: Transaction) -> None:
    profile.set_level(tx, 1, row="3", level=2, by=3, now=MORNING)
    lines = len(list(audit.lines(tx)))
    profile.set_level(tx, 1, row="3", level=2, by=3, now=MORNING)
    assert len(list(audit.lines(tx))) == lines
