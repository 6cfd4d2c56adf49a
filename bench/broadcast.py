"""What an announcement costs: the share of the allowed rate, refusals, memory, and the wait of whoever
chats meanwhile.

    uv run --group dev python -m bench.broadcast --recipients 47,1000 --rate 30
    uv run --group dev python -m bench.broadcast --recipients 25000 --models rolling        (fourteen minutes)
    uv run --group dev python -m bench.broadcast --kills

The platform's limit is unpublished, so it is enforced by each of three models; `--rate 300` is the same ten
times as fast. A round trip takes nothing, or 60 to 110 ms. The emulator and the people run in this process,
the bot in its own.
"""

from __future__ import annotations

import argparse
import asyncio
import sqlite3
import statistics
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from domain.announcing.audience import Audience
from domain.people import Role
from sandbox.serve import serve
from sandbox.telegram import EmulatedNetwork, TelegramEmulator
from sandbox.telegram_faults import MODELS, Limits
from storage import audiences, broadcast_drafts, contacts, offices
from storage.engine.database import Database
from storage.engine.transaction import Transaction
from storage.engine.utc import utc_text
from tests.kit.broadcast_kills import run_kills
from tests.kit.people import enrol
from tests.kit.scratch import scratch_folder
from tests.kit.telegram_process import start_bot
from tests.kit.warm_process import Process

TOKEN = "4200000004:CAST-token-of-nobody-000000000000000"
FIRST_CHATTING, FIRST_RECIPIENT = 6000, 100_000
BETWEEN = 1.15  # seconds between two messages of somebody who chats: a chat takes one a second
CHAT_SECONDS = 30.0  # of chatting before the announcement begins, for comparison
WARM_SECONDS = 3.0


@dataclass(frozen=True)
class Load:
    """One run: how many recipients, how the limit is counted, how long a round trip is, how many people
    chat.
    """

    recipients: int
    model: str
    rate: int
    latency: float  # seconds
    jitter: float  # seconds
    chatting: int

    def __str__(self) -> str:
        """Name the load in a table."""
        trip = f"{self.latency * 1000:.0f}–{(self.latency + self.jitter) * 1000:.0f} ms"
        return f"{self.recipients:6d} × {self.rate}/s, {self.model:7s} {trip}, {self.chatting} chat"


@dataclass
class Figures:
    """What one run gave."""

    arrivals: list[float] = field(default_factory=list)  # of everything that counts against the limit
    got: dict[int, int] = field(default_factory=dict)  # messages by recipient
    alone: list[float] = field(default_factory=list)  # seconds somebody waited before it began
    beside: list[float] = field(default_factory=list)  # and while it ran
    refused: int = 0
    memory_before: float = 0.0  # MiB
    memory_peak: float = 0.0


def main() -> None:
    """Run what was asked for and print a table."""
    parser = argparse.ArgumentParser(prog="python -m bench.broadcast", description=__doc__.splitlines()[0])
    parser.add_argument(
        "--recipients", default="47,1000", help="how many, separated by commas (default 47,1000)"
    )
    parser.add_argument(
        "--models", default=",".join(MODELS), help="how the limit is counted (default all three)"
    )
    parser.add_argument(
        "--rate", type=int, default=30, help="messages a second that are allowed (default 30)"
    )
    parser.add_argument("--chatting", type=int, default=4, help="people who chat meanwhile (default 4)")
    parser.add_argument("--trips", default="0-0,60-110", help="round trips in ms (default 0-0,60-110)")
    parser.add_argument("--kills", action="store_true", help="kill the bot under announcements instead")
    options = parser.parse_args()
    if options.kills:
        _kills()
        return
    for recipients in map(int, options.recipients.split(",")):
        for low, high in (map(float, trip.split("-")) for trip in options.trips.split(",")):
            for model in options.models.split(","):
                load = Load(
                    recipients, model, options.rate, low / 1000, (high - low) / 1000, options.chatting
                )
                _report(load, asyncio.run(_run(load)))


def _kills() -> None:
    with scratch_folder() as folder:
        report = asyncio.run(run_kills(folder, recipients=1500, kills=25, seed=1))
    print(report)


def _report(load: Load, figures: Figures) -> None:
    seconds = figures.arrivals[-1] - figures.arrivals[0]
    share = (len(figures.arrivals) - 1) / seconds / load.rate
    twice = sum(count > 1 for count in figures.got.values())
    memory = f"{figures.memory_before:.0f} → {figures.memory_peak:.0f} MiB"
    print(f"{load}: {100 * share:5.1f} % of the rate, {figures.refused} × 429, {seconds:.1f} s")
    print(f"    reached {len(figures.got)}, twice {twice}; memory {memory}", flush=True)
    if figures.beside and figures.alone:
        alone, beside = _quantiles(figures.alone), _quantiles(figures.beside)
        told = ", ".join(
            f"{name} {a * 1000:.1f} → {b * 1000:.1f}"
            for name, a, b in zip(("p50", "p99"), alone, beside, strict=True)
        )
        print(
            f"    somebody who chats waits, ms: {told} = {beside[1] / alone[1]:.2f} "
            f"({len(figures.beside)} turns)",
            flush=True,
        )


def _quantiles(waits: list[float]) -> tuple[float, float]:
    cuts = statistics.quantiles(waits, n=100, method="inclusive")
    return cuts[49], cuts[98]


