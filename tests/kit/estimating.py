"""Turns about the estimate, some hours later where it matters."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from domain.index.estimate import Sums, estimate, spd
from domain.message import Inbound, Kind, Message
from handlers.assembly import build
from storage import innovations, profile
from storage.engine.sqlite import SqliteTransaction
from tests.kit.clock_and_codes import MORNING, Codes
from tests.kit.people import PEOPLE
from tests.kit.regency import INDICATORS, RULE

DESK = build(timezone="Asia/Jakarta", language="id", new_code=Codes())


PERIOD = 1


def take(
    tx: SqliteTransaction, person: int, text: str = "", *, tap: str = "", hours: float = 0
) -> list[Message]:
    """Say or tap something, some hours later."""
    inbound = Inbound(
        "telegram",
        str(person),
        Kind.BUTTON if tap else Kind.TEXT,
        text=text,
        button=tap,
        callback_id="1",
        message_ref="9",
        name=PEOPLE[person][0],
    )
    return list(DESK.take(tx, inbound, fetched=None, now=MORNING + timedelta(hours=hours)))


def fully(tx: SqliteTransaction) -> Decimal:
    """The claimed index from the answers alone."""
    count = points = 0
    affairs = set()
    for (number,) in tx.execute(
        "SELECT id FROM innovations WHERE state IN ('terkirim', 'diubah', 'diperiksa', 'terverifikasi')"
    ).fetchall():
        answers = innovations.answers(tx, number)
        if answers.get("tahapan") == "penerapan":
            count, points = count + 1, points + INDICATORS.maturity(INDICATORS.levels(answers))
            affairs.add(answers["urusan_utama"])
    profile_points = spd(RULE, profile.levels(tx, PERIOD)).points
    return estimate(RULE, Sums(count, points, frozenset(affairs)), spd_points=profile_points).index
