"""The replay clock: a whole period against a kept log, two replays at once, and kills; nothing is ever
told twice.
"""

from __future__ import annotations

import asyncio
import signal
import sqlite3
import subprocess
import sys
import time as clock
from collections import Counter
from contextlib import closing, suppress
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from domain.rules.calendar import load_calendar
from sandbox.replay import main, replay
from sandbox.replay_events import events
from sandbox.replay_run import Wanted

ROOT = Path(__file__).parent.parent.parent
KEPT = ROOT / "tests" / "replay" / "seed_7.txt"
LOOK_SECONDS = 0.02
WIB = ZoneInfo("Asia/Jakarta")
# What the bot said by itself and nobody was promised by its date: who, when.
_TOLD = """
SELECT a.contact_id, x.sent_at FROM outbox x
JOIN addresses a ON a.channel = x.channel AND a.address = x.address
WHERE x.state = 'sent' AND EXISTS (SELECT 1 FROM occurrences o WHERE o.outbox_id = x.id
  AND o.state = 'told' AND o.rule NOT IN ('tunda', 'pimpinan', 'telepon', 'serah'))
"""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """One replay, looked at from several sides."""
    folder = tmp_path_factory.mktemp("replay")
    return asyncio.run(replay(folder, Wanted(seed=7, days=120))).log, folder


def rows(folder: Path, sql: str) -> list[Any]:
    with sqlite3.connect(folder / "desk.db") as connection:
        found = connection.execute(sql).fetchall()
    connection.close()
    return found


def test_a_whole_period_is_told_as_it_was_kept(
    told: tuple[str, Path], request: pytest.FixtureRequest
) -> None:
    if request.config.getoption("--update"):
        KEPT.write_text(told[0], encoding="utf-8")
    assert told[0] == KEPT.read_text(encoding="utf-8")


def check(folder: Path) -> None:
    """Hours, holidays, one a day, three a week, and every message carries keys of its own."""
    calendar, days = load_calendar(), Counter[tuple[int, Any]]()
    sent = [(contact, datetime.fromisoformat(at).astimezone(WIB)) for contact, at in rows(folder, _TOLD)]
    assert len(sent) > 10
    for contact, at in sent:
        assert calendar.is_working(at.date()), at
        assert time(8) <= at.time() < time(12), at
        days[contact, at.date()] += 1
    assert max(days.values()) == 1
    for contact, day in days:
        week = [d for c, d in days if c == contact and day - timedelta(days=7) < d <= day]
        assert len(week) <= 3, (contact, day)
    keys = rows(folder, "SELECT rule, period_id, office_id, contact_id, step, deadline FROM occurrences")
    assert len(keys) == len(set(keys))


def test_the_period_holds_every_promise(told: tuple[str, Path]) -> None:
    check(told[1])
    met = """
    SELECT count(*) FROM occurrences o JOIN innovations i ON i.office_id = o.office_id
        AND i.state <> 'dikembalikan'
    WHERE o.state = 'told' AND o.rule <> 'terima_kasih' AND i.sent_at < o.at AND o.contact_id IN
        (SELECT contact_id FROM memberships WHERE role = 'focal_point')
      AND NOT EXISTS (SELECT 1 FROM history h WHERE h.innovation_id = i.id AND h.new = 'dikembalikan')
    """
    assert rows(told[1], met) == [(0,)]


def test_every_office_that_lacks_one_has_heard_or_the_desk_has(told: tuple[str, Path]) -> None:
    lacking = rows(
        told[1],
        """
        SELECT o.id FROM offices o WHERE NOT EXISTS (SELECT 1 FROM extensions e WHERE e.office_id = o.id)
        AND NOT EXISTS (SELECT 1 FROM innovations i
            WHERE i.office_id = o.id AND i.state IN ('terkirim', 'diubah'))
        """,
    )
    heard = {office for (office,) in rows(told[1], "SELECT office_id FROM occurrences WHERE state = 'told'")}
    assert len(lacking) >= 3
    assert {office for (office,) in lacking} <= heard


def started(folder: Path, *more: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "sandbox.replay", "--folder", str(folder), "--days", "60", *more]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.mark.serial
def test_two_replays_at_once_never_tell_anything_twice(tmp_path: Path) -> None:
    both = [started(tmp_path, "--beside") for _ in range(2)]
    outcomes = [process.communicate(timeout=600) for process in both]
    assert [process.returncode for process in both] == [0, 0], [error for _, error in outcomes]
    check(tmp_path)
    said = [
        entry for log, _ in outcomes for entry in log.split("\n\n") if "→" in entry and "Pengingat" in entry
    ]
    assert max(Counter(said).values()) == 1


def wait_for(occurrences: int, path: Path, process: subprocess.Popen[str]) -> None:
    """Wait until so many promises stand on the disk; fails when the replay ends before."""
    while process.poll() is None:
        with (
            suppress(sqlite3.OperationalError),
            closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as desk,
        ):
            if desk.execute("SELECT count(*) FROM occurrences").fetchone()[0] >= occurrences:
                return
        clock.sleep(LOOK_SECONDS)
    raise AssertionError(f"the replay ended before it had made {occurrences} promises")


@pytest.mark.serial
def test_kills_lose_no_promise(tmp_path: Path) -> None:
    for occurrences in (5, 15):
        process = started(tmp_path)
        wait_for(occurrences, tmp_path / "desk.db", process)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        assert process.returncode == -signal.SIGKILL
    log, error = (process := started(tmp_path)).communicate(timeout=600)
    assert process.returncode == 0, error
    assert "→" in log
    check(tmp_path)
    assert rows(tmp_path, "SELECT count(*) FROM outbox WHERE state = 'leased'") == [(0,)]


def test_a_seed_draws_its_own_life_and_always_the_same() -> None:
    drawn = [[(event.at, event.key) for event in events(seed, days=120, zone=WIB)] for seed in (7, 7, 8)]
    assert drawn[0] == drawn[1]
    assert drawn[0] != drawn[2]


def test_a_length_that_makes_no_sense_is_refused_in_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--days", "3"]) == 2
    assert capsys.readouterr().err == "replay: --days: found 3, expected 50 to 400\n"
