"""Kills the bot again and again under an announcement, on a bad day of the network, and looks who got
what.
"""

from __future__ import annotations

import asyncio
import random
import signal
import sqlite3
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from domain.announcing.audience import Audience
from domain.people import Role
from sandbox.serve import serve
from sandbox.telegram import EmulatedNetwork, TelegramEmulator
from storage import audiences, broadcast_drafts, contacts
from storage.engine.database import Database
from storage.engine.transaction import Transaction
from storage.engine.utc import utc_text
from tests.kit.people import enrol
from tests.kit.telegram_process import start_bot

TOKEN = "4200000005:CASTKILLS-token-of-nobody-0000000000"
DESK, FIRST = 6000, 100_000
STUCK_SECONDS = 240.0  # after the last kill, until the announcement counts as stuck
UNANSWERED = ("broken", "reset", "lost")  # after these nobody knows, killed or not
BAD = {  # what happens to so many recipients in a hundred, once each
    "pause": (1, {"status": 429, "retry_after": 1}),
    "blocked": (3, {"status": 403}),
    "refused": (3, {"status": 400}),
    "broken": (3, {"status": 502}),
    "reset": (3, {"drop": "before"}),
    "lost": (3, {"drop": "after"}),
}


@dataclass
class Report:
    """What a run of kills left."""

    recipients: int
    kills: int
    seconds: float = 0.0
    ended: bool = False
    states: dict[str, int] = field(default_factory=dict)
    in_the_air: int = 0  # sends that had left and whose outcome was not kept at a kill; over all kills
    unanswered: int = 0  # of unknown fate by the network, and not by a kill
    twice: list[int] = field(default_factory=list)  # addresses that got it more than once
    unsaid: list[str] = field(default_factory=list)  # states that are not what happened

    @property
    def unknown(self) -> int:
        """Sends whose fate nobody knows."""
        return self.states.get("unknown", 0)


async def run_kills(folder: Path, *, recipients: int, kills: int, seed: int, rate: int = 100) -> Report:
    """Announce to `recipients` while the bot is killed `kills` times at random moments."""
    chance, got = random.Random(seed), Counter[int]()
    emulator = TelegramEmulator(
        token=TOKEN, journal_limit=0, keep_chats=False, network=EmulatedNetwork(latency=0.005, jitter=0.02)
    )

    def note(chat: int, _: int, __: list[str]) -> None:
        got.update([chat])

    emulator.on_sent = note
    for address in (DESK, *range(FIRST, FIRST + recipients)):
        emulator.add_person(address, "x")
        emulator.people[address].started = True
    fate = _spoil(emulator, recipients, chance)
    await _seed(folder, recipients)
    report, began = Report(recipients, kills), time.monotonic()
    async with serve(emulator.app) as url:
        settings = {"DESK_TELEGRAM_RATE": str(rate)}
        process = start_bot(folder, token=TOKEN, api=url, settings=settings)
        try:
            for _ in range(kills):
                before = sum(got.values())
                while sum(got.values()) < before + chance.randint(1, recipients // (kills + 1)):
                    await asyncio.sleep(0.005)
                process.send_signal(signal.SIGKILL)
                process.wait()
                report.in_the_air += _count_departed(folder / "desk.db")
                process = start_bot(folder, token=TOKEN, api=url, settings=settings)
            report.ended = await _ended(folder)
        finally:
            process.terminate()
            await asyncio.to_thread(process.wait)
    report.seconds = time.monotonic() - began
    _look(report, folder / "desk.db", got, fate)
    return report


def _spoil(emulator: TelegramEmulator, recipients: int, chance: random.Random) -> dict[int, str]:
    """Choose whom what happens to; returns it by address."""
    everybody, fate = list(range(FIRST, FIRST + recipients)), {}
    chance.shuffle(everybody)
    for name, (share, fault) in BAD.items():
        for _ in range(max(1, recipients * share // 100)):
            address = everybody.pop()
            emulator.faults.add("sendMessage", chat_id=address, **fault)  # type: ignore[arg-type]
            fate[address] = name
    return fate


def _count_departed(path: Path) -> int:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as disk:
        departed = "SELECT count(*) FROM outbox WHERE state = 'leased' AND departed_at IS NOT NULL"
        return int(disk.execute(departed).fetchone()[0])


async def _ended(folder: Path) -> bool:
    until = time.monotonic() + STUCK_SECONDS
    while time.monotonic() < until:
        with closing(sqlite3.connect(f"file:{folder / 'desk.db'}?mode=ro", uri=True)) as disk:
            if disk.execute("SELECT state FROM broadcasts").fetchone()[0] == "done":
                return True
        await asyncio.sleep(0.05)
    return False


def _look(report: Report, path: Path, got: Counter[int], fate: dict[int, str]) -> None:
    """Compare what each recipient's row says with what arrived."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as disk:
        rows = disk.execute(
            "SELECT CAST(address AS INTEGER), state, reason FROM broadcast_recipients"
        ).fetchall()
    report.unanswered = sum(
        state == "unknown" and fate.get(address) in UNANSWERED for address, state, _ in rows
    )
    report.states = dict(Counter(state for _, state, _ in rows))
    report.twice = [address for address, _, _ in rows if got[address] > 1]
    for address, state, reason in rows:
        expected = {"blocked": ("failed", "blocked"), "refused": ("failed", "refused")}.get(
            fate.get(address, "")
        )
        right = (state == "sent" and got[address] == 1) or state == "unknown"
        if expected is not None:
            right = ((state, reason) == expected and not got[address]) or state == "unknown"
        if not right:
            report.unsaid.append(
                f"{address} {fate.get(address, '')}: {state} {reason}, arrived {got[address]}"
            )


async def _seed(folder: Path, recipients: int) -> None:
    now = datetime.now(UTC)

    def unit(tx: Transaction) -> None:
        for address in (DESK, *range(FIRST, FIRST + recipients)):
            contact = enrol(tx, address, name="x", now=now)
            role = Role.ADMIN if address == DESK else Role.LEADER
            contacts.grant(tx, contact, role=role, office_id=None, now=now)
        number = broadcast_drafts.create(
            tx,
            by=1,
            channel="telegram",
            address=str(DESK),
            now=now,
            draft=broadcast_drafts.NewDraft(text="Bimtek"),
        )
        audiences.write_down(
            tx, number, audience=audiences.chosen(Audience(roles=frozenset({Role.LEADER.value})), 0)
        )
        tx.execute("UPDATE broadcasts SET state = 'held', urgent = 1, starts_at = ?", (utc_text(now),))

    database = await Database.open(folder / "desk.db")
    try:
        await database.run(unit)
    finally:
        await database.close()
