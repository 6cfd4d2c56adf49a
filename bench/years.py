"""What ten years of one regency cost: size by table, and start, /status, tick and turn in year 1 and year 10.

    uv run --group dev python -m bench.years --years 10

Both are measured on the last day of November, on copies and in turns, so that nothing but the years differs;
each figure is the least of many runs.
"""

from __future__ import annotations

import argparse
import asyncio
import shutil
import sqlite3
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

from pydantic import SecretStr

from bench.kotim_year import DESK, FIRST_PIC, FIRST_YEAR, Kotim, people
from bot.config import Settings
from bot.health import read_tables
from bot.running import running
from domain.message import Inbound, Kind
from handlers.assembly import build
from handlers.desk import Desk
from sandbox.serve import serve
from sandbox.telegram import TelegramEmulator
from scheduler import reminders
from scheduler.housekeeping import portions
from storage import occurrences
from storage.engine.migrate import migrate
from storage.engine.sqlite import SqliteTransaction as Transaction
from tests.kit.scratch import scratch_folder

TOKEN = "4200000003:BENCH-token-of-nobody-00000000000000"
GROWTH_AT_MOST = 1.2
TIMES, STARTS = 100, 25
# one for each kind of page
TURNS = {
    "/status": DESK, "/antrean": DESK, "/inovasi": DESK, "/pengingat": DESK, "/opd": DESK,
    "/tugas": FIRST_PIC, "/draf": FIRST_PIC, "/ajukan": FIRST_PIC, "/bantuan": FIRST_PIC,
}  # fmt: skip
_SIZES = "SELECT name, sum(pgsize) FROM dbstat GROUP BY name"
_TABLE_OF = "SELECT name, tbl_name FROM sqlite_master"


