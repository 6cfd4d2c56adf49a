"""Kills the bot once while many people talk on WhatsApp, and measures how long each waits for the reply."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from pathlib import Path

from sandbox.serve import serve
from sandbox.whatsapp import GraphLimits
from tests.kit.whatsapp_kills import gather_crowd, seed_crowd, until_handled
from tests.kit.whatsapp_process import BotOnWhatsApp, emulated

LOOK_SECONDS = 0.02
LONGEST_SECONDS = 120.0


@dataclass
class Restart:
    """What people waited for, in seconds from the kill."""

    up: float = 0.0  # until the web server answers again
    waited: list[float] = field(default_factory=list)  # of each person, until the next message is accepted
    unanswered: int = 0
    doubled: int = 0  # trackers accepted twice
    messages: int = 0  # accepted before the kill


async def measure_restart(folder: Path, *, people: int, talk_seconds: float, seed: int) -> Restart:
    """Let `people` hand in, kill after `talk_seconds`, start at once and look until each has a reply."""
    emulator = emulated()
    emulator.limits, emulator.webhooks.longest_retry = GraphLimits(), 1.0
    crowd = gather_crowd(emulator, people=people, seed=seed)
    await seed_crowd(folder / "desk.db", crowd)
    report = Restart()
    async with serve(emulator.app) as api:
        bot = BotOnWhatsApp(folder, api=api)
        bot.start()
        await bot.until_up()
        emulator.webhooks.point_to(bot.webhook)
        talking = [asyncio.create_task(person.hands_in()) for person in crowd]
        try:
            await asyncio.sleep(talk_seconds)
            killed = time.time()
            bot.kill()
            report.messages = emulator.trackers.total()
            waiting = {person.user_id for person in crowd if not person.done}
            bot.start()
            await bot.until_up()
            report.up = time.time() - killed
            while waiting and time.time() - killed < LONGEST_SECONDS:
                for user_id in tuple(waiting):
                    told = emulator.people.by_user_id[user_id].messages.values()
                    after = [m.at for m in told if m.from_business and m.at > killed]
                    if after:
                        report.waited.append(min(after) - killed)
                        waiting.discard(user_id)
                await asyncio.sleep(LOOK_SECONDS)
            report.unanswered = len(waiting)
            report.doubled = sum(count > 1 for count in emulator.trackers.values())
        finally:
            for task in talking:
                task.cancel()
            await emulator.webhooks.until_all_taken(timeout=20)
            await until_handled(folder / "desk.db")
            await bot.stop()
            await emulator.close()
    return report
