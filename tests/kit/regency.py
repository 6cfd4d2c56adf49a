"""A regency like the worked example of iga.md 4.2: 28 innovations of 15 offices, 5 basic affairs, SPD
40.50.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from domain.rules.indicators import NUMBERS, load_indicators
from domain.rules.load import load_rules
from storage import handing_in, innovations, profile, scores
from storage.engine.transaction import Transaction
from tests.kit import databases
from tests.kit.clock_and_codes import MORNING

INDICATORS, RULE = load_indicators()[2026], load_rules()[2026]
SPD = "33222222232222221101"  # levels of the 20 rows in their order: 40.50 points
MATURITIES = (102,) * 4 + (90,) * 6 + (76,) * 10 + (60,) * 5 + (37,) * 3
AFFAIRS = ("pendidikan", "kesehatan", "pupr", "perumahan", "trantibum", "pangan", "statistik")
TITLES = ("Antre Daring", "Posyandu Cerdas", "Lapor Jalan", "Sekolah Ramah", "Data Satu Pintu")
OFFICES, ALL_OFFICES, PERIOD, BY = 15, 47, 1, 1
HOURS = 24 * 8  # of history


def levels_of(points: int) -> dict[int, int]:
    """Levels that make a maturity, the heavy indicators first."""
    levels, left = dict.fromkeys(range(16, 36), 0), points
    for _ in range(3):
        for indicator in sorted(INDICATORS.indicators, key=lambda one: -one.weight):
            if indicator.weight <= left and levels[indicator.no] < 3:
                levels[indicator.no] += 1
                left -= indicator.weight
    assert not left, points
    return levels


def written(tx: Transaction, number: int, changes: Mapping[str, Any], *, now: datetime) -> None:
    """Write answers as a turn does, with the scores that follow."""
    before = innovations.answers(tx, number)
    innovations.write(tx, number, changes=changes, before=before, by=BY, now=now)
    after = innovations.answers(tx, number)
    scores.keep(tx, number, answers=after, indicators=INDICATORS, now=now)


IN_USE = {"tahapan": "penerapan", "waktu_penerapan": "2025-06-01", "ada_perkembangan": "tidak"}


def hand_in(
    tx: Transaction, *, office: int, title: str, affair: str, levels: Mapping[int, int], now: datetime
) -> int:
    """Hand in an innovation in full use with these levels; returns its id."""
    number = innovations.create(
        tx,
        innovations.NewInnovation(office_id=office, period_id=PERIOD, form_version=1, rule_year=2026),
        by=BY,
        now=now,
    )
    chosen = {f"i{no}": {"level": level} for no, level in levels.items() if level}
    written(tx, number, {"nama": title, "urusan_utama": affair, **IN_USE, **chosen}, now=now)
    found = innovations.load(tx, number)
    assert found is not None
    handing_in.send(tx, found, year=2026, by=BY, now=now)
    return number


def like_kotim(tx: Transaction, *, now: datetime) -> None:
    """Hand in the 28 innovations and choose the levels of the profile: the claimed index is 50.73."""
    for at, points in enumerate(MATURITIES):
        title, affair = f"{TITLES[at % len(TITLES)]} {at // len(TITLES) + 1}", AFFAIRS[at % len(AFFAIRS)]
        hand_in(tx, office=at % OFFICES + 1, title=title, affair=affair, levels=levels_of(points), now=now)
    filled(tx, len(SPD), now=now)


def filled(tx: Transaction, rows: int, *, now: datetime, period: int = PERIOD) -> None:
    """Choose the levels of the first so many rows of the profile."""
    for row, level in zip(RULE.spd[:rows], SPD, strict=False):
        profile.set_level(tx, period, row=row.no, level=int(level), by=BY, now=now)


_VERDICT = "INSERT INTO verdicts (innovation_id, indicator, level, contact_id, at) VALUES (?, ?, ?, ?, ?)"
_ALREADY = "SELECT id FROM innovations WHERE state = 'terkirim' ORDER BY id LIMIT ?"


def verified(tx: Transaction, count: int, *, now: datetime) -> None:
    """Verify the first so many innovations that were sent, at the levels they claim."""
    for (number,) in tx.execute(_ALREADY, (count,)).fetchall():
        answers = innovations.answers(tx, number)
        for no, level in INDICATORS.levels(answers).items():
            tx.execute(_VERDICT, (number, no, level, BY, now.isoformat()))
        tx.execute("UPDATE innovations SET state = 'terverifikasi' WHERE id = ?", (number,))
        scores.keep(tx, number, answers=answers, indicators=INDICATORS, now=now)


_PERIOD = """
INSERT INTO periods (id, year, rule_year, opens_on, deadline, state)
VALUES (?, ?, 2026, '2026-01-05', '2026-12-15', 'closed')
"""
_FILL = f"""
WITH RECURSIVE numbers (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n < ? - 1)
INSERT INTO innovations (id, office_id, period_id, form_version, rule_year, state, receipt, claimed, levels,
    created_by,
                         created_at, updated_at, sent_at)
SELECT 1000 + n, n % {ALL_OFFICES} + 1, 1 + n / {ALL_OFFICES} % ?, 1, 2026, 'terkirim', 'B-' || n, 74,
       '22222222222222222222', 1, '2026-03-02', '2026-03-02', '2026-03-02' FROM numbers
"""
_CONTRIBUTE = """
INSERT INTO contributions SELECT id, period_id, office_id, state, claimed, NULL,
       CASE id % 6 WHEN 0 THEN 'pendidikan' WHEN 1 THEN 'kesehatan' WHEN 2 THEN 'pupr' WHEN 3 THEN 'perumahan'
       WHEN 4 THEN 'trantibum' ELSE 'sosial' END, levels, '' FROM innovations WHERE id >= 1000
"""
_TALLY = f"""
INSERT INTO tallies (period_id, office_id, terkirim, counted, claimed, {", ".join(f"l{n}" for n in NUMBERS)})
SELECT period_id, office_id, count(*), count(*), sum(claimed), {", ".join("2 * count(*)" for _ in NUMBERS)}
FROM contributions GROUP BY period_id, office_id
"""
_AFFAIRS = """
INSERT INTO affair_tallies (period_id, affair, counted)
SELECT period_id, affair, count(*) FROM contributions GROUP BY period_id, affair
"""


def many(tx: Transaction, innovations: int, *, regencies: int = 1, now: datetime) -> None:
    """Put in so many innovations that count, over so many regencies (a period each), by SQL alone."""
    tx.execute("PRAGMA foreign_keys = OFF")
    tx.execute("BEGIN")
    for number in range(2, regencies + 1):
        tx.execute(_PERIOD, (number, 2026 - number))
    tx.execute(_FILL, (innovations, regencies))
    for sql in (_CONTRIBUTE, _TALLY, _AFFAIRS):
        tx.execute(sql)
    for hour in range(HOURS):
        scores.note_before(tx, PERIOD, now=now - timedelta(hours=hour))
    tx.execute("COMMIT")


@cache
def with_kotim() -> databases.Content:
    """A database with the regency of the worked example."""
    return databases.filled(databases.with_people(), lambda tx: like_kotim(tx, now=MORNING))
