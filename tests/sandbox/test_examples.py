"""The sandbox's examples are what an office could have handed in."""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from importlib.resources import files
from zoneinfo import ZoneInfo

import pytest

from domain.draft.checks import gaps
from domain.draft.facts import DraftFacts
from domain.draft.path import Window
from domain.rules.indicators import load_indicators
from domain.rules.load import load_form, load_rules
from handlers.words import load_words
from sandbox.demo import fill
from sandbox.examples import answers_of
from storage import periods, reports
from storage.engine.transaction import Transaction
from tests.kit.clock_and_codes import MORNING

DATA = tomllib.loads((files("sandbox") / "examples.toml").read_text(encoding="utf-8"))
TODAY = MORNING.astimezone(ZoneInfo("Asia/Jakarta")).date()


@pytest.mark.parametrize("year", [2026, 2027])
def test_every_example_could_be_sent(year: int) -> None:
    rule = load_rules()[year]
    window = Window(year, rule.window.from_, rule.window.until)
    facts = DraftFacts(
        load_form(), load_words().in_("id"), date(year, 11, 25), window, load_indicators()[year]
    )
    for entry in DATA["innovation"]:
        assert gaps(answers_of(entry, DATA["parts"], rule=rule), facts) == (), entry["title"]


def test_a_leader_finds_a_regency_at_work(tx: Transaction) -> None:
    fill(tx, now=MORNING, today=TODAY)
    period = periods.current(tx)
    assert period is not None
    standing = reports.period_figures(tx, period.id, rule=load_rules()[period.rule_year])
    assert (standing.figures.done, standing.figures.sent) == (15, 28)
    assert standing.claimed.predikat == "Inovatif"
    assert 0 < standing.verified.index < standing.claimed.index


def test_the_index_of_yesterday_differs_by_nothing_that_has_not_happened(tx: Transaction) -> None:
    fill(tx, now=MORNING, today=TODAY)
    period = periods.current(tx)
    assert period is not None
    rule = load_rules()[period.rule_year]
    yesterday = reports.period_figures_at(tx, period.id, rule=rule, moment=MORNING - timedelta(days=1))
    assert yesterday is not None
    assert yesterday.claimed.index == reports.period_figures(tx, period.id, rule=rule).claimed.index


def test_a_second_start_adds_nothing(tx: Transaction) -> None:
    for days in (0, 1):
        fill(tx, now=MORNING + timedelta(days=days), today=TODAY)
    assert tx.execute("SELECT count(*) FROM innovations").fetchone() == (28,)
    assert tx.execute("SELECT count(*) FROM contacts").fetchone() == (9,)
