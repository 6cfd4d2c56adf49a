"""A regency like the worked example of iga.md 4.2: 28 innovations of 15 offices, 5 basic affairs, SPD 40.50."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from domain.indicators import load_indicators
from domain.rules import load_rules
from storage import innovations, profile, scores
from storage.database import Transaction

INDICATORS, RULE = load_indicators()[2026], load_rules()[2026]
SPD = "33222222232222221101"  # levels of the 20 rows in their order: 40.50 points
MATURITIES = (102,) * 4 + (90,) * 6 + (76,) * 10 + (60,) * 5 + (37,) * 3
AFFAIRS = ("pendidikan", "kesehatan", "pupr", "perumahan", "trantibum", "pangan", "statistik")
TITLES = ("Antre Daring", "Posyandu Cerdas", "Lapor Jalan", "Sekolah Ramah", "Data Satu Pintu")
OFFICES, PERIOD, BY = 15, 1, 1


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
    innovations.write(tx, number, changes, before=before, by=BY, now=now)
    after = innovations.answers(tx, number)
    scores.keep(tx, number, answers=after, indicators=INDICATORS, now=now)


def hand_in(tx: Transaction, *, office: int, title: str, affair: str, levels: Mapping[int, int], now: datetime) -> int:
    """Hand in an innovation in full use with these levels; returns its id."""
    number = innovations.create(tx, office_id=office, period_id=PERIOD, form_version=1, rule_year=2026, by=BY, now=now)
    chosen = {f"i{no}": {"level": level} for no, level in levels.items() if level}
    written(tx, number, {"nama": title, "tahapan": "penerapan", "urusan_utama": affair, **chosen}, now=now)
    found = innovations.load(tx, number)
    assert found is not None
    innovations.send(tx, found, year=2026, by=BY, now=now)
    return number


def like_kotim(tx: Transaction, *, now: datetime) -> None:
    """Hand in the 28 innovations and choose the levels of the profile: the claimed index is 50.73."""
    for at, points in enumerate(MATURITIES):
        title, affair = f"{TITLES[at % len(TITLES)]} {at // len(TITLES) + 1}", AFFAIRS[at % len(AFFAIRS)]
        hand_in(tx, office=at % OFFICES + 1, title=title, affair=affair, levels=levels_of(points), now=now)
    for row, level in zip(RULE.spd, SPD, strict=True):
        profile.set_level(tx, PERIOD, row=row.no, level=int(level), by=BY, now=now)
