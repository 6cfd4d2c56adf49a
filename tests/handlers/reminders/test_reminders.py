"""Buttons and words of reminding are untrusted: nothing of another office, nothing without the right."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, time, timedelta
from typing import Any

import pytest

from domain.message import Inbound, Kind, Message
from handlers.desk import Desk
from handlers.registry import registry
from storage import occurrences, periods
from storage.audit import Actor
from storage.engine.database import Database
from storage.engine.transaction import Transaction
from tests.kit.three_offices import DEADLINE, H14, HOUSE, START, at, draft, seed

DESK = Desk(HOUSE, registry())
NOW = at(date(2026, 8, 19), time(9))
VALUES = (
    "",
    "0",
    "1",
    "2",
    "3",
    "99",
    "-1",
    "x",
    "٣",
    "9" * 40,
    "besok",
    "senin",
    "tanggal",
    "2026-08-21",
    "2026-13-01",
)


@pytest.fixture
async def database(database: Database) -> Database:
    """Three offices with their people, and the desk."""
    await database.run(seed)
    return database


async def taps(database: Database, address: str, data: str) -> Sequence[Message]:
    inbound = Inbound("telegram", address, Kind.BUTTON, button=data, callback_id="1", message_ref="1")
    return await database.run(lambda tx: DESK.take(tx, inbound, fetched=None, now=NOW))


async def says(database: Database, address: str, text: str, *, now: Any = NOW) -> Sequence[Message]:
    inbound = Inbound("telegram", address, Kind.TEXT, text=text)
    return await database.run(lambda tx: DESK.take(tx, inbound, fetched=None, now=now))


async def rows(database: Database, sql: str) -> list[Any]:
    return await database.read(lambda tx: tx.execute(sql).fetchall())


async def office_of(database: Database, contact: int) -> int:
    found = await rows(database, f"SELECT office_id FROM memberships WHERE contact_id = {contact}")
    return int(found[0][0])


@pytest.mark.parametrize("family", ["rm", "rm:z", "rm:t", "rp", "rs"])
async def test_any_data_as_any_role_gets_an_answer_that_leads_on(database: Database, family: str) -> None:
    data = [f"{family}:{one}:{two}" for one in VALUES for two in VALUES[:6] + VALUES[10:]]
    for address in ("1", "4"):
        for one in [family, *data]:
            answer = await taps(database, address, one[:64])
            assert answer
            assert any(message.rows for message in answer), (address, one)


async def test_another_offices_button_changes_nothing_and_is_written_down(database: Database) -> None:
    other = await office_of(database, 2)
    for action in ("z", "t"):
        await taps(database, "1", f"rm:{action}:{other}:2026-08-21")
    assert await rows(database, "SELECT * FROM snoozes") == []
    assert await rows(database, "SELECT * FROM own_targets") == []
    audited = await rows(database, "SELECT detail FROM audit WHERE action = 'refused_button'")
    assert [json.loads(detail) for (detail,) in audited] == [{"office": other}] * 2


async def test_a_focal_point_cannot_hold_the_reminders(database: Database) -> None:
    await taps(database, "1", "rp:off")
    await taps(database, "1", "rs:on")
    assert await rows(database, "SELECT * FROM pauses") == []
    assert await rows(database, "SELECT * FROM subscriptions") == []
    assert len(await rows(database, "SELECT * FROM audit WHERE action = 'refused_button'")) == 2


async def test_a_second_tap_on_the_switch_changes_nothing(database: Database) -> None:
    await database.run(lambda tx: occurrences.pause(tx, by=4, now=START))
    await taps(database, "4", "rp:off")
    assert len(await rows(database, "SELECT * FROM pauses")) == 1
    for _ in range(2):
        await taps(database, "4", "rp:on")
    assert await rows(database, "SELECT count(*) FROM pauses WHERE until IS NULL") == [(0,)]


async def test_a_target_beyond_the_deadline_or_in_the_past_is_not_kept(database: Database) -> None:
    office = await office_of(database, 1)
    for day in ("2026-09-01", "2027-01-01", "2026-08-19", "2020-01-01"):
        await taps(database, "1", f"rm:t:{office}:{day}")
    assert await rows(database, "SELECT * FROM own_targets") == []
    await taps(database, "1", f"rm:t:{office}:2026-08-25")
    assert await rows(database, "SELECT target FROM own_targets") == [("2026-08-25",)]


@pytest.mark.parametrize(("days_before", "is_offered"), [(13, True), (5, False), (0, False)])
async def test_an_earlier_target_is_offered_while_there_is_one(
    database: Database, days_before: int, is_offered: bool
) -> None:
    """Whoever taps it sees days, never that it is too late."""
    shown = await says(database, "1", "/tugas", now=at(DEADLINE - timedelta(days=days_before)))
    data = [choice.data for message in shown for row in message.rows for choice in row]
    assert any(entry.startswith("rm:t:") for entry in data) is is_offered


async def test_putting_off_keeps_the_open_form_open(database: Database) -> None:
    await database.run(lambda tx: draft(tx, "dinkes", 1, START))
    office = await office_of(database, 1)
    await says(database, "1", "/draf")
    before = await rows(database, "SELECT * FROM dialogues")
    await taps(database, "1", f"rm:z:{office}:besok")
    assert await rows(database, "SELECT * FROM dialogues") == before
    assert await rows(database, "SELECT until FROM snoozes") == [("2026-08-20",)]


async def test_tasks_say_that_an_office_is_done_or_exempt(database: Database) -> None:
    def exempt(tx: Transaction) -> None:
        period = periods.current(tx)
        assert period is not None
        office = tx.execute("SELECT office_id FROM memberships WHERE contact_id = 1").fetchone()[0]
        periods.extend(tx, period, office_id=office, until=None, now=START, actor=Actor(4, "x"))

    await database.run(exempt)
    assert "dibebaskan" in (await says(database, "1", "/tugas"))[0].text
    assert "tidak ada inovasi yang sedang disiapkan" in (await says(database, "2", "/tugas"))[0].text
    after = await says(database, "2", "/tugas", now=at(date(2026, 9, 3)))
    assert "sudah lewat" in after[0].text


async def test_after_a_period_everybody_hears_that_it_is_closed(database: Database) -> None:
    await database.run(lambda tx: tx.execute("UPDATE periods SET state = 'closed'"))
    for address, command in (("1", "/tugas"), ("4", "/tugas"), ("4", "/pengingat"), ("4", "/rekap")):
        answer = await says(database, address, command, now=at(H14))
        assert "masa pelaporan 2026 sudah ditutup" in answer[0].text.casefold()
        assert answer[0].rows
