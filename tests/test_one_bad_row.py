"""One row that cannot be handled costs nobody else anything, in whatever is done for many at a time."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import date, time, timedelta
from pathlib import Path
from time import monotonic

import pytest

from bot.channels import Refused
from bot.outbound.one_message import Hooks
from domain.message import Message
from domain.people import Role
from scheduler.housekeeping import sweep
from scheduler.ticks import remind, summarise
from storage import contacts, recipient_lists, recipients, reminder_wishes
from storage.engine.database import Database
from storage.engine.errors import TookTooLong
from storage.engine.transaction import Transaction
from tests.bot.outbound.test_broadcast_feeder import Bench as Announcing
from tests.bot.store.test_removing import DUE, House
from tests.kit.databases import migrated, on_disk, with_every_office, with_people
from tests.kit.dispatching import Log, TurnBench, raises
from tests.kit.people import enrol
from tests.kit.sending import Bench as Sending
from tests.kit.three_offices import H14, HOUSE, START, at, queued, with_three_offices

MONDAY = date(2026, 6, 8)
LEADERS = (5, 6, 7)


UNDONE = pytest.mark.parametrize(
    "undoing", ["ABORT", "ROLLBACK"], ids=["the row alone", "the whole transaction"]
)


def refuse(tx: Transaction, table: str, *, when: str, before: str = "INSERT", undoing: str = "ABORT") -> None:
    """Have SQLite refuse what touches one row, or undo the transaction as it does with a write that takes
    too long.
    """
    tx.execute(
        f"CREATE TRIGGER refuse BEFORE {before} ON {table} WHEN {when} "
        f"BEGIN SELECT RAISE({undoing}, 'refused'); END"
    )


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """Three offices with one focal point each, contacts 1 to 3, and the desk."""
    opened = await on_disk(tmp_path / "desk.db", with_three_offices())
    yield opened
    await opened.close()


@pytest.mark.sqlite
@UNDONE
async def test_a_reminder_that_cannot_be_queued_keeps_nobody_elses(database: Database, undoing: str) -> None:
    log = Log()
    await database.run(lambda tx: refuse(tx, "outbox", when="NEW.address = '2'", undoing=undoing))
    assert await remind(database, HOUSE, now=at(H14), log=log) == 2
    assert {address for _, address, _ in await queued(database)} == {"1", "3"}
    assert [pairs["contact"] for pairs in log.said("person_passed_over")] == [2]
    await database.run(lambda tx: tx.execute("DROP TRIGGER refuse"))
    later = at(H14) + timedelta(minutes=1)
    assert await remind(database, HOUSE, now=later, log=log) == 1  # whose minute was before


async def test_who_cannot_be_judged_keeps_nobody_from_being_reminded(database: Database) -> None:
    log = Log()

    def spoil(tx: Transaction) -> None:
        tx.execute(
            "INSERT INTO occurrences (rule, period_id, office_id, contact_id, step, deadline, at, state) "
            "SELECT 'x', 1, office_id, 2, 'x', '', 'some day', 'told' FROM memberships WHERE contact_id = 2"
        )

    await database.run(spoil)
    assert await remind(database, HOUSE, now=at(H14), log=log) == 2
    assert {address for _, address, _ in await queued(database)} == {"1", "3"}
    # the desk reads about every office: it cannot be judged either, and that is noted as well
    assert {pairs["contact"] for pairs in log.said("person_passed_over")} >= {2}


@pytest.mark.sqlite
@UNDONE
async def test_a_summary_that_cannot_be_queued_keeps_nobody_elses_and_comes_later_that_day(
    database: Database, undoing: str
) -> None:
    def fill(tx: Transaction) -> None:
        for number in LEADERS:
            contact = enrol(tx, str(number), name=f"L{number}", now=START)
            contacts.grant(tx, contact, role=Role.LEADER, office_id=None, now=START)
            reminder_wishes.subscribe(tx, contact, now=at(MONDAY - timedelta(days=3)))
        refuse(tx, "outbox", when="NEW.address = '5'", undoing=undoing)

    log = Log()
    await database.run(fill)
    assert await summarise(database, HOUSE, now=at(MONDAY, time(8)), log=log) == 2
    assert [address for _, address, _ in await queued(database)] == ["6", "7"]
    assert [pairs["contact"] for pairs in log.said("person_passed_over")] == [5]
    await database.run(lambda tx: tx.execute("DROP TRIGGER refuse"))
    again = [await summarise(database, HOUSE, now=at(MONDAY, time(8, minute))) for minute in (1, 10, 20)]
    assert again == [0, 1, 0]
    assert [address for _, address, _ in await queued(database)] == ["6", "7", "5"]


@pytest.mark.sqlite
async def test_a_kind_that_cannot_be_swept_keeps_no_other_from_being_swept(database: Database) -> None:
    old = "2026-01-01T00:00:00.000000Z"

    def fill(tx: Transaction) -> None:
        columns = "channel, address, priority, payload, created_at, state"
        tx.execute(f"INSERT INTO outbox ({columns}) VALUES ('telegram', '1', 0, '{{}}', '{old}', 'sent')")
        for number in "12":
            tx.execute(
                "INSERT INTO inbox (channel, external_id, address, raw, received_at, state) "
                f"VALUES ('telegram', ?, '1', '{{}}', '{old}', 'handled')",
                (number,),
            )
        refuse(tx, "inbox", when="OLD.id > 0", before="DELETE")

    await database.run(fill)
    swept, failed = await sweep(database, now=at(H14), raw_kept=timedelta(days=30), pause=0)
    assert (set(failed), swept["outbox"]) == ({"inbox"}, 1)


@pytest.fixture
async def announcing(tmp_path: Path) -> AsyncIterator[Announcing]:
    opened = await on_disk(tmp_path / "offices.db", with_every_office())
    yield Announcing(opened)
    await opened.close()


@pytest.mark.sqlite
async def test_a_recipient_who_cannot_be_written_to_keeps_nobody_from_the_announcement(
    announcing: Announcing,
) -> None:
    await announcing.announce()
    key = "NEW.dedupe_key = 'broadcast:1:3'"
    await announcing.database.run(lambda tx: refuse(tx, "outbox", when=key))
    while (await announcing.load()).state != "done":
        await announcing.round()
        await announcing.sends(20)
    tally = await announcing.database.read(lambda tx: recipient_lists.tally(tx, 1))
    assert (tally.sent, tally.failed, tally.still) == (47, 1, 0)


async def test_a_server_that_is_slow_for_a_moment_costs_nobody_the_announcement(
    announcing: Announcing,
) -> None:
    await announcing.announce()

    def is_slow(language: str) -> Message:
        raise TookTooLong

    with pytest.raises(TookTooLong):
        await announcing.database.run(
            lambda tx: recipients.feed(tx, 1, message=is_slow, limit=5, now=announcing.now)
        )
    tally = await announcing.database.read(lambda tx: recipient_lists.tally(tx, 1))
    assert (tally.failed, tally.still) == (0, 48)


@pytest.mark.sqlite
async def test_an_announcement_that_raises_does_not_keep_the_next_from_going(announcing: Announcing) -> None:
    await announcing.announce()
    await announcing.announce()

    def spoil(tx: Transaction) -> None:
        refuse(tx, "broadcasts", when="OLD.id = 1", before="UPDATE")

    await announcing.database.run(spoil)
    await announcing.round()
    moved = "SELECT DISTINCT broadcast_id FROM broadcast_recipients WHERE state = 'queued'"
    assert await announcing.database.read(lambda tx: tx.execute(moved).fetchall()) == [(2,)]


def undo_all(tx: Transaction) -> None:
    """Undo the whole transaction, as SQLite does with a write that takes too long."""
    tx.execute("ROLLBACK")
    raise TookTooLong


@pytest.mark.sqlite
@pytest.mark.parametrize("failing", [raises, undo_all], ids=["the row alone", "the whole transaction"])
async def test_what_cannot_follow_an_outcome_keeps_no_outcome_from_being_written(
    tmp_path: Path, failing: Callable[[Transaction], None]
) -> None:
    opened = await on_disk(tmp_path / "desk.db", migrated())
    try:
        hooks = Hooks(not_arrived=lambda tx, outbox_id, now: failing(tx))
        bench = Sending(opened, tmp_path, hooks=hooks, first_pause=0.01)
        lost = await bench.queue("a", "x")
        others = [await bench.queue(address, "y") for address in "bc"]
        bench.phone.failures = [Refused("no")]
        await bench.settled()
        assert (await bench.state(lost))[0] == "failed"
        assert [(await bench.state(row))[0] for row in others] == ["sent", "sent"]
    finally:
        await opened.close()


async def test_what_cannot_follow_is_logged_once_and_only_after_the_commit(tmp_path: Path) -> None:
    opened = await on_disk(tmp_path / "desk.db", migrated())
    try:
        hooks = Hooks(not_arrived=lambda tx, outbox_id, now: raises(tx))
        bench = Sending(opened, tmp_path, hooks=hooks)
        lost = await bench.queue("a", "x")
        bench.phone.failures = [Refused("no")]
        await bench.sender._sending.send((await bench.claim())[0], monotonic())

        def is_undone(tx: Transaction) -> None:
            bench.sender.claim(tx, bench.now)
            raises(tx)

        with pytest.raises(LookupError):
            await opened.run(is_undone)
        assert list(bench.meters.events) == [("warning", "send_failed")]
        bench.sender.take(await bench.claim())
        assert await bench.state(lost) == ("failed", 1)
        assert bench.meters.events["error", "outcome_not_followed"] == 1
    finally:
        await opened.close()


async def test_a_row_that_cannot_be_held_back_costs_the_round_nothing(tmp_path: Path) -> None:
    opened = await on_disk(tmp_path / "desk.db", migrated())
    turns = TurnBench(opened, person_rate=1)
    turns.desk.slow = raises
    try:
        await turns.hears(("a", "1"), ("a", "2"), ("b", "1"))
        await turns.quiet()
        assert turns.desk.order_of_turns == ["1", "1"]
        assert [pairs["inbox"] for pairs in turns.log.said("turn_failed")] == [2]
        await turns.later(70)
        assert (await turns.states())[1] == ("handled", 1)
    finally:
        await turns.stops()
        await opened.close()


async def test_a_file_that_does_not_go_holds_up_no_other(tmp_path: Path) -> None:
    opened = await on_disk(tmp_path / "desk.db", with_people())
    try:
        house = House(opened, tmp_path)
        await house.keeps(3)
        stubborn = house.store.root / min(house.store.sizes("evidence"))
        stubborn.unlink()
        (stubborn / "inside").mkdir(parents=True)  # nothing removes it as a file
        house.now = DUE
        assert (await house.remover.work_off(), house.lying()) == (2, 0)
        assert await house.counts() == (0, 1, 0)
    finally:
        await opened.close()
