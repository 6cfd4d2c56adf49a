"""Situations a regency may be in, whose figures every page, picture and export must say alike."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from functools import cache

from domain.index.judgement import Starts
from domain.rules.load import load_published
from storage import offices, periods, profile, profile_starts, scores
from storage.audit import Actor
from storage.engine.transaction import Transaction
from tests.kit import databases
from tests.kit.clock_and_codes import MORNING
from tests.kit.databases import Content, with_people
from tests.kit.regency import RULE, SPD, filled, hand_in, levels_of, like_kotim, verified, written

PERIOD, WEEK = 1, timedelta(days=7)


def empty(tx: Transaction) -> None:
    """Nothing but what comes with the program."""


def january(tx: Transaction) -> None:
    hand_in(tx, office=5, title="Satu", affair="kesehatan", levels=levels_of(34), now=MORNING)


def profile_empty(tx: Transaction) -> None:
    like_kotim(tx, now=MORNING)
    tx.execute("DELETE FROM spd_levels")
    tx.execute("DELETE FROM spd_history")


def profile_half(tx: Transaction) -> None:
    profile_empty(tx)
    for row in RULE.spd[:10]:
        profile.set_level(tx, PERIOD, row=row.no, level=2, by=1, now=MORNING)


def profile_started(tx: Transaction) -> None:
    """Half the rows are filled in, the others are taken over from the year before and not checked."""
    profile_half(tx)
    levels = {row.no: 2 for row in RULE.spd}
    profile_starts.take(tx, PERIOD, starts=Starts(2025, levels), by=1, now=MORNING)


def complete(tx: Transaction) -> None:
    like_kotim(tx, now=MORNING)


def below_the_divisor(tx: Transaction) -> None:
    complete(tx)
    moved(tx, "ditarik", "id > 11")


def one_verified(tx: Transaction) -> None:
    complete(tx)
    verified(tx, 1, now=MORNING)


def most_verified(tx: Transaction) -> None:
    complete(tx)
    verified(tx, 20, now=MORNING)


def all_withdrawn(tx: Transaction) -> None:
    complete(tx)
    moved(tx, "ditarik", "1 = 1")


def exempt_offices(tx: Transaction) -> None:
    complete(tx)
    for office in (40, 41):
        periods.extend(
            tx,
            periods.load(tx, PERIOD),
            office_id=office,
            until=None,
            now=MORNING,
            actor=Actor(1, "baru"),
        )


def rows_unknown(tx: Transaction) -> None:
    complete(tx)
    tx.execute("UPDATE periods SET rule_year = 2023")


def target_reached(tx: Transaction) -> None:
    complete(tx)
    profile.set_target(tx, PERIOD, value=Decimal("45.00"), by=1, now=MORNING)


def moved(tx: Transaction, state: str, which: str) -> None:
    """Bring innovations to a state, as a review or a withdrawal does."""
    for (number,) in tx.execute(f"SELECT id FROM innovations WHERE {which}").fetchall():
        tx.execute("UPDATE innovations SET state = ? WHERE id = ?", (state, number))
        scores.refresh(tx, number, now=MORNING)


def one_withdrawn(tx: Transaction) -> None:
    """The only innovation was there for a week."""
    number = hand_in(tx, office=5, title="Satu", affair="kesehatan", levels=levels_of(34), now=MORNING - WEEK)
    filled(tx, len(SPD), now=MORNING - WEEK)
    moved(tx, "ditarik", f"id = {number}")


def ineligible(tx: Transaction) -> None:
    """Of two the date was changed after they were sent, of one the stage."""
    complete(tx)
    for number, answers in ((3, {"waktu_penerapan": "2026-02-01"}), (7, {"waktu_penerapan": "2023-05-05"}),
                            (9, {"tahapan": "uji_coba"})):  # fmt: skip
        written(tx, number, answers, now=MORNING)


def changed_since(tx: Transaction) -> None:
    """What stood on 3 March was changed on the 5th: withdrawn, exempt, closed, and the profile."""
    complete(tx)
    later = MORNING + timedelta(days=2, hours=12)
    for (number,) in tx.execute("SELECT id FROM innovations WHERE id > 20").fetchall():
        tx.execute("UPDATE innovations SET state = 'ditarik' WHERE id = ?", (number,))
        scores.refresh(tx, number, now=later)
    period = periods.load(tx, PERIOD)
    periods.extend(tx, period, office_id=40, until=None, now=later, actor=Actor(1, "baru"))
    offices.set_state(tx, 41, active=False, now=later)
    profile.set_level(tx, PERIOD, row="1", level=0, by=1, now=later)


SITUATIONS: tuple[Callable[[Transaction], None], ...] = (
    empty, january, profile_empty, profile_half, profile_started, below_the_divisor, complete, one_verified,
    most_verified,
    all_withdrawn, one_withdrawn, exempt_offices, ineligible, rows_unknown, target_reached,
)  # fmt: skip


@cache
def situation(made: Callable[[Transaction], None]) -> Content:
    """A database in one of the situations, with the results that come with the program."""

    def fill(tx: Transaction) -> None:
        profile.publish_packaged(tx, load_published(), now=MORNING)
        made(tx)

    return databases.filled(with_people(), fill)
