"""Lets things happen to innovations, offices and the profile, by chance that is given."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import Any

from domain.index.judgement import Starts
from domain.rules.indicators import load_indicators
from storage import (
    discarding,
    handing_in,
    innovations,
    office_moves,
    offices,
    periods,
    profile,
    profile_starts,
    scores,
)
from storage.audit import Actor
from storage.engine.transaction import Transaction
from tests.kit.clock_and_codes import MORNING
from tests.kit.people import YEAR
from tests.kit.regency import IN_USE, RULE

INDICATORS = load_indicators()[2026]
AFFAIRS = ("pendidikan", "kesehatan", "pupr", "perumahan", "trantibum", "sosial", "pangan")
PERIOD, BY = 1, 1
MOVES = ("diperiksa", "terverifikasi", "dikembalikan", "ditolak", "ditarik")
OF_OFFICES = ("close", "reopen", "exempt", "lift", "add", "sent", "merge", "date")


class History:
    """Does to innovations what people do, by chance that is given."""

    def __init__(self, tx: Transaction, chance: Random, now: datetime = MORNING) -> None:
        self.tx, self.chance, self.now = tx, chance, now
        self.ids: list[int] = []

    def step(self) -> None:
        """Let one thing happen."""
        does = (
            self.begins,
            *[self.answers] * 2,
            *[self.dates] * 2,
            *[self.levels] * 2,
            *[self.sends] * 2,
            self.is_moved,
            self.is_judged,
        )
        self.chance.choice((*does, self.discards, self.takes_back, self.merges, self.is_purged))()

    def one(self) -> innovations.Innovation | None:
        """Some innovation that is there."""
        return innovations.load(self.tx, self.chance.choice(self.ids)) if self.ids else None

    def begins(self) -> None:
        office = self.chance.randrange(1, 6)
        self.ids.append(
            innovations.create(
                self.tx,
                innovations.NewInnovation(office_id=office, period_id=PERIOD, form_version=1, rule_year=2026),
                by=BY,
                now=self.now,
            )
        )

    def write(self, found: innovations.Innovation, changes: dict[str, Any]) -> None:
        before = innovations.answers(self.tx, found.id)
        innovations.write(self.tx, found.id, changes=changes, before=before, by=BY, now=self.now)
        touched = [int(name[1:]) for name in changes if name[1:].isdecimal()]
        if found.state != "draf":
            handing_in.reopen(self.tx, found, indicators=touched, by=BY, now=self.now)
        if touched:
            after = innovations.answers(self.tx, found.id)
            scores.keep(self.tx, found.id, answers=after, indicators=INDICATORS, now=self.now)

    def answers(self) -> None:
        if found := self.one():
            stage = self.chance.choice(("inisiatif", "penerapan", "penerapan", "penerapan", None))
            self.write(found, {"tahapan": stage, "urusan_utama": self.chance.choice((*AFFAIRS, None))})

    def dates(self) -> None:
        """Move a date into or out of the window, or take it away."""
        if found := self.one():
            day = self.chance.choice(
                ("2023-12-31", "2024-01-01", *["2025-06-01"] * 4, "2025-12-31", "2026-01-01", None)
            )
            question = self.chance.choice(("waktu_penerapan", "waktu_penerapan", "waktu_pengembangan"))
            self.write(
                found, {question: day, "ada_perkembangan": self.chance.choice(("ya", "tidak", "tidak", None))}
            )

    def levels(self) -> None:
        if found := self.one():
            number, level = self.chance.randrange(16, 36), self.chance.randrange(4)
            self.write(found, {f"i{number}": {"level": level} if level else None})

    def sends(self) -> None:
        if (found := self.one()) and found.is_draft:
            handing_in.send(self.tx, found, year=YEAR, by=BY, now=self.now)

    def is_moved(self) -> None:
        """The desk moves it: whoever writes a state calls `refresh`."""
        if (found := self.one()) and found.state != "draf":
            self.tx.execute(
                "UPDATE innovations SET state = ? WHERE id = ?", (self.chance.choice(MOVES), found.id)
            )
            scores.refresh(self.tx, found.id, now=self.now)

    def is_judged(self) -> None:
        if found := self.one():
            values = (found.id, self.chance.randrange(16, 36), self.chance.randrange(4), BY, "2026")
            self.tx.execute(
                "INSERT INTO verdicts (innovation_id, indicator, level, contact_id, at) VALUES "
                "(?, ?, ?, ?, ?)"
                " ON CONFLICT (innovation_id, indicator) DO UPDATE SET level = excluded.level",
                values,
            )
            after = innovations.answers(self.tx, found.id)
            scores.keep(self.tx, found.id, answers=after, indicators=INDICATORS, now=self.now)

    def discards(self) -> None:
        if found := self.one():
            discarding.discard(self.tx, found.id, by=BY, now=self.now)

    def takes_back(self) -> None:
        if found := self.one():
            discarding.take_back(self.tx, found.id, by=BY, now=self.now)

    def merges(self) -> None:
        """An office takes over another's innovation."""
        if found := self.one():
            self.tx.execute(
                "UPDATE innovations SET office_id = ? WHERE id = ?", (self.chance.randrange(1, 6), found.id)
            )
            scores.refresh(self.tx, found.id, now=self.now)

    def is_purged(self) -> None:
        discarding.purge_discarded(self.tx, self.now + timedelta(days=8))
        self.ids = [row[0] for row in self.tx.execute("SELECT id FROM innovations")]


