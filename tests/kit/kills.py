"""Kills the bot again and again under busy people, and looks at what is left."""

from __future__ import annotations

import asyncio
import json
import random
import signal
import sqlite3
import time
from collections import defaultdict
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from domain.rules.load import load_form
from sandbox.serve import serve
from sandbox.telegram import Journalled, TelegramEmulator
from tests.kit.crowd import CrowdPerson, text_answer
from tests.kit.people import let_hand_in
from tests.kit.telegram_process import start_bot

TOKEN = "4200000003:KILLS-token-of-nobody-00000000000000"
FIRST_PERSON = 7000
RATE = 30  # messages a second over all chats, as the platform allows
STUCK_SECONDS = 240.0  # after the last kill, until somebody counts as stuck


@dataclass
class Report:
    """What a run of kills left."""

    people: int
    kills: int
    seconds: float = 0.0
    finished: int = 0
    submissions: dict[int, int] = field(default_factory=dict)  # by contact
    lost: list[int] = field(default_factory=list)  # update ids
    misplaced: list[str] = field(default_factory=list)  # answers in a wrong field
    busiest_second: int = 0  # messages in any rolling second
    fastest_chat: float = 0.0  # messages above the chat's bucket
    messages: int = 0
    asked_again: int = 0  # how often somebody saw nothing for a while and asked for the draft


async def run_kills(
    folder: Path,
    *,
    people: int,
    kills: int,
    seed: int,
    chat_rate: float = 1.0,
    chat_burst: float = 3.0,
    beside: Callable[[], Coroutine[Any, Any, None]] | None = None,
) -> Report:
    """Let `people` hand in while the bot is killed `kills` times at random moments.

    `beside` goes on meanwhile, and is finished before the last look.
    """
    chance = random.Random(seed)
    emulator = TelegramEmulator(token=TOKEN)
    form = load_form()
    crowd = [
        CrowdPerson(
            number, form, random.Random(seed + number), address=FIRST_PERSON + number, emulator=emulator
        )
        for number in range(people)
    ]
    for person in crowd:
        emulator.add_person(person.address, f"Orang {person.number}")
    known = [(person.address, f"Orang {person.number}") for person in crowd]
    await let_hand_in(folder / "desk.db", known, channel="telegram")
    report = Report(people, kills)
    began = time.monotonic()
    async with serve(emulator.app) as url:
        settings = {
            "DESK_TELEGRAM_RATE": str(RATE),
            "DESK_TELEGRAM_CHAT_RATE": str(chat_rate),
            "DESK_TELEGRAM_CHAT_BURST": str(chat_burst),
            "DESK_PERSON_RATE": "100000",
        }
        talking = [asyncio.create_task(person.hands_in()) for person in crowd]
        process = start_bot(folder, token=TOKEN, api=url, settings=settings)
        other = asyncio.create_task(beside()) if beside else None
        try:
            for _ in range(kills):
                await asyncio.sleep(chance.uniform(0.3, 2.5))
                process.send_signal(signal.SIGKILL)
                process.wait()
                process = start_bot(folder, token=TOKEN, api=url, settings=settings)
            await asyncio.wait(talking, timeout=STUCK_SECONDS)
            if other is not None:
                await other
        finally:
            for task in talking:
                task.cancel()
            process.terminate()
            await asyncio.to_thread(process.wait)
    report.seconds = time.monotonic() - began
    _look(report, folder / "desk.db", crowd, emulator, chat_rate, chat_burst)
    return report


def _look(
    report: Report,
    path: Path,
    crowd: list[CrowdPerson],
    emulator: TelegramEmulator,
    rate: float,
    burst: float,
) -> None:
    report.finished = sum(person.done for person in crowd)
    report.asked_again = sum(person.asked_again for person in crowd)
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as disk:
        handled = {
            int(row[0]) for row in disk.execute("SELECT external_id FROM inbox WHERE state = 'handled'")
        }
        report.lost = sorted(set(emulator.updates.all_of_run) - handled)
        sent = disk.execute(
            "SELECT created_by, count(*) FROM innovations WHERE state = 'terkirim' GROUP BY 1"
        )
        report.submissions = dict(sent.fetchall())
        report.misplaced = _misplaced(disk, crowd)
    sends = [call for call in emulator.journal if call.method == "sendMessage" and call.status == 200]
    report.messages = len(sends)
    report.busiest_second = _busiest(sorted(call.paced_at for call in sends))
    report.fastest_chat = _above_bucket(sends, rate, burst)


def _misplaced(disk: sqlite3.Connection, crowd: list[CrowdPerson]) -> list[str]:
    """Find answers that are not what this person gave to this question."""
    form = load_form()
    wrong = []
    rows = disk.execute(
        "SELECT CAST(a.address AS INTEGER), an.question, an.value FROM innovations i "
        "JOIN addresses a ON a.contact_id = i.created_by JOIN answers an ON an.innovation_id = i.id"
    )
    for address, question_id, value in rows:
        question = form.by_id[question_id]
        if question.kind in ("text", "long"):
            number = address - FIRST_PERSON
            expected = " ".join(text_answer(question, number).split())
            if " ".join(str(json.loads(value)).split()) != expected:
                wrong.append(f"{number} {question_id}: {value[:60]}")
    return wrong


def _busiest(times: list[float]) -> int:
    most = start = 0
    for end, at in enumerate(times):
        while times[start] <= at - 1.0:
            start += 1
        most = max(most, end - start + 1)
    return most


def _above_bucket(sends: list[Journalled], rate: float, burst: float) -> float:
    """How far any chat was above a bucket of `burst` filled with `rate`; 0 or less is within."""
    by_chat: dict[Any, list[float]] = defaultdict(list)
    for call in sends:
        by_chat[call.chat_id].append(call.paced_at)
    worst = -burst
    for times in by_chat.values():
        tokens, last = burst, times[0]
        for at in sorted(times):
            tokens = min(burst, tokens + (at - last) * rate) - 1.0
            last = at
            worst = max(worst, -tokens)
    return worst
