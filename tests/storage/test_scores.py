"""The sums of a period equal a recomputation from the answers alone, whatever happened to the innovations."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pytest

from domain.index.estimate import Sums, estimate
from domain.rules.indicators import load_indicators
from domain.rules.load import load_published, load_rules
from storage import innovations, office_sums, periods, profile, recounting, reports, scores
from storage.audit import Actor
from storage.engine.migrate import migrate, migrations
from storage.engine.sqlite import SqliteTransaction
from tests.kit.clock_and_codes import MORNING
from tests.kit.databases import in_memory, with_people
from tests.kit.histories import AFFAIRS, BY, PERIOD, History, sent, when
from tests.kit.people import DEADLINE, counted_by
from tests.kit.regency import IN_USE
from tests.kit.score_drift import drift

RULE, INDICATORS = load_rules()[2026], load_indicators()[2026]


@pytest.fixture
def tx() -> Iterator[SqliteTransaction]:
    with closing(in_memory(with_people())) as connection:
        yield connection


def test_a_sum_that_is_wrong_is_found(tx: SqliteTransaction) -> None:
    """The recomputation itself can see a difference."""
    sent(tx, office=2)
    assert drift(tx) == []
    tx.execute("UPDATE tallies SET claimed = claimed + 1")
    tx.execute("DELETE FROM affair_tallies")
    assert drift(tx) == [
        "tallies(1, 2).claimed: stored 112, recomputed 111",
        "affair_tallies(1, 'kesehatan').counted: stored 0, recomputed 1",
    ]


def test_refresh_called_again_changes_nothing(tx: SqliteTransaction) -> None:
    one = sent(tx)
    before = scores.figures(tx, PERIOD)
    for _ in range(3):
        scores.refresh(tx, one, now=MORNING)
    assert scores.figures(tx, PERIOD) == before
    assert before.claimed == Sums(1, 111, frozenset({"kesehatan"}))
    assert before.verified == Sums()
    assert (before.offices, before.done, before.sent) == (47, 1, 1)


def test_only_what_is_applied_and_sent_counts(tx: SqliteTransaction) -> None:
    one = sent(tx)
    found = innovations.load(tx, one)
    assert found is not None
    History(tx, Random(0)).write(found, {"tahapan": "uji_coba"})
    assert scores.figures(tx, PERIOD).claimed == Sums()
    assert scores.figures(tx, PERIOD).done == 1


def test_verified_is_what_the_desk_verified(tx: SqliteTransaction) -> None:
    one = sent(tx)
    accepted = {16: 1, 17: 1, 32: 1, 33: 1, 35: 2}
    for number, level in accepted.items():
        judge(tx, one, number, level)
    scores.keep(tx, one, answers=innovations.answers(tx, one), indicators=INDICATORS, now=MORNING)
    assert scores.figures(tx, PERIOD).verified == Sums()
    tx.execute("UPDATE innovations SET state = 'terverifikasi' WHERE id = ?", (one,))
    scores.refresh(tx, one, now=MORNING)
    assert scores.figures(tx, PERIOD).verified == Sums(
        1, INDICATORS.maturity(accepted), frozenset({"kesehatan"})
    )
    judge(tx, one, 33, 0)
    scores.keep(tx, one, answers=innovations.answers(tx, one), indicators=INDICATORS, now=MORNING)
    assert scores.figures(tx, PERIOD).verified == Sums(), "33 is mandatory"
    assert scores.figures(tx, PERIOD).claimed.count == 1


def judge(tx: SqliteTransaction, number: int, indicator: int, level: int) -> None:
    """Let the desk accept a level."""
    tx.execute(
        "INSERT INTO verdicts (innovation_id, indicator, level, contact_id, at) VALUES (?, ?, ?, 1, '')"
        " ON CONFLICT (innovation_id, indicator) DO UPDATE SET level = excluded.level",
        (number, indicator, level),
    )


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"waktu_penerapan": "2026-01-01"}, "late"),
        ({"waktu_penerapan": "2023-12-31"}, "old"),
        ({"waktu_penerapan": None}, "no_date"),
        ({"waktu_penerapan": "2023-12-31", "ada_perkembangan": "ya"}, "no_development"),
        ({"waktu_pengembangan": "2026-02-01", "ada_perkembangan": "ya"}, "development_outside"),
        ({"tahapan": "inisiatif"}, "stage"),
    ],
)
def test_an_edit_takes_it_out_of_the_sums_and_back(
    tx: SqliteTransaction, changes: dict[str, Any], reason: str
) -> None:
    one = sent(tx)
    found = innovations.load(tx, one)
    assert found is not None
    before, answers = scores.figures(tx, PERIOD), innovations.answers(tx, one)
    History(tx, Random(0)).write(found, changes)
    entry = office_sums.entry(tx, one)
    assert entry is not None
    assert (entry.counts, entry.reason) == (False, reason)
    assert scores.figures(tx, PERIOD).claimed == Sums()
    assert office_sums.uncounted(tx, PERIOD, limit=9) == [entry]
    History(tx, Random(0)).write(found, {name: answers.get(name) for name in changes})
    assert scores.figures(tx, PERIOD).claimed == before.claimed


def test_a_changed_window_recounts_what_follows_it(tx: SqliteTransaction) -> None:
    one = sent(tx)
    asked = counted_by(2026)
    assert recounting.adopt(tx, {2026: asked}, now=when(1)) == [], "nothing has changed"
    narrower = replace(asked, closes=date(2025, 5, 31))
    assert recounting.adopt(tx, {2026: narrower}, now=when(1)) == [one]
    assert scores.figures(tx, PERIOD).claimed == Sums()
    before = scores.figures_at(tx, PERIOD, moment=when(1))
    assert before is not None
    assert before.claimed.count == 1, "what was said before stays"
    assert recounting.adopt(tx, {2026: asked}, now=when(2)) == []
    assert scores.figures(tx, PERIOD).claimed.count == 1


def test_the_standing_is_the_estimate_over_everything(tx: SqliteTransaction) -> None:
    for office, affair in enumerate(AFFAIRS[:6], 1):
        sent(tx, office=office, level=office % 3 + 1, affair=affair)
    for row in ("1", "2a"):
        profile.set_level(tx, PERIOD, row=row, level=2, by=BY, now=MORNING)
    found = reports.period_figures(tx, PERIOD, rule=RULE)
    points = sum(37 * (office % 3 + 1) for office in range(1, 7))
    assert found.claimed == estimate(RULE, Sums(6, points, frozenset(AFFAIRS[:6])), spd_points=Decimal(4))
    assert found.target == Decimal("65.01")


def test_a_target_of_the_desk_stands_before_the_predikat(tx: SqliteTransaction) -> None:
    profile.set_target(tx, PERIOD, value=Decimal("0.00"), by=BY, now=MORNING)
    assert reports.period_figures(tx, PERIOD, rule=RULE).target == 0


def test_levels_of_another_rule_year_do_not_count(tx: SqliteTransaction) -> None:
    profile.set_level(tx, PERIOD, row="1", level=3, by=BY, now=MORNING)
    assert reports.period_figures(tx, PERIOD, rule=load_rules()[2023]).claimed.line("spd").points == 0


def test_the_past_is_kept_by_the_hour(tx: SqliteTransaction) -> None:
    """Figures at any full hour equal what they were then, the SPD included."""
    seen = []
    history = History(tx, Random(7))
    history.begins()
    for hour in range(40):
        for minutes in (0, 20, 40, 59):
            history.now = MORNING + timedelta(hours=hour, minutes=minutes)
            history.step()
        if hour % 9 == 4:
            profile.set_level(tx, PERIOD, row="8", level=hour % 4, by=BY, now=history.now)
        seen.append((MORNING + timedelta(hours=hour + 1), reports.period_figures(tx, PERIOD, rule=RULE)))
    for moment, then in seen:
        assert reports.period_figures_at(tx, PERIOD, rule=RULE, moment=moment) == then
    assert reports.period_figures_at(tx, PERIOD, rule=RULE, moment=MORNING) is None
    assert scores.first_hour(tx) == MORNING


def test_the_published_results_are_kept_apart(tx: SqliteTransaction) -> None:
    profile.publish_packaged(tx, load_published(), now=MORNING)
    first = profile.published(tx)
    assert [(result.year, str(result.value)) for result in first] == [(2024, "58.09"), (2023, "51.15")]
    corrected = first[0].model_copy(update={"value": Decimal("58.10")})
    profile.publish(tx, corrected, by=BY, now=MORNING)
    profile.publish_packaged(tx, load_published(), now=MORNING)
    assert str(profile.published(tx)[0].value) == "58.10"


def test_a_database_from_before_is_summed_up(tmp_path: Path) -> None:
    """The migration brings the sums of what was there."""
    path = tmp_path / "old.db"
    connection = sqlite3.connect(path, factory=SqliteTransaction, isolation_level=None)
    every = migrations()
    before = [one for one in every if one[0] < next(v for v, name, _ in every if "estimate" in name)]
    migrate(connection, path, known=before)
    connection.execute("INSERT INTO offices (code, name, short, kind) VALUES ('a', 'A', 'A', 'dinas')")
    connection.execute("INSERT INTO contacts VALUES (1, 'N', NULL, 'id', '1', '', '')")
    connection.execute(
        "INSERT INTO periods (year, rule_year, opens_on, deadline) VALUES (2026, 2026, '2026-01-05', ?)",
        (DEADLINE.isoformat(),),
    )
    for number, state in enumerate(("draf", "terkirim", "terverifikasi", "ditolak"), 1):
        _old_innovation(connection, number, state)
    migrate(connection, path)
    recounting.adopt(connection, {2026: counted_by(2026)}, now=MORNING)
    assert drift(connection) == []
    row = connection.execute("SELECT counted, claimed, verified_count, l16, l35 FROM tallies").fetchone()
    assert row == (2, 2 * (3 * 2 + 4 * 3), 0, 4, 6)
    connection.close()


def _old_innovation(connection: sqlite3.Connection, number: int, state: str) -> None:
    levels = {16: 2, 35: 3}
    connection.execute(
        "INSERT INTO innovations (id, office_id, period_id, form_version, rule_year, "
        "state, claimed, created_by,"
        " created_at, updated_at) VALUES (?, 1, 1, 1, 2026, ?, ?, 1, '', '')",
        (number, state, INDICATORS.maturity(levels)),
    )
    answers = {**IN_USE, "urusan_utama": "sosial", **{f"i{n}": {"level": v} for n, v in levels.items()}}
    connection.executemany(
        "INSERT INTO answers VALUES (?, ?, ?)",
        [(number, name, json.dumps(value)) for name, value in answers.items()],
    )


def test_an_exempt_office_is_neither_done_nor_lacking(tx: SqliteTransaction) -> None:
    sent(tx, office=1, level=2, affair="kesehatan")
    period = periods.load(tx, PERIOD)
    before = scores.figures(tx, PERIOD)
    periods.extend(tx, period, office_id=1, until=None, now=when(1), actor=Actor(BY, "digabung"))
    periods.extend(tx, period, office_id=2, until=None, now=when(1), actor=Actor(BY, "baru"))
    now = scores.figures(tx, PERIOD)
    assert (before.offices, before.exempt, before.done) == (47, 0, 1)
    assert (now.offices, now.exempt, now.done) == (45, 2, 0)
    assert now.claimed == before.claimed, "what it handed in counts all the same"
    assert [one.on_duty for one in office_sums.offices(tx, PERIOD)[:3]] == [0, 0, 1]
    periods.lift(tx, period, office_id=1, now=when(2), actor=Actor(BY, "keliru"))
    assert scores.figures(tx, PERIOD).done == 1
