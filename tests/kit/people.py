"""The same people in every test, the offices they write for, and invitations for who is not enrolled yet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import cycle

from domain.draft.eligibility import CountingRule, counting_rule
from domain.draft.path import Window
from domain.people import Role
from domain.rules.indicators import load_indicators
from domain.rules.load import load_offices, load_rules
from storage import contacts, invitations, offices, periods, recounting
from storage.engine.database import Database
from storage.engine.site import Site
from storage.engine.transaction import Transaction

YEAR, DEADLINE = 2026, date(2026, 12, 15)

# The same people in every test: two focal points of one office, one of another, a leader, the desk.
RINA, BUDI, TONO, WATI, SARI, ORANG = 1001, 1002, 1003, 1004, 1005, 1006
PEOPLE: dict[int, tuple[str, Role | None, str]] = {
    RINA: ("Rina", Role.FOCAL_POINT, "dinkes"),
    BUDI: ("Budi", Role.FOCAL_POINT, "dinkes"),
    TONO: ("Tono", Role.FOCAL_POINT, "kec_baamang"),
    WATI: ("Wati", Role.LEADER, ""),
    SARI: ("Sari", Role.ADMIN, ""),
    ORANG: ("Orang Baru", None, ""),
}


def seed(tx: Transaction, now: datetime) -> None:
    """Put in the offices, the period and the people."""
    offices.upsert(tx, load_offices())
    recounting.adopt(tx, {year: counted_by(year) for year in load_rules()}, now=now)
    periods.open_period(
        tx,
        periods.NewPeriod(year=YEAR, rule_year=2026, opens_on=date(2026, 1, 5), deadline=DEADLINE),
        now=now,
    )
    for address, (name, role, code) in PEOPLE.items():
        if role is None or contacts.by_address(tx, "telegram", address=str(address)):
            continue
        contact = enrol(tx, address, name=name, now=now)
        office = offices.by_code(tx, code)
        contacts.grant(tx, contact, role=role, office_id=office.id if office else None, now=now)


def enrol(tx: Transaction, address: object, *, name: str, now: datetime, channel: str = "telegram") -> int:
    """Let somebody in who has agreed to what is kept; returns the contact, who has no role yet."""
    new = contacts.NewContact(
        channel=channel, address=str(address), name=name, language="id", consent_version="1"
    )
    return contacts.create(tx, new, now=now)


async def let_hand_in(site: Site, people: Sequence[tuple[object, str]], *, channel: str) -> None:
    """Open a period of years in a new database, in which each (address, name) may hand in for an office."""
    now = datetime.now(UTC)

    def unit(tx: Transaction) -> None:
        offices.upsert(tx, load_offices())
        period = periods.NewPeriod(
            year=YEAR, rule_year=2026, opens_on=date(2026, 1, 5), deadline=date(2030, 12, 15)
        )
        periods.open_period(tx, period, now=now)
        for (address, name), office in zip(people, cycle(offices.active(tx)), strict=False):
            contact = enrol(tx, address, name=name, channel=channel, now=now)
            contacts.grant(tx, contact, role=Role.FOCAL_POINT, office_id=office.id, now=now)

    database = await Database.open(site)
    try:
        await database.run(unit)
    finally:
        await database.close()


def counted_by(year: int) -> CountingRule:
    """What the packaged rules of a year ask of an innovation that is to count."""
    rule = load_rules()[year]
    return counting_rule(
        rule, load_indicators()[year], window=Window(year, rule.window.from_, rule.window.until)
    )


FIRST_OF_ALL = 2001  # the address of the first of those who stand for the offices nobody else does


def everywhere(tx: Transaction, now: datetime) -> list[tuple[int, str]]:
    """Enrol somebody in every office that has nobody; returns address and name of each."""
    manned = {row[0] for row in tx.execute("SELECT office_id FROM memberships WHERE office_id IS NOT NULL")}
    people: list[tuple[int, str]] = []
    for office in offices.active(tx):
        if office.id not in manned:
            address, name = FIRST_OF_ALL + len(people), f"PIC {office.short}"
            contact = enrol(tx, address, name=name, now=now)
            contacts.grant(tx, contact, role=Role.FOCAL_POINT, office_id=office.id, now=now)
            people.append((address, name))
    return people


def invited(
    tx: Transaction,
    code: str,
    *,
    now: datetime,
    role: Role = Role.FOCAL_POINT,
    office: str = "dinkes",
    days: int = 14,
) -> None:
    """Make an invitation with a code we know."""
    found = offices.by_code(tx, office)
    valid = timedelta(days=days)
    office_id = found.id if found and role is Role.FOCAL_POINT else None
    invitations.create(
        tx,
        code,
        by=None,
        now=now,
        new=invitations.NewInvitation(role=role, office_id=office_id, valid_for=valid),
    )
