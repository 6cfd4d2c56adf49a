"""The demo data: the current period, the offices of Kotim, and people to talk as."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from importlib.resources import files
from typing import Any

from domain.people import Role
from domain.rules.load import load_offices, load_rules
from handlers.door.privacy import NOTICE_VERSION
from sandbox import examples
from storage import contacts, invitations, offices, periods
from storage.engine.transaction import Transaction

TELEGRAM, WHATSAPP = "telegram", "whatsapp"
# good for one enrolment in the sandbox: the stranger of each channel, and the office
STRANGERS_CODES = {TELEGRAM: ("RuangLatihan-001", "dlh"), WHATSAPP: ("RuangLatihan-002", "dispora")}
DEADLINE_AWAY = timedelta(days=14)  # a deadline nearer than this would end the practice too soon


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody the page can talk as."""

    channel: str
    address: str
    name: str
    about: str
    role: Role | None
    office: str
    phone: str  # digits with the country code, or ""


def people() -> dict[str, tuple[DemoPerson, ...]]:
    """Read the ready people of each channel."""
    entries = tomllib.loads((files("sandbox") / "people.toml").read_text(encoding="utf-8"))
    return {
        channel: tuple(_person(channel, entry) for entry in entries[channel]) for channel in STRANGERS_CODES
    }


def _person(channel: str, entry: Mapping[str, Any]) -> DemoPerson:
    code, _ = STRANGERS_CODES[channel]
    return DemoPerson(
        channel,
        str(entry["address"]),
        entry["name"],
        entry["about"]["id"].format(code=code),
        Role(entry["role"]) if "role" in entry else None,
        entry.get("office", ""),
        entry["phone"],
    )


def deadline_of(today: date) -> date:
    """The period's last day: 15 December, or the end of January when that is too near."""
    usual = date(today.year, 12, 15)
    return usual if usual - today >= DEADLINE_AWAY else date(today.year + 1, 1, 31)


def fill(tx: Transaction, *, now: datetime, today: date) -> None:
    """Put the demo data in; what is there stays as it is."""
    offices.upsert(tx, load_offices())
    known = load_rules()
    rule_year = today.year if today.year in known else max(known)
    periods.open_period(
        tx,
        year=today.year,
        rule_year=rule_year,
        opens_on=date(today.year, 1, 5),
        deadline=deadline_of(today),
        now=now,
    )
    crowd = [person for each in people().values() for person in each]
    for person in crowd:
        _enrol(tx, person, now=now)
    _hand_in_examples(tx, crowd, now=now)
    for code, office in STRANGERS_CODES.values():
        _invite(tx, code, office_code=office, now=now)


def _invite(tx: Transaction, code: str, *, office_code: str, now: datetime) -> None:
    if invitations.by_code(tx, code) is None:
        office = offices.by_code(tx, office_code)
        invitations.create(
            tx,
            code,
            role=Role.FOCAL_POINT,
            office_id=office.id if office else None,
            by=None,
            now=now,
            valid_for=timedelta(days=365),
        )


def _hand_in_examples(tx: Transaction, crowd: Sequence[DemoPerson], *, now: datetime) -> None:
    period = periods.current(tx)
    desk = next((person for person in crowd if person.role is Role.ADMIN), None)
    reviewer = contacts.by_address(tx, desk.channel, address=desk.address) if desk else None
    if period is not None and reviewer is not None:
        by = examples.author(tx, consent_version=NOTICE_VERSION, now=now)
        examples.fill(tx, period, by=by, reviewer=reviewer.id, now=now)


def _enrol(tx: Transaction, person: DemoPerson, *, now: datetime) -> None:
    known = contacts.by_address(tx, person.channel, address=person.address)
    if person.role is None or known is not None:
        return
    contact = contacts.create(
        tx,
        channel=person.channel,
        address=person.address,
        name=person.name,
        language="id",
        consent_version=NOTICE_VERSION,
        now=now,
    )
    office = offices.by_code(tx, person.office) if person.office else None
    contacts.grant(tx, contact, role=person.role, office_id=office.id if office else None, now=now)
