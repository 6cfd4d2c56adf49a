"""The watch tells the desk in chat what the machine has trouble with, and an address that all is well."""

from __future__ import annotations

import asyncio
from time import monotonic
from types import SimpleNamespace
from typing import Any

import pytest

from bot.app import App
from bot.watch import Watch
from tests.kit.people import SARI
from tests.kit.world import World


async def look(world: World) -> None:
    assert world.app is not None
    await world.app.watch.look()
    await world.app.idle()


async def test_a_channel_out_of_reach_is_told_once_and_so_is_its_return(world: World) -> None:
    assert world.app is not None
    desk, meters = world.person(SARI), world.app.meters
    await desk.says("/bantuan")
    meters.not_polled("telegram")
    meters.polls_down_since["telegram"] = monotonic() - 400
    await look(world)
    desk.sees("Telegram tidak dapat dihubungi sejak 6 menit")
    heard = len(desk.heard)
    meters.not_polled("telegram")  # a poll that succeeds meanwhile would have ended it
    meters.polls_down_since["telegram"] = monotonic() - 460
    await look(world)
    assert len(desk.heard) == heard
    meters.polled("telegram")
    await look(world)
    desk.sees("Telegram terhubung seperti biasa.")


@pytest.mark.parametrize(("well", "calls"), [(True, 1), (False, 0)])
async def test_the_heartbeat_is_heard_only_while_all_is_well(world: World, well: bool, calls: int) -> None:
    assert world.app is not None
    heard: list[bytes] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.readline())
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
        await writer.drain()
        writer.close()

    if not well:
        world.app.meters.out_of_reach("telegram")
        world.app.meters.down_since["telegram"] = monotonic() - 400
    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        url = f"http://127.0.0.1:{port}/x"
        beside: Any = BesideTheBot(world.app, heartbeat_url=url)  # the bot's own watch keeps to its settings
        await Watch(beside, world.app.desk.desk_data, wake=lambda: None).look()
    assert len(heard) == calls


class BesideTheBot(SimpleNamespace):
    """The running bot with another setting, for a watch of the test's own."""

    def __init__(self, app: App, **settings: str) -> None:
        super().__init__(
            settings=app.settings.model_copy(update=settings),
            database=app.database,
            channels=app.channels,
            store=app.store,
            clock=app.clock,
            log=app.log,
            meters=app.meters,
            measure_disk=app.measure_disk,
            last_rounds=app.last_rounds,
        )
