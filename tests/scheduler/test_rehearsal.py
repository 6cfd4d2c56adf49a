"""The rehearsal over the whole regency: every office once with its reason, and the run minutes later is the
same (F66, B10).
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from domain.buttons import Reminders
from domain.message import Message, plain
from scheduler.ticks import remind
from storage import contacts, innovations, outbox, periods, reminder_wishes
from storage.audit import Actor
from storage.engine.database import Database
from storage.engine.transaction import Transaction
from storage.engine.utc import utc_text
from tests.kit.databases import on_disk, with_every_office
from tests.kit.desk_turns import DESK
from tests.kit.handed_in import handed_in
from tests.kit.people import SARI
from tests.kit.two_accounts import Account

# H-14 of 15 December 2026, twelve minutes before the first are told
BEFORE = datetime(2026, 12, 1, 7, 48, tzinfo=ZoneInfo("Asia/Jakarta"))
RUN = BEFORE.replace(hour=10, minute=5)


def lives(tx: Transaction) -> None:
    """Some offices have sent, are exempt, put it off, are out of reach, have a full week, or a draft."""
    people = dict(
        tx.execute("SELECT office_id, min(contact_id) FROM memberships GROUP BY office_id").fetchall()
    )
    codes = dict(tx.execute("SELECT id, code FROM offices ORDER BY id").fetchall())
    offices = [office for office in codes if office in people]
    for office in offices[:6]:
        handed_in(tx, f"Inovasi {office}", now=BEFORE - timedelta(days=20), office=codes[office])
    for office in offices[6:8]:
        periods.extend(
            tx, periods.load(tx, 1), office_id=office, until=None, now=BEFORE, actor=Actor(5, "baru")
        )
    for office in offices[8:12]:
        until = (BEFORE + timedelta(days=3)).date()
        reminder_wishes.snooze(tx, people[office], period=1, office=office, until=until, now=BEFORE)
    for office in offices[12:17]:
        tx.execute(
            "UPDATE addresses SET blocked_at = ? WHERE contact_id = ?", (utc_text(BEFORE), people[office])
        )
    for office in offices[17:20]:
        for ago in (1, 2, 3):
            hears(tx, people[office], now=BEFORE - timedelta(days=ago))
    for office in offices[20:23]:
        new = innovations.NewInnovation(office_id=office, period_id=1, form_version=1, rule_year=2026)
        innovations.create(tx, new, by=people[office], now=BEFORE - timedelta(days=90))


def hears(tx: Transaction, contact: int, *, now: datetime) -> None:
    """Let somebody have heard an announcement."""
    channel, address, _ = contacts.reach(tx, contact) or ("", "", "")
    terms = outbox.Terms(priority=outbox.BROADCAST)
    number = outbox.insert(
        tx, channel=channel, address=address, message=Message("Kabar"), now=now, terms=terms
    )
    tx.execute("UPDATE outbox SET state = 'sent', sent_at = created_at WHERE id = ?", (number,))


async def told_by_now(database: Database) -> list[int]:
    sql = "SELECT DISTINCT office_id FROM occurrences WHERE state = 'told' AND rule = 'batas' ORDER BY 1"
    return [row[0] for row in await database.read(lambda tx: tx.execute(sql).fetchall())]


async def test_47_offices_each_once_with_a_reason_and_the_run_minutes_later_matches(tmp_path: Path) -> None:
    database = await on_disk(tmp_path / "desk.db", with_every_office())
    try:
        await database.run(lives)
        page = await database.run(
            lambda tx: Account(tx, DESK, "telegram", str(SARI), now=BEFORE).presses(WHO)
        )
        groups = re.findall(r"^(Menerima|Tidak): (.+) \((\d+)\)\n(.+)$", plain(page), re.MULTILINE)
        counts = {(kind, why): int(count) for kind, why, count, _ in groups}
        names = [name for *_, listed in groups for name in listed.split(", ")]
        assert sum(counts.values()) == len(names) == len(set(names)) == 47
        assert len(counts) >= 6, "the reasons differ"
        assert all(why for _, why in counts)
        assert await told_by_now(database) == [], "it sends nothing"
        told = sum(count for (kind, _), count in counts.items() if kind == "Menerima")
        await remind(database, DESK.desk_data, now=RUN)
        assert len(await told_by_now(database)) == told
        shorts = (
            "SELECT short FROM offices WHERE id IN (SELECT office_id FROM occurrences WHERE rule = 'batas')"
        )
        ran = {row[0] for row in await database.read(lambda tx: tx.execute(shorts).fetchall())}
        assert ran == {
            name for kind, _, _, listed in groups if kind == "Menerima" for name in listed.split(", ")
        }
    finally:
        await database.close()


WHO = Reminders("who").data()