async def _run(load: Load) -> Figures:
    limits = Limits(MODELS[load.model](load.rate))
    emulator = TelegramEmulator(
        token=TOKEN,
        journal_limit=0,
        keep_chats=False,
        network=EmulatedNetwork(latency=load.latency, jitter=load.jitter, limits=limits),
    )
    emulator.updates.remember = False
    for address in (*_chatting(load), *_recipients(load)):
        emulator.add_person(address, "x")
        emulator.people[address].started = True
    with scratch_folder() as folder:
        await _seed(folder, load)
        async with serve(emulator.app) as url:
            return await _measured(load, emulator, url, folder)


def _chatting(load: Load) -> range:
    return range(FIRST_CHATTING, FIRST_CHATTING + max(1, load.chatting))


def _recipients(load: Load) -> range:
    return range(FIRST_RECIPIENT, FIRST_RECIPIENT + load.recipients)


async def _measured(load: Load, emulator: TelegramEmulator, url: str, folder: Path) -> Figures:
    figures, waiting = Figures(), dict[int, asyncio.Event]()
    running = False

    def sent(chat: int, _: int, __: list[str]) -> None:
        if chat >= FIRST_RECIPIENT:
            figures.got[chat] = figures.got.get(chat, 0) + 1
        if running:
            figures.arrivals.append(time.monotonic())
        if chat in waiting:
            waiting[chat].set()

    emulator.on_sent = sent
    async with _bot(url, folder, load.rate) as process:
        await _answer(emulator, waiting, FIRST_CHATTING)
        await asyncio.sleep(WARM_SECONDS)
        waits = figures.alone
        chatting = [
            asyncio.create_task(
                _chats(emulator, waiting, person, lambda: waits, late=number / max(1, load.chatting))
            )
            for number, person in enumerate(_chatting(load))
            if load.chatting
        ]
        await asyncio.sleep(CHAT_SECONDS if chatting else 0.0)
        figures.memory_before, running, waits = _resident(process.pid), True, figures.beside
        refused = emulator.counts["sendMessage", 429]
        _begin(folder)
        while len(figures.got) < load.recipients:
            await asyncio.sleep(0.05)
        running = False
        for task in chatting:
            task.cancel()
        figures.refused = emulator.counts["sendMessage", 429] - refused
        figures.memory_peak = _peak(process.pid)
        return figures


async def _chats(
    emulator: TelegramEmulator,
    waiting: dict[int, asyncio.Event],
    person: int,
    waits: Callable[[], list[float]],
    *,
    late: float,
) -> None:
    """Say something, wait for the answer, and so on; the seconds go into whatever list is `waits` at the
    time.
    """
    await asyncio.sleep(late * BETWEEN)
    while True:
        began, where = time.perf_counter(), waits()
        await _answer(emulator, waiting, person)
        took = time.perf_counter() - began
        where.append(took)
        await asyncio.sleep(max(0.0, BETWEEN - took))


async def _answer(emulator: TelegramEmulator, waiting: dict[int, asyncio.Event], person: int) -> None:
    event = waiting[person] = asyncio.Event()
    emulator.says(person, "/bantuan")
    await asyncio.wait_for(event.wait(), 60)
    del waiting[person]


def _begin(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "desk.db", timeout=10)) as connection, connection:
        connection.execute(
            "UPDATE broadcasts SET state = 'held', starts_at = ?", (utc_text(datetime.now(UTC)),)
        )


@asynccontextmanager
async def _bot(url: str, folder: Path, rate: int) -> AsyncIterator[Process]:
    settings = {"DESK_TELEGRAM_RATE": str(rate), "DESK_LOG_LEVEL": "warning"}
    process = start_bot(folder, token=TOKEN, api=url, settings=settings, is_cold=True)
    try:
        yield process
    finally:
        process.terminate()
        await asyncio.to_thread(process.wait)


async def _seed(folder: Path, load: Load) -> None:
    """Enrol the recipients as leaders, those who chat as focal points, and write one urgent announcement
    down.
    """
    now = datetime.now(UTC)

    def unit(tx: Transaction) -> None:
        tx.execute("INSERT INTO offices (code, name, short, kind) VALUES ('k', 'Kantor', 'K', 'dinas')")
        office = offices.by_code(tx, "k")
        for address in (*_chatting(load), *_recipients(load)):
            contact = enrol(tx, address, name="x", now=now)
            role = Role.LEADER if address >= FIRST_RECIPIENT else Role.FOCAL_POINT
            office_id = office.id if office and role is Role.FOCAL_POINT else None
            contacts.grant(tx, contact, role=role, office_id=office_id, now=now)
        number = broadcast_drafts.create(
            tx,
            by=1,
            channel="telegram",
            address=str(FIRST_CHATTING),
            now=now,
            draft=broadcast_drafts.NewDraft(text="*Bimtek* hari Senin. " * 20),
        )
        audiences.write_down(
            tx, number, audience=audiences.chosen(Audience(roles=frozenset({Role.LEADER.value})), 0)
        )
        tx.execute("UPDATE broadcasts SET urgent = 1")

    database = await Database.open(folder / "desk.db", unit_seconds=60.0)
    try:
        await database.run(unit)
    finally:
        await database.close()


def _resident(pid: int) -> float:
    return _memory(pid, "VmRSS")


def _peak(pid: int) -> float:
    return _memory(pid, "VmHWM")


def _memory(pid: int, name: str) -> float:
    """A figure of a process's memory, MiB."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(name))


if __name__ == "__main__":
    main()
