"""The feeder: portions, quiet hours in the middle, and news that does not pile up."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.log import logger
from bot.outbound.broadcast_feeder import Feeder
from domain.announcing.audience import Audience
from handlers.assembly import build
from storage import audiences, broadcast_drafts, broadcasts, outbox_leases, outbox_outcomes, recipient_lists
from storage.engine.database import Database
from storage.engine.transaction import Transaction
from storage.outbox_outcomes import Outcome
from tests.kit.databases import on_disk, with_every_office

MORNING = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # Monday 08.00 WIB
DESK = build(timezone="Asia/Jakarta", language="id")


class Bench:
    """A feeder on a real database, with a sender that does what the test says."""

    def __init__(self, database: Database, *, rate: float = 5) -> None:
        self.database, self.now, self.woken = database, MORNING, 0
        self.feeder = Feeder(
            database, DESK.desk_data, clock=lambda: self.now, rate=rate, wake_sender=self.wake, log=logger()
        )

    def wake(self) -> None:
        self.woken += 1

    async def announce(self, *, urgent: bool = False) -> None:
        def unit(tx: Transaction) -> None:
            number = broadcast_drafts.create(
                tx,
                by=5,
                channel="telegram",
                address="1005",
                now=self.now,
                draft=broadcast_drafts.NewDraft(text="x"),
            )
            audiences.write_down(
                tx, number, audience=audiences.chosen(Audience(roles=frozenset({"focal_point"})), 1)
            )
            draft = broadcasts.load(tx, number)
            assert draft is not None
            broadcasts.confirm(tx, draft, starts_at=self.now, now=self.now, urgent=urgent, progress_ref="7")

        await self.database.run(unit)

    async def sends(self, count: int) -> int:
        """Send so many of what waits; returns how many that were."""

        def unit(tx: Transaction) -> int:
            until = self.now + timedelta(minutes=1)
            rows = outbox_leases.claim(tx, "telegram", now=self.now, until=until, limit=count)
            outbox_outcomes.settle(tx, [Outcome(row.id, "sent", f"m{row.id}") for row in rows], now=self.now)
            return len(rows)

        return await self.database.run(unit)

    async def round(self) -> bool:
        return await self.feeder._advance_all()

    async def waiting(self) -> int:
        """Recipients in the outbox that were not sent yet."""
        sql = "SELECT count(*) FROM outbox WHERE state = 'waiting' AND priority = 2"
        return int(await self.database.read(lambda tx: tx.execute(sql).fetchone()[0]))

    async def news(self) -> list[str]:
        sql = "SELECT json_extract(payload, '$.text') FROM outbox WHERE priority = 0 ORDER BY id"
        return [row[0] for row in await self.database.read(lambda tx: tx.execute(sql).fetchall())]

    async def load(self) -> broadcasts.Broadcast:
        found = await self.database.read(lambda tx: broadcasts.load(tx, 1))
        assert found is not None
        return found


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    database = await on_disk(tmp_path / "desk.db", with_every_office())
    yield Bench(database)
    await database.close()


async def test_no_more_than_some_seconds_of_pace_stand_in_the_outbox(bench: Bench) -> None:
    await bench.announce()
    sent = 0
    for _ in range(20):
        await bench.round()
        assert await bench.waiting() <= 20
        sent += await bench.sends(7)
    assert (await bench.load()).state == "done"
    assert bench.woken > 0
    tally = await bench.database.read(lambda tx: recipient_lists.tally(tx, 1))
    assert (tally.sent, tally.still) == (48, 0)


async def test_the_rest_is_held_when_the_day_is_over_and_goes_on_in_the_morning(bench: Bench) -> None:
    bench.now = MORNING + timedelta(hours=8) - timedelta(seconds=1)
    await bench.announce()
    await bench.round()
    await bench.sends(99)
    bench.now += timedelta(seconds=2)
    await bench.round()
    held = await bench.load()
    assert held.state == "running"
    assert held.starts_at == MORNING + timedelta(days=1)
    assert "Ditahan di luar jam kerja sampai Selasa, 3 Maret 2026 pukul 08.00 WIB" in (await bench.news())[-1]
    await bench.round()
    assert await bench.waiting() == 0
    bench.now = MORNING + timedelta(days=1)
    await bench.round()
    assert await bench.waiting() == 20


async def test_an_urgent_one_goes_on_at_night(bench: Bench) -> None:
    bench.now = MORNING + timedelta(hours=15)
    await bench.announce(urgent=True)
    await bench.round()
    assert await bench.waiting() == 20


async def test_news_comes_every_ten_seconds_and_never_on_top_of_older_news(bench: Bench) -> None:
    await bench.announce()
    for _ in range(4):
        bench.now += timedelta(seconds=4)
        await bench.round()
    assert len(await bench.news()) == 1, "the first is still on its way"
    await bench.sends(3)
    for _ in range(4):
        bench.now += timedelta(seconds=4)
        await bench.round()
    assert len(await bench.news()) == 2
    assert "2 dari 48" in (await bench.news())[-1]


async def test_one_that_cannot_be_read_holds_up_no_other_and_is_forgotten_once_it_is_recalled(
    bench: Bench,
) -> None:
    for _ in range(2):
        await bench.announce()

    def breaks(tx: Transaction) -> None:
        tx.execute("UPDATE broadcasts SET attachment = 'no json' WHERE id = 1")

    await bench.database.run(breaks)
    await bench.round()
    assert await bench.waiting() == 20, "of the second"
    assert list(bench.feeder._aside) == [1]
    assert await bench.database.run(lambda tx: broadcasts.recall(tx, 1))
    await bench.round()
    assert not bench.feeder._aside
