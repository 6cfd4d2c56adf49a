"""Whatever happens: the sums equal a recomputation, and what was said of a past moment stays."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.index.judgement import Judgement
from domain.rules.load import load_published
from handlers.assembly import build
from storage import periods, profile, reports, scores
from storage.engine.sqlite import SqliteTransaction
from tests.kit.clock_and_codes import MORNING, Codes
from tests.kit.databases import in_memory, with_people
from tests.kit.histories import OF_OFFICES, PERIOD, History, fills_in, happens, sent, when
from tests.kit.properties import SHARES_FIXTURE
from tests.kit.score_drift import drift

DESK_DATA = build(timezone="Asia/Jakarta", language="id", new_code=Codes()).desk_data
# a few every day, the others with `--every`
HISTORIES = [
    pytest.param(range(5), id="a few"),
    *(pytest.param(range(at, at + 50), id=f"from {at}", marks=pytest.mark.every) for at in range(5, 500, 50)),
]


@pytest.fixture
def tx() -> Iterator[SqliteTransaction]:
    with closing(in_memory(with_people())) as connection:
        yield connection


@settings(max_examples=25, deadline=None, suppress_health_check=SHARES_FIXTURE)
@given(chance=st.randoms(use_true_random=False))
def test_sums_equal_a_recomputation_after_any_history(tx: SqliteTransaction, chance: Random) -> None:
    history = History(tx, chance)
    tx.execute("SAVEPOINT example")
    for _ in range(150):
        history.now += timedelta(minutes=chance.randrange(50))
        history.step()
    assert drift(tx) == []
    tx.execute("ROLLBACK TO example")
    tx.execute("RELEASE example")


@settings(max_examples=25, deadline=None, suppress_health_check=SHARES_FIXTURE)
@given(st.lists(st.tuples(st.sampled_from(OF_OFFICES),
                          st.integers(1, 6)), max_size=10))  # fmt: skip
def test_what_happens_to_offices_never_changes_a_past_moment(
    tx: SqliteTransaction, moves: list[tuple[str, int]]
) -> None:
    tx.execute("SAVEPOINT example")
    sent(tx, office=1, level=1, affair="sosial")
    seen: list[tuple[datetime, scores.Figures]] = []
    for number, (move, office) in enumerate(moves, 1):
        seen.append((when(2 * number), scores.figures(tx, PERIOD)))
        happens(tx, move, office, when(2 * number + 1))
    for moment, figures in seen:
        assert scores.figures_at(tx, PERIOD, moment=moment) == figures
    assert drift(tx) == []
    tx.execute("ROLLBACK TO example")
    tx.execute("RELEASE example")


@pytest.mark.parametrize("numbers", HISTORIES)
def test_whatever_happens_the_past_stays_and_the_present_adds_up(
    tx: SqliteTransaction, numbers: range
) -> None:
    profile.publish_packaged(tx, load_published(), now=MORNING)
    for number in numbers:
        tx.execute("SAVEPOINT example")
        _year(tx, Random(number))
        tx.execute("ROLLBACK TO example")
        tx.execute("RELEASE example")


def _year(tx: SqliteTransaction, chance: Random) -> None:
    """Let a hundred things happen, some of them in the same hour, and compare every hour afterwards."""
    history, seen = History(tx, chance), list[tuple[datetime, Judgement]]()
    scores.note_before(tx, PERIOD, now=MORNING - timedelta(hours=1))
    for hour in range(1, 40):
        seen.append((when(hour), _judged(tx)))
        for _ in range(chance.randrange(6)):
            history.now = when(hour) + timedelta(minutes=chance.randrange(1, 60))
            _anything(tx, history, chance)
    assert drift(tx) == []
    period = periods.load(tx, PERIOD)
    for moment, judged in seen:
        assert reports.judged_at(tx, DESK_DATA, period=period, moment=moment) == judged, moment


def _judged(tx: SqliteTransaction) -> Judgement:
    return reports.judged(tx, DESK_DATA, period=periods.load(tx, PERIOD))


def _anything(tx: SqliteTransaction, history: History, chance: Random) -> None:
    """Something an office does, something the desk does to an office, or something about the profile."""
    which = chance.random()
    if which < 0.6:
        history.step()
    elif which < 0.8:
        happens(tx, chance.choice(OF_OFFICES), chance.randrange(1, 7), history.now)
        history.ids = [row[0] for row in tx.execute("SELECT id FROM innovations ORDER BY id")]
    else:
        fills_in(tx, chance, history.now)
