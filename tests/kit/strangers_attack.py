"""Thousands of strangers write on WhatsApp at once beside people we know, and how long either wait."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import aiohttp

from sandbox.serve import serve
from sandbox.whatsapp import GraphLimits, WhatsAppEmulator
from sandbox.whatsapp_webhooks import Weather
from tests.kit.people import let_hand_in
from tests.kit.webhook_attack import change, message, signed
from tests.kit.whatsapp_kills import read_all
from tests.kit.whatsapp_process import BotOnWhatsApp, emulated

BODY_MESSAGES = 5  # in one webhook of strangers
LOOK_SECONDS = 0.5  # between looks at the queue
PAUSE_SECONDS = 2.0  # of a person between an answer and the next message
HANDLED_SECONDS = 600.0
FIRST_STRANGER = 200_000
WORDS = ("bantuan", "status", "draf", "tugas")


@dataclass
class Report:
    """What came of it."""

    answers: list[float] = field(default_factory=list)  # seconds each person we know waited
    most_open: int = 0  # rows without a turn
    oldest_due: float = 0.0  # seconds the oldest row has waited that could have its turn, at most
    oldest: float = 0.0  # the same of any row, from its coming
    pushed_seconds: float = 0.0
    empty_seconds: float = 0.0  # from the last push until nothing waits
    strangers_answered: int = 0
    strangers_twice: int = 0


async def attack(folder: Path, *, strangers: int, messages: int, people: int, rate: float) -> Report:
    """Let `strangers` write so many `messages` each, `rate` webhooks a second, while `people` talk."""
    emulator = _prepare_emulator(people)
    named = [(person.user_id, person.name) for person in emulator.people.by_user_id.values()]
    await let_hand_in(folder / "desk.db", named, channel="whatsapp")
    report = Report()
    async with serve(emulator.app) as api:
        bot = BotOnWhatsApp(folder, api=api, is_cold=True)
        bot.start()
        try:
            await bot.until_up()
            emulator.webhooks.point_to(bot.webhook)
            talks = [asyncio.create_task(_talk(emulator, who, report)) for who, _ in named]
            watch = asyncio.create_task(_watch(folder / "desk.db", report))
            await _push_all(bot.webhook, _draw_bodies(strangers, messages), rate=rate, report=report)
            began = time.monotonic()
            await _until_empty(folder / "desk.db")
            report.empty_seconds = time.monotonic() - began
        finally:
            for task in (*talks, watch):
                task.cancel()
            await bot.stop()
            await emulator.close()
    _look(folder / "desk.db", report)
    return report


def _prepare_emulator(people: int) -> WhatsAppEmulator:
    emulator = emulated()
    emulator.limits, emulator.webhooks.weather = GraphLimits(), Weather(shuffled=True)
    for number in range(people):
        emulator.people.add(f"ID.{7000 + number}", f"Orang {number}", phone=f"62812{number:08d}")
    return emulator


def _draw_bodies(strangers: int, messages: int) -> Iterator[bytes]:
    """Every stranger once, then everybody again: nobody's messages lie side by side."""
    chance, drawn = random.Random(1), list(range(strangers))
    numbers = iter(range(10**9))
    for _ in range(messages):
        chance.shuffle(drawn)
        for start in range(0, strangers, BODY_MESSAGES):
            part = drawn[start : start + BODY_MESSAGES]
            yield change(messages=[message(next(numbers), FIRST_STRANGER + who) for who in part])


async def _push_all(url: str, bodies: Iterator[bytes], *, rate: float, report: Report) -> None:
    began, posting = time.perf_counter(), set()
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        for number, body in enumerate(bodies):
            await asyncio.sleep(max(0.0, began + number / rate - time.perf_counter()))
            task = asyncio.create_task(_push(session, url, body))
            posting.add(task)
            task.add_done_callback(posting.discard)
        await asyncio.gather(*posting)
    report.pushed_seconds = time.perf_counter() - began


async def _push(session: aiohttp.ClientSession, url: str, body: bytes) -> None:
    headers = {"X-Hub-Signature-256": signed(body)}
    async with session.post(url, data=body, headers=headers) as response:
        assert response.status == 200


async def _talk(emulator: WhatsAppEmulator, user_id: str, report: Report) -> None:
    """Say something, wait for the answer, and again."""
    chance = random.Random(user_id)
    phone = emulator.people.by_user_id[user_id]
    while True:
        began, known = time.monotonic(), len(phone.messages)
        emulator.people.says(user_id, chance.choice(WORDS))
        while len(phone.messages) < known + 2:  # their own, and ours
            await asyncio.sleep(0.01)
        report.answers.append(time.monotonic() - began)
        await asyncio.sleep(chance.uniform(1, 2) * PAUSE_SECONDS)


OPEN = "SELECT count(*), min(received_at) FROM inbox WHERE state IN ('waiting', 'fetching')"
DUE = """
SELECT min(coalesce(not_before, received_at)) FROM inbox
WHERE id IN (SELECT min(id) FROM inbox WHERE state IN ('waiting', 'fetching') GROUP BY channel, address)
  AND coalesce(not_before, '') <= '{now}'
"""
OF_STRANGERS = "SELECT count(*) FROM inbox WHERE state = 'waiting' AND address LIKE 'ID.2_____'"


async def _watch(path: Path, report: Report) -> None:
    while True:
        now = datetime.now(UTC)
        ((count, oldest),) = await asyncio.to_thread(read_all, path, OPEN)
        ((due,),) = await asyncio.to_thread(read_all, path, DUE.format(now=now.isoformat()))
        report.most_open = max(report.most_open, count)
        report.oldest = max(report.oldest, _age(oldest, now))
        report.oldest_due = max(report.oldest_due, _age(due, now))
        await asyncio.sleep(LOOK_SECONDS)


def _age(at: str | None, now: datetime) -> float:
    return (now - datetime.fromisoformat(at)).total_seconds() if at else 0.0


async def _until_empty(path: Path) -> None:
    """Wait until no stranger's row waits."""
    until = time.monotonic() + HANDLED_SECONDS
    while time.monotonic() < until and (await asyncio.to_thread(read_all, path, OF_STRANGERS))[0][0]:
        await asyncio.sleep(LOOK_SECONDS)


def _look(path: Path, report: Report) -> None:
    rows = read_all(
        path, "SELECT count(*) FROM outbox WHERE address LIKE 'ID.2_____' AND state = 'sent' GROUP BY address"
    )
    report.strangers_answered = len(rows)
    report.strangers_twice = sum(count > 1 for (count,) in rows)
