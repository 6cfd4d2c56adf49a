"""What a turn costs, beside the barest python-telegram-bot bot, interleaved in one run.

    uv run --group dev python -m bench.turns [--webhook]

With `--webhook` our bot runs a second time with updates pushed to it, beside the same echo, which polls.
A turn is: an update arrives, the answer and the new place are durable (`synchronous=FULL`), the reply is
sent.
The emulated Bot API and the people run in this process, each bot in one of its own.
CPU is what the bot's process used (user and system); memory is its peak; first answer is counted from the
start
of the process to the reply to an update that was already waiting.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from bot.listening import bind
from domain.people import Role
from sandbox.serve import serve
from sandbox.telegram import TelegramEmulator
from storage import contacts, innovations, offices, periods
from storage.engine.database import Database
from storage.engine.transaction import Transaction

TOKEN = "4200000001:BENCH-token-of-nobody-00000000000000"
FIRST_PERSON = 5000
TICKS = os.sysconf("SC_CLK_TCK")
WARM_TURNS = 20  # a person, not counted
START_SECONDS = 1.5  # after the first answer: what either bot still does to start is no part of a turn


@dataclass
class Figures:
    """What one run of one bot gave."""

    first_answer: float = 0.0  # seconds
    cpu_ms: float = 0.0  # per turn
    turns_per_second: float = 0.0
    peak_mib: float = 0.0


@dataclass(frozen=True)
class Load:
    """How many people, how slow the network, what kind of turn."""

    people: int
    latency: float  # seconds, of each answer of the Bot API
    buttons: bool
    turns: int  # a person

    def __str__(self) -> str:
        """Name the load in a table."""
        kind = "button" if self.buttons else "text"
        return f"{self.people:3d} people, {kind:6s}, {self.latency * 1000:3.0f} ms"


@dataclass
class Series:
    """The runs of one load."""

    echo: list[Figures] = field(default_factory=list)
    desk: list[Figures] = field(default_factory=list)
    # our bot by webhook; empty when that is not asked for
    pushed: list[Figures] = field(default_factory=list)


def main() -> None:
    """Measure every load and print a table."""
    parser = argparse.ArgumentParser(prog="python -m bench.turns", description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3, help="interleaved runs of each bot (default 3)")
    parser.add_argument("--turns", type=int, default=4000, help="turns of a run (default 4000)")
    parser.add_argument("--webhook", action="store_true", help="also with updates pushed")
    options = parser.parse_args()
    asyncio.run(_measure(options.rounds, options.turns, webhook=options.webhook))


async def _measure(rounds: int, turns: int, *, webhook: bool) -> None:
    loads = [
        Load(1, 0.0, False, turns // 4),
        Load(1, 0.0, True, turns // 4),
        Load(50, 0.0, False, turns // 50),
        Load(50, 0.0, True, turns // 50),
        Load(50, 0.05, False, turns // 100),
    ]
    for load in loads:
        series = Series()
        for _ in range(rounds):
            series.echo.append(await _run("echo", load))
            series.desk.append(await _run("desk", load))
            if webhook:
                series.pushed.append(await _run("pushed", load))
        print(f"{load}")
        _report(series.desk, series.echo)
        if webhook:
            print("  by webhook:")
            _report(series.pushed, series.echo)


def _report(ours: list[Figures], echoes: list[Figures]) -> None:
    def ratio(name: str) -> str:
        pairs = [getattr(d, name) / getattr(e, name) for d, e in zip(ours, echoes, strict=True)]
        desk = statistics.median(getattr(f, name) for f in ours)
        echo = statistics.median(getattr(f, name) for f in echoes)
        return f"{desk:8.2f} /{echo:8.2f} = {statistics.median(pairs):5.2f}"

    print(f"  CPU per turn, ms        {ratio('cpu_ms')}")
    print(f"  turns a second          {ratio('turns_per_second')}")
    print(f"  first answer, s         {ratio('first_answer')}")
    print(f"  peak memory, MiB        {ratio('peak_mib')}", flush=True)


async def _run(which: str, load: Load) -> Figures:
    emulator = TelegramEmulator(token=TOKEN, journal_limit=100, keep_chats=False)
    for number in range(load.people):
        emulator.add_person(FIRST_PERSON + number, f"Orang {number}")
    with tempfile.TemporaryDirectory() as folder:
        async with serve(emulator.app) as url:
            if which != "echo":
                await _seed(Path(folder), load.people)
            try:
                return await _timed(which, load, emulator, url, folder)
            finally:
                await emulator.updates.close()


async def _timed(which: str, load: Load, emulator: TelegramEmulator, url: str, folder: str) -> Figures:
    waiting = _Wait(emulator)
    emulator.says(FIRST_PERSON, "halo" if which == "echo" else "/draf")
    begun = time.perf_counter()
    async with _child(which, url, folder) as process:
        await waiting.replied(FIRST_PERSON)
        figures = Figures(first_answer=time.perf_counter() - begun)
        await asyncio.sleep(START_SECONDS)
        emulator.latency = load.latency
        people = [
            _Person(which, FIRST_PERSON + n, emulator, waiting, load.buttons) for n in range(load.people)
        ]
        await asyncio.gather(*(person.opens() for person in people))
        await asyncio.gather(*(person.talks(WARM_TURNS) for person in people))
        cpu, at = _cpu(process.pid), time.perf_counter()
        await asyncio.gather(*(person.talks(load.turns) for person in people))
        seconds, used = time.perf_counter() - at, _cpu(process.pid) - cpu
        done = load.turns * load.people
        figures.cpu_ms, figures.turns_per_second = 1000 * used / done, done / seconds
        figures.peak_mib = _peak(process.pid)
        return figures


@asynccontextmanager
async def _child(which: str, url: str, folder: str) -> AsyncIterator[subprocess.Popen[bytes]]:
    settings = {
        "DESK_DATA_DIR": folder,
        "DESK_TELEGRAM_TOKEN": TOKEN,
        "DESK_TELEGRAM_API_URL": url,
        "DESK_TELEGRAM_RATE": "100000",
        "DESK_TELEGRAM_CHAT_RATE": "100000",
        "DESK_TELEGRAM_CHAT_BURST": "100000",
        "DESK_PERSON_RATE": "100000",
        "DESK_WEB_PORT": "0",
        "DESK_LOG_LEVEL": "warning",
    }
    if which == "pushed":
        with bind("127.0.0.1", 0) as free:
            port = free.getsockname()[1]
        settings |= {
            "DESK_WEB_PORT": str(port),
            "DESK_TELEGRAM_WEBHOOK_URL": f"http://127.0.0.1:{port}/telegram",
            "DESK_TELEGRAM_WEBHOOK_SECRET": "bench-secret-of-nobody-" + "0" * 16,
        }
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("DESK_")
    } | settings
    command = ["-m", "bench.echo"] if which == "echo" else ["-m", "bot", "run"]
    process = subprocess.Popen([sys.executable, *command], env=environment, stdout=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.terminate()
        await asyncio.to_thread(process.wait)


class _Wait:
    """Wakes whoever waits for a reply of the bot."""

    def __init__(self, emulator: TelegramEmulator) -> None:
        self._events: dict[int, asyncio.Event] = {}
        self.newest: dict[int, tuple[int, list[str]]] = {}
        emulator.on_sent = self._sent

    def _sent(self, chat_id: int, message_id: int, data: list[str]) -> None:
        self.newest[chat_id] = (message_id, data)
        self._events.setdefault(chat_id, asyncio.Event()).set()

    async def replied(self, chat_id: int) -> None:
        """Wait for the next message to this chat."""
        event = self._events.setdefault(chat_id, asyncio.Event())
        await asyncio.wait_for(event.wait(), 60)
        event.clear()


@dataclass
class _Person:
    """Somebody who answers as soon as the bot has."""

    which: str
    address: int
    emulator: TelegramEmulator
    waiting: _Wait
    buttons: bool
    turn: int = 0

    async def opens(self) -> None:
        """Stand at a question where a turn can be repeated."""
        if self.which == "echo":
            await self._says("halo")
            return
        await self._says("/draf")
        await self._presses("j:nama")
        if self.buttons:
            await self._says("Inovasi")

    async def talks(self, turns: int) -> None:
        """Take so many turns, each changing an answer or the place."""
        for _ in range(turns):
            self.turn += 1
            if not self.buttons:
                forth = self.turn % 2
                await self._says(f"Inovasi ke-{self.turn}" if forth else "kembali")
            elif self.which == "echo":
                await self._presses("echo")
            else:
                await self._presses(
                    "o:uji_coba" if self.turn % 4 == 1 else "o:penerapan" if self.turn % 2 else "back"
                )

    async def _says(self, text: str) -> None:
        self.emulator.says(self.address, text)
        await self.waiting.replied(self.address)

    async def _presses(self, wanted: str) -> None:
        message_id, data = self.waiting.newest[self.address]
        chosen = next(d for d in data if d.endswith(wanted))
        self.emulator.taps(self.address, message_id, chosen)
        await self.waiting.replied(self.address)


async def _seed(folder: Path, people: int) -> None:
    """Enrol everybody as focal point of an office of one's own, each with a draft."""
    now = datetime.now(UTC)

    def unit(tx: Transaction) -> None:
        period = periods.open_period(
            tx, year=now.year, rule_year=2026, opens_on=now.date(), deadline=now.date(), now=now
        )
        for number in range(people):
            tx.execute(
                "INSERT INTO offices (code, name, short, kind) VALUES (?, ?, ?, 'dinas')", (f"k{number}",) * 3
            )
            office = offices.by_code(tx, f"k{number}")
            contact = contacts.create(
                tx,
                channel="telegram",
                address=str(FIRST_PERSON + number),
                name=f"Orang {number}",
                language="id",
                consent_version="1",
                now=now,
            )
            contacts.grant(
                tx, contact, role=Role.FOCAL_POINT, office_id=office.id if office else None, now=now
            )
            innovations.create(
                tx,
                office_id=office.id if office else 0,
                period_id=period,
                form_version=1,
                rule_year=2026,
                by=contact,
                now=now,
            )

    database = await Database.open(folder / "desk.db")
    try:
        await database.run(unit)
    finally:
        await database.close()


def _cpu(pid: int) -> float:
    """CPU seconds a process has used, user and system."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def _peak(pid: int) -> float:
    """Peak resident memory of a process, MiB."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


if __name__ == "__main__":
    main()
