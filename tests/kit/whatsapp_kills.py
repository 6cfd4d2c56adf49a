"""Kills the bot while people hand in on WhatsApp and statuses arrive, and looks at what is left."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from domain.rules.load import load_form
from sandbox.serve import serve
from sandbox.whatsapp import GraphLimits, WhatsAppEmulator
from sandbox.whatsapp_checks import PAIR_LIMIT
from sandbox.whatsapp_webhooks import Weather
from storage.engine.database import read_beside
from storage.engine.site import Site
from tests.kit.people import let_hand_in
from tests.kit.whatsapp_crowd import WhatsAppCrowdPerson
from tests.kit.whatsapp_process import BotOnWhatsApp, emulated

STUCK_SECONDS = 120.0  # without any message accepted, until whoever is not done counts as stuck
SHOWN = 4  # newest messages of somebody who is stuck
HANDLED_SECONDS = 240.0  # for the last statuses
WEATHER = Weather(batch=4, repeats=1, late_seconds=0.2, shuffled=True)


@dataclass
class Report:
    """What a run of kills left."""

    people: int
    kills: int
    seconds: float = 0.0
    finished: int = 0
    submissions: list[int] = field(default_factory=list)  # of each person
    lost: int = 0  # items the platform delivered and nobody handled, or that were never kept
    doubled: list[str] = field(default_factory=list)  # trackers accepted twice though the fate was known
    unknown: int = 0  # trackers accepted twice after a kill in the middle of the send
    thrice: list[str] = field(default_factory=list)  # trackers accepted more than twice
    unsure: set[str] = field(default_factory=set)  # trackers that were under way at a kill
    refused: dict[int, int] = field(default_factory=dict)  # by code
    messages: int = 0
    statuses: int = 0
    asked_again: int = 0  # how often somebody saw nothing for a while and asked for the draft
    stuck: list[str] = field(default_factory=list)  # what stands on the phones of those who are not done

    @property
    def pair_refusals(self) -> int:
        """How often one person got more than the platform allows."""
        return self.refused.get(PAIR_LIMIT, 0)


async def run_kills(
    folder: Path, *, people: int, kills: int, seed: int, between: tuple[float, float]
) -> Report:
    """Let `people` hand in while the bot is killed `kills` times, so many seconds after it was up."""
    chance, site = random.Random(seed), folder / "desk.db"
    emulator, crowd = await gather_crowd(site, people=people, seed=seed)
    report, began = Report(people, kills), time.monotonic()
    async with serve(emulator.app) as api:
        bot = BotOnWhatsApp(folder, api=api)
        bot.start()
        async with talking(crowd, emulator, bot=bot) as talks:
            for _ in range(kills):
                await bot.until_up()
                await asyncio.sleep(chance.uniform(*between))
                bot.kill()
                report.unsure |= under_way(folder / "desk.db")
                bot.start()
            await until_settled(talks, emulator, site)
    report.seconds = time.monotonic() - began
    look(report, site, crowd, emulator)
    return report


@asynccontextmanager
async def talking(
    crowd: Sequence[WhatsAppCrowdPerson], emulator: WhatsAppEmulator, *, bot: BotOnWhatsApp
) -> AsyncIterator[list[asyncio.Task[None]]]:
    """Have everybody hand in at a bot that was started; in the end the bot and its platform are stopped."""
    emulator.webhooks.point_to(bot.webhook)
    talks = [asyncio.create_task(person.hands_in()) for person in crowd]
    try:
        yield talks
    finally:
        for task in talks:
            task.cancel()
        await bot.stop()
        await emulator.close()


async def gather_crowd(
    site: Site, *, people: int, seed: int
) -> tuple[WhatsAppEmulator, list[WhatsAppCrowdPerson]]:
    """Put so many people at their phones, in bad weather, who may hand in at the desk of this database."""
    form, emulator = load_form(), emulated()
    emulator.limits, emulator.webhooks.weather = GraphLimits(), WEATHER
    emulator.webhooks.longest_retry = 1.0
    crowd = [
        WhatsAppCrowdPerson(n, form, random.Random(seed + n), user_id=f"ID.{7000 + n}", emulator=emulator)
        for n in range(people)
    ]
    for person in crowd:
        emulator.people.add(person.user_id, f"Orang {person.number}", phone=f"62812{person.number:08d}")
    await let_hand_in(
        site, [(person.user_id, f"Orang {person.number}") for person in crowd], channel="whatsapp"
    )
    return emulator, crowd


def read_all(site: Site, sql: str) -> list[Any]:
    """Read beside the bot."""
    with read_beside(site) as disk:
        disk.begin(reading=True)
        return disk.execute(sql).fetchall()


def under_way(site: Site) -> set[str]:
    """List the trackers of what a process that was killed had leased."""
    return {str(number) for (number,) in read_all(site, "SELECT id FROM outbox WHERE state = 'leased'")}


async def until_settled(talking: list[asyncio.Task[None]], emulator: WhatsAppEmulator, site: Site) -> None:
    """Wait until everybody is done or stuck, and what the platform told is handled."""
    await _until_done_or_stuck(talking, emulator)
    await emulator.webhooks.until_all_taken(timeout=HANDLED_SECONDS)
    await _until_handled(site)


async def _until_done_or_stuck(talking: list[asyncio.Task[None]], emulator: WhatsAppEmulator) -> None:
    """Wait for everybody, as long as messages are accepted."""
    accepted = -1
    while accepted != (accepted := emulator.trackers.total()):
        if not (await asyncio.wait(talking, timeout=STUCK_SECONDS))[1]:
            return


async def _until_handled(site: Site) -> None:
    """Wait until every item had its turn, for a time."""
    until = time.monotonic() + HANDLED_SECONDS
    while time.monotonic() < until and read_all(site, "SELECT 1 FROM inbox WHERE state <> 'handled' LIMIT 1"):
        await asyncio.sleep(0.2)


def look(
    report: Report, site: Site, crowd: Sequence[WhatsAppCrowdPerson], emulator: WhatsAppEmulator
) -> None:
    """Fill the report with what the disk and the platform tell."""
    report.finished = sum(person.done for person in crowd)
    report.asked_again = sum(person.asked_again for person in crowd)
    report.stuck = [_describe(person, emulator) for person in crowd if not person.done]
    sent = dict(
        read_all(site, "SELECT created_by, count(*) FROM innovations WHERE state = 'terkirim' GROUP BY 1")
    )
    report.submissions = sorted(sent.values())
    (kept,), (open_rows,) = (
        read_all(site, "SELECT count(*) FROM inbox WHERE external_id NOT LIKE '%:%'")[0],
        read_all(site, "SELECT count(*) FROM inbox WHERE state <> 'handled'")[0],
    )
    report.lost = open_rows + abs(sum(len(person.sent) for person in crowd) - kept)
    ((report.statuses,),) = read_all(site, "SELECT count(*) FROM inbox WHERE external_id LIKE '%:%'")
    twice = [tracker for tracker, count in emulator.trackers.items() if count > 1]
    # a second try follows only where the first one's lease was lost: nobody knew what became of it
    report.doubled = [tracker for tracker in twice if tracker not in report.unsure]
    report.unknown = len(twice) - len(report.doubled)
    report.thrice = [tracker for tracker, count in emulator.trackers.items() if count > 2]
    report.messages = sum(emulator.trackers.values())
    report.refused = dict(emulator.refused)


def _describe(person: WhatsAppCrowdPerson, emulator: WhatsAppEmulator) -> str:
    """Say what the phone of somebody shows who waits."""
    shown = list(emulator.people.by_user_id[person.user_id].messages.values())[-SHOWN:]
    lines = [
        f"  {'bot' if message.from_business else 'own'} {message.text[-160:]!r} ({message.footer})"
        f" {[data for _, data in message.buttons]} {[data for _, _, data in message.rows]}"
        for message in shown
    ]
    return "\n".join([f"person {person.number}, last {person.last[:2]}", *lines])
