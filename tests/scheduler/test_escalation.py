"""Whom the tick tells of an office that does not react: ladder, leaders, the desk; and the rehearsal."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest

from domain.message import Inbound, Kind, plain
from domain.people import OfficePost, Role
from handlers.context import Context
from handlers.reminders.reminders import rehearse
from storage import contacts, periods, profile, reminder_wishes, rungs
from storage.engine.database import Database
from storage.engine.transaction import Transaction
from storage.rungs import Rung
from tests.kit.people import enrol
from tests.kit.three_offices import DEADLINE, H7, H14, HOUSE, START, at, draft, leaves, queued
from tests.kit.ticking import STALLED, count, judged, tick


async def test_the_desk_hears_whom_to_call_and_whom_the_bot_does_not_reach(database: Database) -> None:
    await database.run(lambda tx: contacts.block(tx, "telegram", address="3", now=START))
    for day in (date(2026, 7, 31), H14, H7, date(2026, 8, 28)):
        await tick(database, day)
        if day != date(2026, 8, 28):
            await leaves(database, at(day))
            await database.run(
                lambda tx: tx.execute("UPDATE outbox SET sent_at = created_at WHERE sent_at IS NULL")
            )
    text = next(text for _, address, text in await queued(database) if address == "4")
    assert "Perlu ditelepon" in text
    assert "Dinas Kesehatan – P1" in text
    assert "Dinas Pendidikan" not in text  # it is out of reach: a list of its own
    sent = [text for _, address, text in await queued(database, state="sent") if address == "4"]
    assert "Tidak terjangkau" in sent[0]
    assert "Dinas Pendidikan – P3" in sent[0]


@pytest.mark.parametrize(("role", "told"), [(Role.LEADER, True), (Role.ADMIN, False)])
async def test_leaders_are_announced_only_where_one_listens(
    database: Database, role: Role, told: bool
) -> None:
    def listen(tx: Transaction) -> None:
        contact = enrol(tx, "5", name="Wati", now=START)
        contacts.grant(tx, contact, role=role, office_id=None, now=START)
        reminder_wishes.subscribe(tx, contact, now=START)

    await database.run(listen)
    await tick(database, date(2026, 7, 31))
    await leaves(database, at(date(2026, 7, 31)))
    await tick(database, H14)
    texts = [text for _, address, text in await queued(database) if address in ("1", "2", "3")]
    assert [("pimpinan" in text, "menelepon" in text) for text in texts] == [(told, True)] * 3
    await leaves(database, at(H14))
    await tick(database, H7)
    news = [text for _, address, text in await queued(database) if address == "5" and "dukungan" in text]
    assert len(news) == told
    assert all(text.count("•") == 3 for text in news)


async def test_the_second_pic_hears_on_the_day_that_was_announced(database: Database) -> None:
    """One office of three has a second PIC; the others' rung is skipped."""

    def name_second(tx: Transaction) -> None:
        (office,) = tx.execute("SELECT office_id FROM memberships WHERE contact_id = 1").fetchone()
        contact = enrol(tx, "5", name="Budi", now=START)
        contacts.grant(tx, contact, role=Role.FOCAL_POINT, office_id=office, now=START)
        rung = Rung(office, OfficePost.SECOND, "Budi", "", contact, START)
        rungs.name_person(tx, rung, by=4, now=START)

    await database.run(name_second)
    for day in (date(2026, 7, 31), H14):
        await tick(database, day)
        await leaves(database, at(day))
    steps = [(address, text) for _, address, text in await queued(database, state="sent")]
    assert {address for address, _ in steps} == {"1", "2", "3"}
    assert [address for address, text in steps if "PIC kedua" in text] == ["1"]
    await tick(database, HOUSE.calendar.on_or_before(DEADLINE - timedelta(days=12)))
    ((_, address, news),) = await queued(database)
    assert (address, news.count("•")) == ("5", 1)
    assert "setelah 2 pengingat kepada PIC-nya" in news


async def test_an_office_that_answers_is_not_on_the_call_list(database: Database) -> None:
    for day in (date(2026, 7, 31), H14, H7):
        await tick(database, day)
        await leaves(database, at(day))

    office = await count(database, "SELECT office_id FROM memberships WHERE contact_id = 1")
    await database.run(
        lambda tx: reminder_wishes.set_target(
            tx, office, period=1, target=date(2026, 8, 30), by=1, now=at(H7, time(11))
        )
    )
    await tick(database, date(2026, 8, 28))
    text = next(text for _, address, text in await queued(database) if address == "4")
    assert "Dinas Kesehatan" not in text
    assert "P2" in text


async def test_the_rehearsal_names_every_office_and_equals_the_run_minutes_later(database: Database) -> None:
    await database.run(lambda tx: draft(tx, "dlh", 2, START))
    for day in (STALLED, date(2026, 5, 19), date(2026, 7, 31), H14, H7, date(2026, 9, 2)):
        told, silent, offices = await rehearsed(database, at(day, time(7, 50)))
        assert len(told) + len(silent) == len(told | silent) == len(offices) == 3
        before = await count(database, "SELECT coalesce(max(id), 0) FROM occurrences")
        await tick(database, day)
        assert await told_after(database, before) == told, day
        await leaves(database, at(day))


async def rehearsed(database: Database, now: datetime) -> tuple[set[int], set[int], set[int]]:
    """What the desk's rehearsal says: who is told, who is not, and every office."""

    def unit(tx: Transaction) -> tuple[set[int], set[int], set[int]]:
        period = periods.current(tx)
        assert period is not None
        seen = rehearse(context(tx, now), period)
        return set(seen.triggers), set(seen.silent), {one.office for one in seen.subjects}

    return await database.read(unit)


async def told_after(database: Database, before: int) -> set[int]:
    sql = "SELECT DISTINCT office_id FROM occurrences WHERE id > ? AND contact_id < 4 AND state = 'told'"
    return {row[0] for row in await database.read(lambda tx: tx.execute(sql, (before,)).fetchall())}


def context(tx: Transaction, now: datetime) -> Context:
    contact = contacts.by_address(tx, "telegram", address="4")
    return Context(HOUSE, tx, Inbound("telegram", "4", Kind.TEXT), contact, HOUSE.words.in_("id"), now)


async def test_the_desk_is_told_each_monday_what_the_profile_lacks(database: Database) -> None:
    def empty(tx: Transaction) -> None:
        tx.execute("DELETE FROM spd_levels WHERE row <> '1'")

    monday = date(2026, 6, 8)
    assert await tick(database, monday) == 0, "it is filled in"
    await database.run(empty)
    assert await tick(database, monday + timedelta(days=7)) == 1
    ((row, _, text),) = [message for message in await queued(database) if message[1] == "4"]
    assert "Profil SPD: 1 dari 20 baris terisi" in plain(text)
    assert "sampai 24,00 poin indeks" in text

    def fill(tx: Transaction) -> None:
        for spd in HOUSE.rules[2026].spd:
            profile.set_level(tx, 1, row=spd.no, level=2, by=4, now=at(monday))

    await database.run(fill)
    assert not await judged(database, row, at(monday + timedelta(days=7))), "filled in before it left"
