"""A changed data file of a year in use is noticed; what was handed in stays under what it was made with."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date

import pytest

from domain.rules.indicators import IndicatorSet, load_indicators
from domain.rules.load import load_rules
from storage import audit, innovations, recounting, rules_in_use, scores
from storage.engine.sqlite import SqliteTransaction as Transaction
from storage.rules_in_use import Rules
from tests.kit.clock_and_codes import MORNING
from tests.kit.databases import in_memory, with_people
from tests.kit.handed_in import handed_in
from tests.kit.people import counted_by

YEAR = 2026
NOW = load_rules()[YEAR], load_indicators()[YEAR]


def heavier(indicators: IndicatorSet) -> IndicatorSet:
    """The same indicators, the first weighing one point more."""
    first, *rest = indicators.indicators
    return indicators.model_copy(
        update={"indicators": (first.model_copy(update={"weight": first.weight + 1}), *rest)}
    )


THEN: Rules = {YEAR: (NOW[0], heavier(NOW[1]))}


@pytest.fixture
def tx() -> Iterator[Transaction]:
    """Something handed in and a draft, both at level 1 and more, and the rules as they were begun with."""
    with closing(in_memory(with_people())) as connection:
        number = handed_in(connection, "SIPANDU", now=MORNING)
        draft = innovations.create(
            connection,
            innovations.NewInnovation(office_id=5, period_id=1, form_version=1, rule_year=YEAR),
            by=1,
            now=MORNING,
        )
        answers = innovations.answers(connection, number)
        innovations.write(connection, draft, changes=answers, before={}, by=1, now=MORNING)
        scores.keep(connection, draft, answers=answers, indicators=NOW[1], now=MORNING)
        assert rules_in_use.changes(connection, {YEAR: NOW}, now=MORNING) == []
        yield connection


def claimed(tx: Transaction) -> list[int]:
    return [points for (points,) in tx.execute("SELECT claimed FROM innovations ORDER BY id")]


def test_the_same_rules_are_no_change_and_others_are_named(tx: Transaction) -> None:
    assert rules_in_use.changes(tx, {YEAR: NOW}, now=MORNING) == []
    (change,) = rules_in_use.changes(tx, THEN, now=MORNING)
    assert (change.rule_year, change.differences) == (YEAR, ("indicator 16 weight: 3 -> 4",))


def test_other_words_of_an_indicator_may_be_corrected(tx: Transaction) -> None:
    first, *rest = NOW[1].indicators
    reworded = first.model_copy(update={"evidence": first.evidence.model_copy(update={"id": "Surat."})})
    rules = {YEAR: (NOW[0], NOW[1].model_copy(update={"indicators": (reworded, *rest)}))}
    assert rules_in_use.changes(tx, rules, now=MORNING) == []


def test_what_was_handed_in_stays_and_a_draft_follows(tx: Transaction) -> None:
    before = claimed(tx)
    level = NOW[1].indicators[0].level(innovations.answers(tx, 1))
    assert level
    assert rules_in_use.take(tx, YEAR, rules=THEN, reason="Surat BSKDN 12", now=MORNING) == 1
    assert claimed(tx) == [before[0], before[1] + level]
    old = innovations.load(tx, 1)
    assert old is not None
    assert rules_in_use.editions(tx)[old.edition] == NOW[1]
    scores.keep(
        tx,
        1,
        answers=innovations.answers(tx, 1),
        indicators=rules_in_use.editions(tx)[old.edition],
        now=MORNING,
    )
    assert claimed(tx)[0] == before[0]
    line = list(audit.lines(tx))[-1]
    assert (line.action, line.reason) == ("rules_taken", "Surat BSKDN 12")
    assert json.loads(line.before) != json.loads(line.after)
    assert rules_in_use.changes(tx, THEN, now=MORNING) == []
    assert rules_in_use.take(tx, YEAR, rules=THEN, reason="lagi", now=MORNING) == 0


def test_another_window_is_adopted_and_audited_with_what_was_before(tx: Transaction) -> None:
    rule = counted_by(YEAR)
    recounting.adopt(tx, {YEAR: rule}, now=MORNING)
    assert "counting_rule_changed" not in {line.action for line in audit.lines(tx)}
    recounting.adopt(tx, {YEAR: replace(rule, opens=date(2023, 1, 1))}, now=MORNING)
    line = list(audit.lines(tx))[-1]
    assert line.action == "counting_rule_changed"
    assert json.loads(line.before)[0] == rule.opens.isoformat()
    assert json.loads(line.after)[0] == "2023-01-01"