def sent(
    tx: Transaction, *, office: int = 1, level: int = 3, affair: str = "kesehatan", now: datetime = MORNING
) -> int:
    """Hand in one innovation with every indicator at a level."""
    history = History(tx, Random(0), now)
    made = innovations.create(
        tx,
        innovations.NewInnovation(office_id=office, period_id=PERIOD, form_version=1, rule_year=2026),
        by=BY,
        now=now,
    )
    found = innovations.load(tx, made)
    assert found is not None
    history.write(found, {**IN_USE, "urusan_utama": affair})
    history.write(found, {f"i{number}": {"level": level} for number in range(16, 36)})
    handing_in.send(tx, found, year=YEAR, by=BY, now=now)
    return made


def when(hours: int) -> datetime:
    return MORNING + timedelta(hours=hours)


def happens(tx: Transaction, move: str, number: int, now: datetime) -> None:
    """Let one thing happen to an office."""
    office, period = offices.load(tx, number), periods.load(tx, PERIOD)
    assert office is not None
    if move in ("close", "reopen"):
        offices.set_state(tx, number, active=move == "reopen", now=now)
    elif move == "merge":
        into = offices.load(tx, 7)
        assert into is not None
        office_moves.merge(tx, office, into=into, reason="digabung", by=BY, now=now)
    elif move == "exempt":
        periods.extend(tx, period, office_id=number, until=None, now=now, actor=Actor(BY, "baru"))
    elif move == "lift":
        periods.lift(tx, period, office_id=number, now=now, actor=Actor(BY, "keliru"))
    elif move == "date":
        history = History(tx, Random(number), now)
        history.ids = [row[0] for row in tx.execute("SELECT id FROM innovations ORDER BY id")]
        history.dates()
    elif move == "add":
        offices.add(
            tx, offices.Names(f"Dinas Baru {now:%d%H}", "DB"), kind="dinas", reason="baru", by=BY, now=now
        )
    else:
        sent(tx, office=number, level=1, affair="sosial", now=now)


def fills_in(tx: Transaction, chance: Random, now: datetime) -> None:
    """The desk chooses the level of a row, or starts some rows from the year before."""
    row = chance.choice(RULE.spd).no
    if chance.random() < 0.7:
        profile.set_level(tx, PERIOD, row=row, level=chance.randrange(4), by=BY, now=now)
        return
    rows = chance.sample([row.no for row in RULE.spd], chance.randrange(1, 21))
    starts = Starts(2025, {no: chance.randrange(4) for no in rows})
    profile_starts.take(tx, PERIOD, starts=starts, by=BY, now=now)
