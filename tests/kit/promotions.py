"""A desk whose server dies under busy people, and goes on with the synchronous standby that is promoted."""

from __future__ import annotations

import asyncio
import random
import time
from dataclasses import dataclass
from pathlib import Path

from sandbox.serve import serve
from storage.engine.site import address_of
from tests.kit.two_servers import TwoServers
from tests.kit.whatsapp_kills import Report, gather_crowd, look, read_all, talking, under_way, until_settled
from tests.kit.whatsapp_process import BotOnWhatsApp

LOOK_SECONDS = 0.05


@dataclass
class Promotion:
    """What is left after the server was lost."""

    left: Report
    acknowledged: int = 0  # items the desk had taken over when the first server died
    away: float = 0.0  # seconds from the death until the desk has kept something new


async def run_promotion(
    folder: Path, servers: TwoServers, *, people: int, seed: int, after: int
) -> Promotion:
    """Let people hand in, kill the server once the desk has taken over so many items or up to twice as many,
    and promote its standby.
    """
    chance, site = random.Random(seed), servers.site
    emulator, crowd = await gather_crowd(site, people=people, seed=seed)
    result, began = Promotion(Report(people, 1)), time.monotonic()
    async with serve(emulator.app) as api:
        bot = BotOnWhatsApp(folder, api=api, settings={"DESK_DATABASE_URL": address_of(site)})
        bot.start()
        await bot.until_up()
        async with talking(crowd, emulator, bot=bot) as talks:
            wanted = chance.randint(after, 2 * after)
            while len(emulator.webhooks.taken) < wanted:
                await asyncio.sleep(LOOK_SECONDS)
            result.acknowledged = len(emulator.webhooks.taken)
            await _lose(servers, result)
            await until_settled(talks, emulator, site)
    result.left.seconds = time.monotonic() - began
    look(result.left, site, crowd, emulator)
    return result


async def _lose(servers: TwoServers, result: Promotion) -> None:
    """Kill the first server, promote the second, and wait until the desk writes there."""
    died = time.monotonic()
    servers.kill_first()
    await asyncio.to_thread(servers.promote_second)
    result.left.unsure |= under_way(servers.site)
    newest = "SELECT coalesce(max(id), 0) FROM inbox"
    before = read_all(servers.site, newest)
    while read_all(servers.site, newest) == before:
        await asyncio.sleep(LOOK_SECONDS)
    result.away = time.monotonic() - died
