"""Kills the bot once while many people talk on WhatsApp, and measures how long each waits for the reply."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from pathlib import Path

from sandbox.serve import serve
from sandbox.whatsapp import WhatsAppEmulator
from sandbox.whatsapp_webhooks import Weather
from tests.kit.whatsapp_kills import gather_crowd, talking
from tests.kit.whatsapp_process import BotOnWhatsApp

LOOK_SECONDS = 0.02
LONGEST_SECONDS = 120.0


@dataclass
class Restart:
    """What people waited for, in seconds from the kill."""

    messages: int = 0  # accepted before the kill
    up: float = 0.0  # until the web server answers again
    waited: list[float] = field(default_factory=list)  # of each person, until the next message is accepted
    unanswered: int = 0
    doubled: int = 0  # trackers accepted twice


async def measure_restart(folder: Path, *, people: int, talk_seconds: float, seed: int) -> Restart:
    """Let `people` hand in, kill after `talk_seconds`, start at once and look until each has a reply."""
    emulator, crowd = await gather_crowd(folder / "desk.db", people=people, seed=seed)
    emulator.webhooks.weather = Weather(batch=4, shuffled=True)  # side by side, as Meta pushes them
    async with serve(emulator.app) as api:
        bot = BotOnWhatsApp(folder, api=api, is_cold=True)
        bot.start()
        await bot.until_up()
        async with talking(crowd, emulator, bot=bot):
            await asyncio.sleep(talk_seconds)
            waiting = {person.user_id for person in crowd if not person.done}
            return await _kill_and_wait(bot, emulator, waiting=waiting)


async def _kill_and_wait(bot: BotOnWhatsApp, emulator: WhatsAppEmulator, *, waiting: set[str]) -> Restart:
    """Kill and start at once; returns when each of those who wait has a reply, or after two minutes."""
    killed = time.time()
    bot.kill()
    report = Restart(emulator.trackers.total())
    bot.start()
    await bot.until_up()
    report.up = time.time() - killed
    while waiting and time.time() - killed < LONGEST_SECONDS:
        for user_id in tuple(waiting):
            shown = emulator.people.by_user_id[user_id].messages.values()
            if replies := [m.at for m in shown if m.from_business and m.at > killed]:
                report.waited.append(min(replies) - killed)
                waiting.discard(user_id)
        await asyncio.sleep(LOOK_SECONDS)
    report.unanswered = len(waiting)
    report.doubled = sum(count > 1 for count in emulator.trackers.values())
    return report
