"""The sandbox's scenarios are what a regency could have come to, counted here by other queries."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.cli.sandbox_options import BUSY, EMPTY, USUAL
from bot.inbound.inspection import inspect
from domain.draft.checks import gaps
from domain.draft.evidence import pieces_of
from domain.draft.facts import DraftFacts
from domain.draft.path import Window
from domain.rules.indicators import load_indicators, mismatches
from domain.rules.load import load_form, load_offices, load_rules
from handlers.words import load_words
from sandbox.demo import people
from sandbox.examples import answers_of, load_examples
from sandbox.papers import Paper
from sandbox.scenarios import Beginning, Filling, deadline_of
from storage import innovations, periods, reports
from storage.engine.transaction import Transaction
from tests.kit.clock_and_codes import MORNING
from tests.kit.databases import Content, filled, in_memory, migrated

ZONE = ZoneInfo("Asia/Jakarta")
_STATES = "SELECT state, count(*) FROM innovations GROUP BY state"
_DUTIFUL = """
SELECT count(DISTINCT office_id), count(*) FROM innovations
WHERE state IN ('terkirim', 'diubah', 'diperiksa', 'terverifikasi')
"""
_WITHOUT_PEOPLE = """
SELECT o.code FROM offices o WHERE NOT EXISTS
 (SELECT 1 FROM memberships m WHERE m.office_id = o.id AND m.role = 'focal_point')
"""


def begun(tx: Transaction, scenario: str) -> tuple[Paper, ...]:
    """A new sandbox of a scenario."""
    filling = Filling(scenario, now=MORNING, zone=ZONE)
    for unit in filling.units():
        unit(tx)
    return tuple(filling.papers)


@cache
def usual() -> tuple[Content, Mapping[str, Paper]]:
    """The usual scenario, made once: its database, and its papers by their hashes."""
    papers: list[Paper] = []
    database = filled(migrated(), lambda tx: papers.extend(begun(tx, USUAL)))
    return database, {paper.sha256: paper for paper in papers}


@pytest.fixture
def regency() -> Iterator[Transaction]:
    """The regency as the newspapers described it."""
    with closing(in_memory(usual()[0])) as connection:
        yield connection


def period_of(tx: Transaction) -> periods.Period:
    """Its period, which is there."""
    period = periods.current(tx)
    assert period is not None
    return period


@pytest.mark.parametrize("year", [2026, 2027])
def test_every_example_could_be_sent(year: int) -> None:
    rule = load_rules()[year]
    window = Window(year, rule.window.from_, rule.window.until)
    facts = DraftFacts(
        load_form(), load_words().in_("id"), date(year, 11, 25), window, load_indicators()[year]
    )
    for example in load_examples():
        answers = answers_of(example, office="Dinas Contoh", rule=rule)
        assert gaps(answers, facts) == (), example.title


def test_it_begins_as_the_newspapers_said(regency: Transaction) -> None:
    assert regency.execute("SELECT count(*) FROM offices").fetchone() == (47,)
    assert regency.execute(_DUTIFUL).fetchone() == (15, 28)
    states = {"terkirim": 16, "diperiksa": 2, "terverifikasi": 10, "dikembalikan": 2, "draf": 8}
    assert dict(regency.execute(_STATES)) == states
    assert regency.execute(_WITHOUT_PEOPLE).fetchall() == []
    period = period_of(regency)
    assert period.deadline > MORNING.date()
    standing = reports.period_figures(regency, period.id, rule=load_rules()[period.rule_year])
    assert (standing.figures.done, standing.figures.sent) == (15, 28)
    assert standing.claimed.predikat == "Inovatif"
    assert 0 < standing.verified.index < standing.claimed.index


def test_a_busy_week_has_a_full_queue_and_a_near_deadline(tx: Transaction) -> None:
    begun(tx, BUSY)
    states = dict(tx.execute(_STATES))
    assert states["terkirim"] + states["diperiksa"] == 46
    assert "terverifikasi" not in states
    assert period_of(tx).deadline - MORNING.date() <= timedelta(days=7)


def test_an_empty_regency_has_offices_and_a_desk(tx: Transaction) -> None:
    assert begun(tx, EMPTY) == ()
    assert periods.current(tx) is None
    assert tx.execute("SELECT DISTINCT role FROM memberships").fetchall() == [("admin",)]
    assert tx.execute("SELECT count(*) FROM invitations").fetchone() == (2,)  # the strangers' codes are good
    assert tx.execute("SELECT count(*) FROM offices").fetchone() == (47,)


def test_every_office_has_somebody_to_talk_as_and_nobody_shares_an_address() -> None:
    crowd = [person for each in people().values() for person in each]
    assert {person.office for person in crowd if person.office} == {office.code for office in load_offices()}
    assert len({(person.channel, person.address) for person in crowd}) == len(crowd)
    assert len({person.phone for person in crowd if person.phone}) == len([p for p in crowd if p.phone])


def test_what_was_handed_in_has_evidence_that_the_bot_would_take(
    regency: Transaction, tmp_path: Path
) -> None:
    _, papers = usual()
    indicators = load_indicators()[period_of(regency).rule_year]
    seen = set()
    for (number,) in regency.execute("SELECT id FROM innovations WHERE receipt IS NOT NULL").fetchall():
        answers = innovations.answers(regency, number)
        for indicator in indicators.indicators:
            assert set(mismatches(indicator, answers)) <= {"mandatory"}
            seen |= {p.sha256 for p in pieces_of(answers.get(indicator.evidence_question) or []) if p.is_file}
    assert seen <= set(papers)
    for paper in list(papers.values())[:40]:
        paper.put(tmp_path)
        looked = inspect(tmp_path / paper.path, name=paper.name, accepts=frozenset({"pdf", "jpg"}))
        assert (looked.kind, looked.refusal) == (paper.kind, "")
        assert hashlib.sha256((tmp_path / paper.path).read_bytes()).hexdigest() == paper.sha256
    assert max(len(paper.content) for paper in papers.values()) < 20_000


def test_the_index_of_yesterday_differs_by_nothing_that_has_not_happened(regency: Transaction) -> None:
    period = period_of(regency)
    rule = load_rules()[period.rule_year]
    yesterday = reports.period_figures_at(regency, period.id, rule=rule, moment=MORNING - timedelta(days=1))
    assert yesterday is not None
    assert yesterday.claimed.index == reports.period_figures(regency, period.id, rule=rule).claimed.index


@pytest.mark.parametrize(
    ("now", "morning"),
    [
        ("2026-11-30T00:30+07:00", date(2026, 11, 30)),  # a Monday before its morning
        ("2026-11-30T09:59+07:00", date(2026, 11, 30)),
        ("2026-11-30T10:01+07:00", date(2026, 12, 1)),
        ("2026-11-28T23:00+07:00", date(2026, 11, 30)),
    ],
)
def test_the_deadline_is_so_near_that_a_reminder_comes_in_the_next_morning(now: str, morning: date) -> None:
    """Whatever the hour at which the sandbox is opened."""
    beginning = Beginning("kotim-2025", datetime.fromisoformat(now), ZONE)
    assert deadline_of(beginning) == morning + timedelta(days=14)
