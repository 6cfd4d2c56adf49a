"""What a turn costs, beside the barest python-telegram-bot bot, interleaved in one run.

    uv run --group dev python -m bench.turns [--webhook] [--whatsapp] [--postgresql URL]

With `--webhook` our bot runs a second time with updates pushed to it, with `--whatsapp` a third and a fourth
time by signed webhooks of the Cloud API: with the statuses Meta tells of every message (sent, delivered,
read, a webhook each), and without. They stand beside the same echo, which polls Telegram.
With `--postgresql` our bot runs once more on that server, in a schema that is dropped afterwards.
A turn is: an update arrives, the answer and the new place are durable (`synchronous=FULL`), the reply is
sent.
The emulated platforms and the people run in this process, each bot in one of its own.
CPU is what the bot's process used (user and system); memory is its peak; first answer is counted from the
start of the process to the reply to an update that was already waiting.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from bench.platforms import OnTelegram, OnWhatsApp, Platform
from bot.child_process import environment_without_settings
from domain.people import Role
from sandbox.serve import serve
from storage import contacts, innovations, offices, periods
from storage.engine.database import Database
from storage.engine.site import Server, Site, site_from
from storage.engine.transaction import Transaction
from tests.kit.people import enrol
from tests.kit.ports import free_port
from tests.kit.scratch import scratch_folder

TICKS = os.sysconf("SC_CLK_TCK")
WARM_TURNS = 20  # a person, not counted
_WHATSAPP = ("whatsapp", "whatsapp_alone")
_WAYS = {
    "desk": "Telegram, polled",
    "on_server": "Telegram, polled, on PostgreSQL",
    "pushed": "Telegram, by webhook",
    "whatsapp": "WhatsApp, with every status",
    "whatsapp_alone": "WhatsApp, without statuses",
}
_COMMANDS = {"echo": ["-m", "bench.echo"], **{way: ["-m", "bench.unpaced"] for way in _WHATSAPP}}
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
    ours: dict[str, list[Figures]] = field(default_factory=dict)  # by the way the updates come


def main() -> None:
    """Measure every load and print a table."""
    parser = argparse.ArgumentParser(prog="python -m bench.turns", description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3, help="interleaved runs of each bot (default 3)")
    parser.add_argument("--turns", type=int, default=4000, help="turns of a run (default 4000)")
    parser.add_argument("--webhook", action="store_true", help="also with Telegram's updates pushed")
    parser.add_argument("--whatsapp", action="store_true", help="also on WhatsApp")
    parser.add_argument("--postgresql", metavar="URL", default="", help="also on this server")
    parser.add_argument("--only", metavar="WORDS", default="", help="the loads whose name holds this")
    options = parser.parse_args()
    ways = [
        "desk",
        *(["on_server"] if options.postgresql else ()),
        *(["pushed"] if options.webhook else ()),
        *(_WHATSAPP if options.whatsapp else ()),
    ]
    asyncio.run(_measure(options, ways))


async def _measure(options: argparse.Namespace, ways: Sequence[str]) -> None:
    turns = options.turns
    loads = [
        Load(1, 0.0, False, turns // 4),
        Load(1, 0.0, True, turns // 4),
        Load(50, 0.0, False, turns // 50),
        Load(50, 0.0, True, turns // 50),
        Load(50, 0.05, False, turns // 100),
    ]
    for load in loads:
        if options.only not in str(load):
            continue
        series = Series()
        for _ in range(options.rounds):
            series.echo.append(await _run("echo", load))
            for way in ways:
                if not (way in _WHATSAPP and load.latency):  # its emulator is never slow
                    series.ours.setdefault(way, []).append(await _run(way, load, server=options.postgresql))
        print(f"{load}")
        for way, ours in series.ours.items():
            print(f"  {_WAYS[way]}:")
            _report(ours, series.echo)


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


async def _run(which: str, load: Load, *, server: str = "") -> Figures:
    platform = _platform(which, load.people)
    with scratch_folder() as folder:
        port = free_port()
        async with serve(platform.app) as url, _database(which, folder, server) as site:
            if which != "echo":
                await _seed(site, platform, load.people)
            settings = {
                "DESK_DATA_DIR": str(folder),
                "DESK_DATABASE_URL": site.address if isinstance(site, Server) else "",
                "DESK_WEB_PORT": str(port),
                "DESK_METRICS_PORT": "0",
                **platform.settings(url, port),
            }
            try:
                return await _timed(which, load, platform, settings)
            finally:
                await platform.close()


@asynccontextmanager
async def _database(which: str, folder: Path, server: str) -> AsyncIterator[Site]:
    """A site for one run: a file, or a schema of the server, dropped at the end."""
    if which != "on_server":
        yield folder / "desk.db"
        return
    name = f"bench_{os.getpid()}_{time.monotonic_ns()}"
    site = site_from(f"{server}{'&' if '?' in server else '?'}schema={name}")
    try:
        yield site
    finally:
        database = await Database.open(site)
        await database.run(lambda tx: tx.execute(f"DROP SCHEMA {name} CASCADE") and None)
        await database.close()


def _platform(which: str, people: int) -> Platform:
    if which in _WHATSAPP:
        return OnWhatsApp(people, ticks=which == "whatsapp")
    return OnTelegram(people, pushed=which == "pushed")


async def _timed(which: str, load: Load, platform: Platform, settings: Mapping[str, str]) -> Figures:
    platform.says(0, "halo" if which == "echo" else "/draf")
    begun = time.perf_counter()
    async with _child(which, settings) as process:
        await platform.replied(0)
        figures = Figures(first_answer=time.perf_counter() - begun)
        await asyncio.sleep(START_SECONDS)
        platform.slow_down(load.latency)
        people = [_Person(which, number, platform, load.buttons) for number in range(load.people)]
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
async def _child(which: str, settings: Mapping[str, str]) -> AsyncIterator[subprocess.Popen[bytes]]:
    environment = environment_without_settings()
    environment |= {"DESK_PERSON_RATE": "100000", "DESK_LOG_LEVEL": "warning", **settings}
    command = _COMMANDS.get(which, ["-m", "bot", "run"])
    process = subprocess.Popen([sys.executable, *command], env=environment, stdout=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.terminate()
        await asyncio.to_thread(process.wait)


@dataclass
class _Person:
    """Somebody who answers as soon as the bot has."""

    which: str
    number: int
    platform: Platform
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
            await self._says(
                "Posyandu Terpadu"
            )  # a name that is no command, else the bot asks which is meant

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
        self.platform.says(self.number, text)
        await self.platform.replied(self.number)

    async def _presses(self, wanted: str) -> None:
        self.platform.taps(self.number, wanted)
        await self.platform.replied(self.number)


async def _seed(site: Site, platform: Platform, people: int) -> None:
    """Enrol everybody as focal point of an office of one's own, each with a draft."""
    now = datetime.now(UTC)

    def unit(tx: Transaction) -> None:
        period = periods.open_period(
            tx,
            periods.NewPeriod(year=now.year, rule_year=2026, opens_on=now.date(), deadline=now.date()),
            now=now,
        )
        for number in range(people):
            tx.execute(
                "INSERT INTO offices (code, name, short, kind) VALUES (?, ?, ?, 'dinas')", (f"k{number}",) * 3
            )
            office = offices.by_code(tx, f"k{number}")
            contact = enrol(
                tx, platform.address(number), name=f"Orang {number}", channel=platform.channel, now=now
            )
            contacts.grant(
                tx, contact, role=Role.FOCAL_POINT, office_id=office.id if office else None, now=now
            )
            innovations.create(
                tx,
                innovations.NewInnovation(
                    office_id=office.id if office else 0, period_id=period, form_version=1, rule_year=2026
                ),
                by=contact,
                now=now,
            )

    database = await Database.open(site)
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