def main() -> None:
    """Live, measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.years", description=__doc__.splitlines()[0])
    parser.add_argument("--years", type=int, default=10)
    options = parser.parse_args()
    desk = build(timezone="Asia/Jakarta", language="id")
    with scratch_folder() as folder:
        path, first = folder / "desk.db", folder / "first"
        with closing(_open(path)) as tx:
            people(tx, now=datetime(FIRST_YEAR, 1, 5, tzinfo=UTC))
            kotim = Kotim(tx, desk)
            for year in range(FIRST_YEAR, FIRST_YEAR + options.years):
                began = time.monotonic()
                kotim.live(year, until=date(year, 11, 30))
                if year == FIRST_YEAR:
                    _copy(path, first)
                print(f"{year}: lived in {time.monotonic() - began:.0f} s", flush=True)
        _copy(path, folder / "last")
        last = FIRST_YEAR + options.years - 1
        times = _measure(desk, {first: FIRST_YEAR, folder / "last": last})
        _print_sizes(first / "desk.db", folder / "last" / "desk.db")
    _print_times(times, years=options.years)


def _open(path: Path) -> Transaction:
    tx = sqlite3.connect(path, factory=Transaction, isolation_level=None)
    for pragma in ("journal_mode = WAL", "synchronous = OFF", "secure_delete = ON", "temp_store = MEMORY"):
        tx.execute(f"PRAGMA {pragma}")
    migrate(tx, path)
    return tx


def _copy(path: Path, folder: Path) -> None:
    folder.mkdir()
    with closing(sqlite3.connect(path)) as tx:
        tx.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    shutil.copyfile(path, folder / "desk.db")


def _measure(desk: Desk, copies: Mapping[Path, int]) -> Mapping[str, list[float]]:
    """Measure everything on copies of the first and the last year; returns milliseconds of both by name.

    The two take turns, so that what the machine does else falls on both.
    """
    starts = asyncio.run(_start(list(copies)))
    times = {
        "start": [start.wall for start in starts],
        "start, of the processor": [start.cpu for start in starts],
    }
    with ExitStack() as stack:
        works = []
        for folder, year in copies.items():
            tx = stack.enter_context(closing(_open(folder / "desk.db")))
            works.append((tx, _list_work(tx, desk, now=datetime(year, 12, 1, 1, 30, tzinfo=UTC))))
        for name in works[0][1]:
            runs = [[_milliseconds(tx, work[name]) for tx, work in works] for _ in range(TIMES)]
            times[name] = [min(of_copy) for of_copy in zip(*runs, strict=True)]
    return times


def _list_work(tx: Transaction, desk: Desk, *, now: datetime) -> dict[str, Callable[[], object]]:
    work: dict[str, Callable[[], object]] = {}
    for text, person in TURNS.items():
        inbound = Inbound("telegram", str(7000 + person), Kind.TEXT, text=text, name="Orang")
        work[f"turn {text}"] = partial(desk.take, tx, inbound, fetched=None, now=now)
    work["tick of the morning"] = lambda: _tick(tx, desk, now + timedelta(minutes=89))
    work["figures of /health"] = lambda: read_tables(tx, now, sites=("folder",))
    kept = timedelta(days=30)
    work["sweep with nothing old"] = lambda: [portion(tx, 0) for portion in portions(now, kept).values()]
    return work


@dataclass(frozen=True, slots=True)
class Start:
    """Milliseconds until all parts run, by the clock and of the processor, where load counts for little."""

    wall: float
    cpu: float


async def _start(folders: list[Path]) -> list[Start]:
    """The best of several starts; every evidence file lies in its place."""
    emulator, best = TelegramEmulator(token=TOKEN), [Start(float("inf"), float("inf"))] * len(folders)
    for folder in folders:
        _lay_files(folder)
    async with serve(emulator.app) as url:
        for _ in range(STARTS):
            for number, folder in enumerate(folders):
                least, start = best[number], await _start_once(folder, url)
                best[number] = Start(min(least.wall, start.wall), min(least.cpu, start.cpu))
    return best


async def _start_once(folder: Path, url: str) -> Start:
    settings = Settings(
        data_dir=folder, telegram_token=SecretStr(TOKEN), telegram_api_url=url, web_port=0, metrics_port=0
    )
    began, began_cpu = time.perf_counter(), time.process_time()
    async with running(settings) as app:
        took = Start(1000 * (time.perf_counter() - began), 1000 * (time.process_time() - began_cpu))
        if app.evidence_looked_at is not None:
            await app.evidence_looked_at  # or it would go on beside the next start
    return took


def _lay_files(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "desk.db")) as tx:
        for path, size in tx.execute("SELECT path, size FROM files"):
            file = folder / "evidence" / path
            file.parent.mkdir(parents=True, exist_ok=True)
            with file.open("wb") as out:
                out.truncate(size)


def _tick(tx: Transaction, desk: Desk, now: datetime) -> None:
    since = occurrences.last_tick(tx, reminders.NAME) or now - timedelta(days=1)
    page = reminders.look(tx, desk.desk_data, since=since, now=now, after=-1)
    reminders.tell(tx, desk.desk_data, people=page.people, since=since, now=now)


def _milliseconds(tx: Transaction, work: Callable[[], object]) -> float:
    """One run, undone; of the processor, so that waiting does not count."""
    tx.execute("BEGIN")
    began = time.thread_time()
    work()
    took = 1000 * (time.thread_time() - began)
    tx.execute("ROLLBACK")
    return took


def _sizes(path: Path) -> dict[str, float]:
    """Megabytes by table, its indexes counted in."""
    sizes: dict[str, float] = {}
    with closing(sqlite3.connect(path)) as tx:
        tables = dict(tx.execute(_TABLE_OF).fetchall())
        for name, size in tx.execute(_SIZES):
            table = tables.get(name, name)
            sizes[table] = sizes.get(table, 0.0) + size / 1e6
    return sizes


def _print_sizes(first: Path, last: Path) -> None:
    before, after = _sizes(first), _sizes(last)
    print(f"\n| table | MB after a year | MB at the end |\n|---|---|---|\n| whole file "
          f"| {first.stat().st_size / 1e6:.1f} | {last.stat().st_size / 1e6:.1f} |")  # fmt: skip
    for name in sorted(after, key=lambda name: -after[name]):
        if after[name] >= 0.1:
            print(f"| `{name}` | {before.get(name, 0):.1f} | {after[name]:.1f} |")


def _print_times(times: Mapping[str, list[float]], *, years: int) -> None:
    print(f"\n| ms | year 1 | year {years} | ratio |\n|---|---|---|---|")
    for name, (before, after) in times.items():
        ratio = after / before
        mark = "" if ratio <= GROWTH_AT_MOST else " (!)"
        print(f"| {name} | {before:.2f} | {after:.2f} | {ratio:.2f}{mark} |")


if __name__ == "__main__":
    main()
