"""A small regency for the ticks: some offices with their people, and the message an office would get."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from functools import cache
from zoneinfo import ZoneInfo

from domain.message import Message
from domain.people import Role
from domain.rules.load import load_offices
from handlers.assembly import build
from storage import contacts, innovations, offices, outbox, periods, profile
from storage.engine.database import Database
from storage.engine.transaction import Transaction
from storage.innovations import Innovation
from tests.kit.complete import fill_in
from tests.kit.databases import Content, filled, migrated
from tests.kit.people import enrol

HOUSE = build(timezone="Asia/Jakarta", language="id").desk_data
WIB = ZoneInfo("Asia/Jakarta")
OPENS, DEADLINE = date(2026, 5, 4), date(2026, 9, 1)
H14, H7 = date(2026, 8, 18), date(2026, 8, 24)  # of this deadline; H-7 is a holiday
START = datetime(2026, 5, 4, 1, tzinfo=UTC)
CODES = ("dinkes", "dlh", "disdik")
DESK_PERSON = 4
EVERYBODY = time(10)  # by then everybody's minute has come


def at(day: date, clock: time = EVERYBODY) -> datetime:
    """A local moment."""
    return datetime.combine(day, clock, tzinfo=WIB)


def seed(tx: Transaction) -> None:
    """One focal point in each of three offices, and the desk, which has filled in the profile.

    Contacts 1 to 4, addresses the same.
    """
    offices.upsert(tx, [office for office in load_offices() if office.code in CODES])
    periods.open_period(
        tx, periods.NewPeriod(year=2026, rule_year=2026, opens_on=OPENS, deadline=DEADLINE), now=START
    )
    for number, code in enumerate((*CODES, ""), 1):
        office = offices.by_code(tx, code)
        contact = enrol(tx, number, name=f"P{number}", now=START)
        role = Role.FOCAL_POINT if office else Role.ADMIN
        contacts.grant(tx, contact, role=role, office_id=office.id if office else None, now=START)
    for row in HOUSE.rules[2026].spd:
        profile.set_level(tx, 1, row=row.no, level=2, by=DESK_PERSON, now=START)


@cache
def with_three_offices() -> Content:
    """A database with nothing else."""
    return filled(migrated(), seed)


def draft(tx: Transaction, code: str, by: int, now: datetime, *, complete: bool = False) -> int:
    """Begin an innovation of an office."""
    office, period = offices.by_code(tx, code), periods.current(tx)
    assert office is not None
    assert period is not None
    number = innovations.create(
        tx,
        innovations.NewInnovation(office_id=office.id, period_id=period.id, form_version=1, rule_year=2026),
        by=by,
        now=now,
    )
    innovations.write(
        tx, number, changes={"nama": f"Inovasi {code}", "tahapan": "penerapan"}, before={}, by=by, now=now
    )
    if complete:
        fill_in(tx, number, by=by, now=now)
    return number


def loaded(tx: Transaction, number: int) -> Innovation:
    """Load an innovation that is there."""
    found = innovations.load(tx, number)
    assert found is not None
    return found


async def queued(database: Database, *, state: str = "waiting") -> list[tuple[int, str, str]]:
    """What lies in the outbox: row, address, text."""
    rows = await database.read(
        lambda tx: tx.execute(
            "SELECT id, address, payload FROM outbox WHERE state = ? ORDER BY id", (state,)
        ).fetchall()
    )
    return [(row, address, Message.from_json(payload).text) for row, address, payload in rows]


async def leaves(database: Database, now: datetime) -> None:
    """Let everything that waits arrive."""

    def unit(tx: Transaction) -> None:
        text = now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        tx.execute("UPDATE outbox SET state = 'sent', sent_at = ? WHERE state = 'waiting'", (text,))

    await database.run(unit)


def broadcast(tx: Transaction, address: str, now: datetime) -> None:
    """Have the desk announce something."""
    message = Message("Pengumuman")
    outbox.insert(
        tx,
        channel="telegram",
        address=address,
        message=message,
        now=now,
        terms=outbox.Terms(priority=outbox.BROADCAST),
    )
