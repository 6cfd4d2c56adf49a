"""What WhatsApp tells later of an announcement reaches each recipient: delivered, read, or failed and why
(F78).
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.cli.check import check
from domain.message import Message
from storage import outbox, recipients
from storage.engine.database_check import look
from storage.engine.transaction import Transaction
from tests.kit.whatsapp_world import RINA, WhatsAppWorld, whatsapp_world

FAR = datetime(2027, 1, 1, tzinfo=UTC)


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[WhatsAppWorld]:
    async with whatsapp_world(tmp_path) as made:
        yield made


async def announced(world: WhatsAppWorld, text: str) -> None:
    """Queue an announcement for one recipient, as the feeder does."""

    def unit(tx: Transaction) -> None:
        tx.execute(
            "INSERT INTO broadcasts (id, state, contact_id, channel, address, created_at) "
            "VALUES (1, 'done', 1, 'whatsapp', ?, 'x') ON CONFLICT DO NOTHING",
            (RINA,),
        )
        number = outbox.insert(
            tx,
            channel="whatsapp",
            address=RINA,
            message=Message(text),
            now=world.clock(),
            terms=outbox.Terms(priority=outbox.BROADCAST),
        )
        tx.execute("DELETE FROM broadcast_recipients")
        tx.execute(
            "INSERT INTO broadcast_recipients (broadcast_id, contact_id, channel, address, state, outbox_id) "
            "VALUES (1, 1, 'whatsapp', ?, 'queued', ?)",
            (RINA, number),
        )

    await world.app.database.run(unit)
    world.app.sender.wake()
    await world.settled()


async def how(world: WhatsAppWorld) -> tuple[object, ...]:
    return (await world.rows("SELECT state, reason FROM broadcast_recipients"))[0]


async def test_delivered_then_read_and_never_back(world: WhatsAppWorld) -> None:
    await world.says(RINA, "halo")
    await announced(world, "Pengumuman")
    assert await how(world) == ("delivered", None)
    world.emulator.people.reads(RINA)
    await world.settled()
    assert await how(world) == ("read", None)
    rina = world.emulator.people.by_user_id[RINA]
    for late in ("sent", "delivered", "failed"):
        world.emulator.people.tick(rina, world.heard(RINA)[-1], late)
    await world.settled()
    assert await how(world) == ("read", None)


async def test_one_that_fails_later_names_its_reason(world: WhatsAppWorld) -> None:
    await world.says(RINA, "halo")
    world.emulator.people.by_user_id[RINA].blocked = True
    await announced(world, "Pengumuman")
    assert await how(world) == ("failed", "undeliverable")


async def test_one_that_waits_for_the_window_is_not_reached_until_it_leaves(world: WhatsAppWorld) -> None:
    await announced(world, "Pengumuman")
    await world.app.database.run(lambda tx: recipients.settle(tx, 1, now=FAR))
    assert await how(world) == ("skipped", "window")
    await world.says(RINA, "halo")
    assert await how(world) == ("delivered", None)
    assert world.heard(RINA)[-1].text == "Pengumuman"


async def test_the_price_is_kept_with_the_message(world: WhatsAppWorld) -> None:
    await world.says(RINA, "halo")
    await announced(world, "Pengumuman")
    world.clock.passes(days=2)
    await announced(world, "Ini menunggu")
    settings = world.app.settings
    month = "2026-03-01T00:00:00.000000Z"
    found = look(settings.database, since=month)
    assert [(category, billable) for category, billable, _ in found.sent] == [("service", 0)]
    assert found.held_back == 1
    lines = await check(settings, clock=world.clock)
    assert any(str(line).endswith("1 wait for their recipients to write") for line in lines)
