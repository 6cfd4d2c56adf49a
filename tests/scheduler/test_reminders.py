"""The reminder tick on a real database: once, at the right moment, and taken back when it holds no more."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from domain.message import Inbound, Kind, Message
from domain.people import Role
from handlers.desk import Desk
from handlers.registry import registry
from handlers.reminders.snooze import DayAsked
from scheduler.ticks import remind
from storage import contacts, cursors, dialogues, handing_in, innovations, occurrences, outbox, periods
from storage.audit import Actor
from storage.engine.database import Database
from storage.engine.transaction import Transaction
from storage.engine.utc import utc_text
from storage.held_messages import HELD_UNTIL
from tests.kit.three_offices import (
    DEADLINE,
    H7,
    H14,
    HOUSE,
    START,
    WIB,
    at,
    broadcast,
    draft,
    leaves,
    loaded,
    queued,
)
from tests.kit.ticking import STALLED, count, judged, tick


async def test_a_tick_tells_everybody_once_however_often_it_runs(database: Database) -> None:
    assert await tick(database, H14) == 3
    await leaves(database, at(H14))
    for clock in (time(10), time(10, 1), time(11, 59), time(9)):  # also a clock that jumps back
        assert await tick(database, H14, clock) == 0
    assert await tick(database, H14 + timedelta(days=1)) == 0
    assert len(await queued(database, state="sent")) == 3


async def test_everybody_hears_at_a_minute_of_their_own(database: Database) -> None:
    heard: dict[str, time] = {}
    for minute in range(130):
        clock = (at(H14, time(8)) + timedelta(minutes=minute)).time()
        await tick(database, H14, clock)
        for _, address, _ in await queued(database):
            heard.setdefault(address, clock)
    assert set(heard) == {"1", "2", "3"}
    assert all(time(8) <= clock < time(10) for clock in heard.values())
    assert len(set(heard.values())) == 3


@pytest.mark.parametrize("clock", [time(7, 59), time(12), time(23, 30)])
async def test_nothing_leaves_outside_the_morning(database: Database, clock: time) -> None:
    assert await tick(database, H14, clock) == 0
    assert await tick(database, date(2026, 8, 17)) == 0  # Independence Day


async def test_what_is_met_the_second_before_is_taken_back(database: Database) -> None:
    await tick(database, H14)
    rows = {address: row for row, address, _ in await queued(database)}

    def hand_in(tx: Transaction) -> None:
        number = draft(tx, "dinkes", 1, at(H14))
        handing_in.send(tx, loaded(tx, number), year=2026, by=1, now=at(H14))

    await database.run(hand_in)
    assert not await judged(database, rows["1"], at(H14))
    assert await judged(database, rows["2"], at(H14))
    assert [row for row, _, _ in await queued(database, state="dropped")] == [rows["1"]]
    assert await count(database, "SELECT count(*) FROM occurrences WHERE contact_id = 1") == 0
    assert await tick(database, H14, time(10, 1)) == 0


async def test_a_deadline_moved_meanwhile_takes_the_old_date_back(database: Database) -> None:
    await tick(database, H14)
    row = (await queued(database))[0][0]

    def move(tx: Transaction) -> None:
        period = periods.current(tx)
        assert period is not None
        periods.move_deadline(tx, period, deadline=date(2026, 10, 1), reason="x", by=4, now=at(H14))

    await database.run(move)
    assert not await judged(database, row, at(H14))


async def test_somebody_who_is_answering_is_not_interrupted_and_hears_later(database: Database) -> None:
    number = await database.run(lambda tx: draft(tx, "dinkes", 1, START))
    minute = HOUSE.reminders.slot(H14, 1, WIB)

    def answer(tx: Transaction) -> None:
        dialogues.begin(tx, 1, name=dialogues.FORM, state=dialogues.FormOpen(number))
        cursors.keep(tx, 1, innovation_id=number, state="{}", now=minute - timedelta(minutes=1))

    await database.run(answer)
    for later, told in ((0, False), (10, False), (18, False), (20, True), (21, True)):
        await remind(database, HOUSE, now=minute + timedelta(minutes=later))
        assert ("1" in {address for _, address, _ in await queued(database)}) is told, later
    assert await database.read(lambda tx: occurrences.on_hold(tx, H14)) == set()
    assert [address for _, address, _ in await queued(database)].count("1") == 1


async def test_somebody_who_begins_to_answer_the_second_before_is_not_interrupted(database: Database) -> None:
    number = await database.run(lambda tx: draft(tx, "dinkes", 1, START))
    await tick(database, H14)
    row = next(row for row, address, _ in await queued(database) if address == "1")

    def answer(tx: Transaction) -> None:
        dialogues.begin(tx, 1, name=dialogues.FORM, state=dialogues.FormOpen(number))
        cursors.keep(tx, 1, innovation_id=number, state="{}", now=at(H14))

    await database.run(answer)
    assert not await judged(database, row, at(H14))
    await tick(database, H14, time(10, 30))
    assert [address for _, address, _ in await queued(database)].count("1") == 1


async def test_everything_is_held_and_what_is_stale_is_dropped_and_noted(database: Database) -> None:
    await tick(database, date(2026, 8, 14))
    await database.run(lambda tx: occurrences.pause(tx, by=4, now=at(date(2026, 8, 14))))
    for day in (H14, date(2026, 8, 19), date(2026, 8, 20)):
        assert await tick(database, day) == 0
    await database.run(lambda tx: occurrences.resume(tx, by=4, now=at(date(2026, 8, 20), time(15))))
    assert await tick(database, date(2026, 8, 21)) == 0
    missed = "SELECT count(*) FROM occurrences WHERE state = 'missed' AND step = 'H-14'"
    assert await count(database, missed) == 3
    assert await tick(database, H7) == 3


async def test_a_message_that_waits_while_everything_is_held_is_taken_back(database: Database) -> None:
    await tick(database, H14)
    await database.run(lambda tx: occurrences.pause(tx, by=4, now=at(H14)))
    assert not await judged(database, (await queued(database))[0][0], at(H14))


async def test_after_a_day_down_what_makes_sense_is_told_once(database: Database) -> None:
    await tick(database, date(2026, 8, 14))
    await tick(database, date(2026, 8, 19), time(8))
    await tick(database, date(2026, 8, 19))
    texts = [text for _, _, text in await queued(database)]
    assert len(texts) == 3
    assert all("13 hari lagi" in text for text in texts)


async def test_broadcasts_count_and_the_fourth_of_a_week_waits(database: Database) -> None:
    def three(tx: Transaction) -> None:
        for day in (19, 20, 21):
            broadcast(tx, "1", at(date(2026, 8, day), time(14)))

    await database.run(three)
    await leaves(database, at(date(2026, 8, 21), time(15)))
    await database.run(lambda tx: tx.execute("UPDATE outbox SET sent_at = created_at"))
    await tick(database, H7)
    assert {address for _, address, _ in await queued(database)} == {"2", "3"}


async def test_what_the_week_s_limit_kept_back_is_noted_and_told_with_the_next_step(
    database: Database,
) -> None:
    """F65: the fourth message of a week waits for the next one, which tells how it stands by then."""

    def three(tx: Transaction) -> None:
        for day in (20, 21, 24):
            broadcast(tx, "1", at(date(2026, 8, day), time(8)))

    await database.run(three)
    await database.run(lambda tx: tx.execute("UPDATE outbox SET state = 'sent', sent_at = created_at"))
    heard: dict[int, list[str]] = {}
    for day in (24, 26, 27, 28):
        await tick(database, date(2026, 8, day))
        heard[day] = [text for _, address, text in await queued(database) if address == "1"]
        await leaves(database, at(date(2026, 8, day)))
    noted = "SELECT count(*) FROM occurrences WHERE contact_id = 1 AND state = 'missed' AND step = 'H-7'"
    assert await count(database, noted) == 1
    assert {day: len(texts) for day, texts in heard.items()} == {24: 0, 26: 0, 27: 0, 28: 1}
    assert "4 hari lagi" in heard[28][0]


async def test_one_a_day_also_when_a_broadcast_came_first(database: Database) -> None:
    await database.run(lambda tx: broadcast(tx, "1", at(H14, time(7))))
    await tick(database, H14)
    texts = await queued(database)
    assert sorted(address for _, address, _ in texts) == ["1", "2", "3"]
    assert [text for _, address, text in texts if address == "1"] == ["Pengumuman"]


async def test_a_person_of_three_offices_gets_one_message(database: Database) -> None:
    def more(tx: Transaction) -> None:
        others = tx.execute("SELECT office_id FROM memberships WHERE contact_id IN (2, 3)").fetchall()
        tx.execute("UPDATE memberships SET until = '2026-05-05' WHERE contact_id IN (2, 3)")
        for (office,) in others:
            contacts.grant(tx, 1, role=Role.FOCAL_POINT, office_id=office, now=START)

    await database.run(more)
    assert await tick(database, H14) == 1
    (_, _, text), *rest = await queued(database)
    assert rest == []
    assert text.count("•") == 3


async def test_the_nudge_opens_its_question_only_as_it_leaves(database: Database) -> None:
    number = await database.run(lambda tx: draft(tx, "dinkes", 1, START))
    await tick(database, STALLED)
    (row, address, text), *_ = await queued(database)
    assert (address, "Siapa yang memulai" in text) == ("1", True)
    assert await database.read(lambda tx: dialogues.load(tx, 1)) is None
    assert await judged(database, row, at(STALLED))
    dialogue = await database.read(lambda tx: dialogues.load(tx, 1))
    assert dialogue is not None
    assert dialogue.state_as(dialogues.FormOpen).innovation == number

    said = Inbound("telegram", "1", Kind.TEXT, text="asn")
    desk = Desk(HOUSE, registry())
    await database.run(lambda tx: desk.take(tx, said, fetched=None, now=at(STALLED, time(10, 5))))
    answers = await database.read(lambda tx: innovations.answers(tx, number))
    assert answers["inisiator"] == "asn"


async def test_with_something_else_open_the_nudge_brings_a_button_and_leaves_it_open(
    database: Database,
) -> None:
    await database.run(lambda tx: draft(tx, "dinkes", 1, START))
    await database.run(lambda tx: dialogues.begin(tx, 1, name="snooze", state=DayAsked(0)))
    await tick(database, STALLED)
    (row, _, text), *_ = await queued(database)
    assert "belum dilanjutkan" in text
    assert "Siapa yang memulai" not in text
    assert await judged(database, row, at(STALLED))
    dialogue = await database.read(lambda tx: dialogues.load(tx, 1))
    assert dialogue is not None
    assert dialogue.name == "snooze"


async def test_a_draft_touched_again_starts_its_five_days_again(database: Database) -> None:
    number = await database.run(lambda tx: draft(tx, "dinkes", 1, START))

    def touch(tx: Transaction) -> None:
        innovations.write(
            tx, number, changes={"tahapan": "uji_coba"}, before={}, by=1, now=at(date(2026, 5, 8))
        )

    await database.run(touch)
    assert await tick(database, STALLED) == 0
    assert await tick(database, date(2026, 5, 19)) == 1  # two holidays lie between


async def test_a_nearly_complete_draft_is_told_what_is_left(database: Database) -> None:
    await database.run(lambda tx: draft(tx, "dinkes", 1, START, complete=True))
    await database.run(lambda tx: tx.execute("DELETE FROM answers WHERE question = 'hasil'"))
    await tick(database, date(2026, 5, 6))
    assert ["hampir selesai" in text for _, _, text in await queued(database)] == [True]


async def test_nobody_is_thanked_who_was_never_reminded(database: Database) -> None:
    number = await database.run(lambda tx: draft(tx, "dinkes", 1, START))
    await database.run(
        lambda tx: handing_in.send(tx, loaded(tx, number), year=2026, by=1, now=at(H14, time(7)))
    )
    await tick(database, H14)
    await leaves(database, at(H14))
    await database.run(
        lambda tx: handing_in.send(tx, loaded(tx, draft(tx, "dlh", 2, at(H14))), year=2026, by=2, now=at(H14))
    )
    await tick(database, date(2026, 8, 19))
    assert [(address, "Terima kasih" in text) for _, address, text in await queued(database)] == [("2", True)]


async def test_an_extension_moves_one_office_alone_and_an_exemption_ends_it(database: Database) -> None:
    def grant(tx: Transaction) -> None:
        period = periods.current(tx)
        assert period is not None
        periods.extend(tx, period, office_id=1, until=date(2026, 10, 1), now=START, actor=Actor(4, "x"))
        periods.extend(tx, period, office_id=2, until=None, now=START, actor=Actor(4, "x"))

    await database.run(grant)
    await tick(database, H14)
    told = await database.read(
        lambda tx: tx.execute("SELECT office_id, deadline FROM occurrences").fetchall()
    )
    assert told == [(3, DEADLINE.isoformat())]


async def test_notices_of_others_are_none_of_our_business(database: Database) -> None:
    def notice(tx: Transaction) -> int | None:
        message = Message("Kabar")
        return outbox.insert(
            tx,
            channel="telegram",
            address="1",
            message=message,
            now=START,
            terms=outbox.Terms(priority=outbox.REMINDER),
        )

    row = await database.run(notice)
    assert row is not None
    assert await judged(database, row, at(date(2026, 8, 16)))


@pytest.mark.parametrize("until", [HELD_UNTIL, datetime.max.replace(tzinfo=UTC)])
async def test_what_is_held_until_somebody_speaks_stops_no_look(database: Database, until: datetime) -> None:
    assert await tick(database, H14) == 3
    held = f"UPDATE outbox SET reason = 'window', not_before = '{utc_text(until)}'"
    await database.run(lambda tx: tx.execute(held))
    assert await tick(database, H14 + timedelta(days=1)) == 0
