"""What people at the chat notice of a backup and of the sweeps: the time of a turn, alone and beside them.

    uv run --group dev python -m bench.beside

Asked is a p99 of at most 1.2 times alone beside a backup, and at most 5 ms more than alone through a sweep.
Turns are timed from the message to its answer on the phone, with the emulated Bot API in this process.
Each backup stands between two spans of turns alone, so that what the machine does else, and the database
that grows with every turn, fall on both; turns alone and beside a sweep are of short rounds that follow each
other. What is judged is the p99 of all turns, and the middle nine tenths of what chance makes of it (rounds
drawn anew). The emulator forgets what it has shown: a phone with 20,000 messages, and a record of every call,
cost each turn behind them more than any backup. Six minutes on two quiet cores.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import shutil
import sqlite3
import statistics
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import chain
from pathlib import Path

from pydantic import SecretStr

from bench.kotim_year import FIRST_PIC, people
from bot.app import App
from bot.config import Settings
from bot.running import running
from sandbox.serve import serve
from sandbox.telegram import TelegramEmulator
from scheduler.housekeeping import portions, sweep
from storage.engine.migrate import migrate
from storage.engine.sqlite import SqliteTransaction as Transaction
from storage.engine.utc import utc_text
from tests.kit.scratch import scratch_folder

TOKEN = "4200000004:BENCH-token-of-nobody-00000000000000"
PERSON = 7000 + FIRST_PIC
WARM, PORTIONS = 100, 60
CALM_SECONDS = 5.0  # of turns alone, before a backup and behind it
DRAWN = 300  # times that rounds are drawn anew
FAR = 100_000_000  # numbers of rows that no turn here reaches
OLD = timedelta(days=40)
_UPDATES = """
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1)
INSERT OR IGNORE INTO inbox (id, channel, external_id, address, raw, received_at, state)
SELECT i + ?2, 'telegram', i + ?2, '1', ?3, ?4, 'handled' FROM n
"""
_MESSAGES = """
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1)
INSERT OR IGNORE INTO outbox (id, channel, address, priority, payload, created_at, sent_at, state)
SELECT i + ?2, 'telegram', '1', 0, ?3, ?4, ?4, 'sent' FROM n
"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.beside", description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=60_000, help="rows of inbox and outbox each in a backup")
    parser.add_argument("--swept", type=int, default=10_000, help="old rows of each that one sweep finds")
    parser.add_argument("--turns", type=int, default=600, help="turns alone in a round of sweeps")
    parser.add_argument("--rounds", type=int, default=12, help="of sweeps, and backups that are made")
    options = parser.parse_args()
    with scratch_folder() as data:
        with closing(_open(data)) as tx:
            migrate(tx, data / "desk.db")
            people(tx, now=datetime.now(UTC))
        _fill(data, options.swept)
        _portion(data)
        asyncio.run(_measure(data, options))


def _open(data: Path) -> Transaction:
    tx = sqlite3.connect(data / "desk.db", factory=Transaction, isolation_level=None, timeout=60)
    tx.execute("PRAGMA journal_mode = WAL")
    return tx


def _fill(data: Path, rows: int, *, behind: int = 0) -> None:
    """Put in old rows as a month of turns leaves them, numbered from behind a row.

    A sweep goes by the numbers, so what it shall find has those of the rows it has deleted before.
    """
    old = utc_text(datetime.now(UTC) - OLD)
    with closing(_open(data)) as tx:
        tx.execute("BEGIN IMMEDIATE")
        tx.execute(_UPDATES, (rows, behind, json.dumps({"text": "kata " * 60}), old))
        tx.execute(_MESSAGES, (rows, behind, json.dumps({"text": "kata " * 140}), old))
        tx.execute("COMMIT")


def _portion(folder: Path) -> None:
    """Print what one portion of each sweep costs a turn that waits for it, in CPU: load does not count."""
    copy, now = folder / "copy.db", datetime.now(UTC)
    shutil.copyfile(folder / "desk.db", copy)
    with closing(sqlite3.connect(copy, factory=Transaction, isolation_level=None)) as tx:
        tx.execute("PRAGMA secure_delete = ON")
        for name, portion in portions(now, timedelta(days=30)).items():
            costs: list[float] = []
            after: int | None = 0
            while after is not None and len(costs) < PORTIONS:
                began = time.thread_time()
                tx.execute("BEGIN IMMEDIATE")
                after = portion(tx, after).next
                tx.execute("COMMIT")
                costs.append(1000 * (time.thread_time() - began))
            print(f"a portion of {name}: {statistics.median(costs):.2f} ms of CPU, at most {max(costs):.2f}")
    copy.unlink()


async def _measure(data: Path, options: argparse.Namespace) -> None:
    emulator = TelegramEmulator(token=TOKEN, journal_limit=0)
    emulator.updates.remember = False
    emulator.add_person(PERSON, "Orang")
    async with serve(emulator.app) as url:
        settings = Settings(
            data_dir=data, telegram_token=SecretStr(TOKEN), telegram_api_url=url, telegram_rate=100_000,
            telegram_chat_rate=100_000, telegram_chat_burst=100_000, person_rate=1e6, web_port=0,
            metrics_port=0, backup_dir=None,
        )  # fmt: skip
        async with running(settings) as app:
            await _time_turns(emulator, WARM)
            sweeping = partial(
                _alternate, emulator, partial(_sweep, app), prepare=partial(_fill, data, options.swept)
            )
            _print("a sweep", [await sweeping(turns=options.turns) for _ in range(options.rounds)])
            await asyncio.to_thread(_fill, data, options.rows, behind=FAR)
            backing_up = partial(_between_calm, emulator, partial(_back_up, app, data))
            copies = [await backing_up() for _ in range(options.rounds)]
            _print("a backup", copies)


@dataclass(frozen=True, slots=True)
class Round:
    """The milliseconds of turns alone, and of those beside something, one right after the other."""

    alone: list[float]
    beside: list[float]


async def _alternate(
    emulator: TelegramEmulator,
    work: Callable[[], Awaitable[None]],
    *,
    turns: int,
    prepare: Callable[[], None] = lambda: None,
) -> Round:
    """Take turns alone before and after as many beside; what the machine does else falls on both.

    The work is repeated until there are enough, `prepare` comes before each time.
    """
    alone = await _time_turns(emulator, turns // 2)
    beside: list[float] = []
    while len(beside) < turns:
        await asyncio.to_thread(prepare)
        beside += await _take_beside(emulator, work)
    return Round([*alone, *await _time_turns(emulator, turns // 2)], beside)


async def _between_calm(emulator: TelegramEmulator, work: Callable[[], Awaitable[None]]) -> Round:
    """Take turns alone for some seconds, beside the work as long as it takes, and alone again."""
    before = await _take_beside(emulator, partial(asyncio.sleep, CALM_SECONDS))
    beside = await _take_beside(emulator, work)
    after = await _take_beside(emulator, partial(asyncio.sleep, CALM_SECONDS))
    return Round([*before, *after], beside)


async def _take_beside(emulator: TelegramEmulator, work: Callable[[], Awaitable[None]]) -> list[float]:
    """Take turns until the work is done; returns the milliseconds of each."""
    working = asyncio.ensure_future(work())
    times: list[float] = []
    emulator.people[PERSON].messages.clear()
    while not working.done():
        times += await _time_turns(emulator, 1)
    await working
    return times


async def _back_up(app: App, data: Path) -> None:
    settings = app.settings.model_copy(update={"backup_dir": data / "kept"})
    app.nightly._settings = settings
    now = datetime.now(UTC)
    await app.nightly._make(
        now, since=now + timedelta(minutes=1), sites={"folder"}
    )  # another one, whatever lies there


async def _sweep(app: App) -> None:
    swept, _ = await sweep(app.database, now=datetime.now(UTC), raw_kept=timedelta(days=30))
    assert min(swept["inbox"], swept["outbox"]) > 0, swept


async def _time_turns(emulator: TelegramEmulator, count: int) -> list[float]:
    times, shown = [], emulator.people[PERSON].messages
    for _ in range(count):
        heard = len(shown)
        began = time.perf_counter()
        emulator.says(PERSON, "/bantuan")
        while len(shown) < heard + 2:
            await asyncio.sleep(0.0005)
        times.append(1000 * (time.perf_counter() - began))
    return times


def _print(what: str, rounds: Sequence[Round]) -> None:
    alone, beside = _p99_of(rounds)
    ratios, more = _draw_anew(rounds)
    turns = (
        f"{sum(len(pair.alone) for pair in rounds)} turns alone, {sum(len(pair.beside) for pair in rounds)}"
    )
    print(f"beside {what}: {len(rounds)} rounds, {turns} beside, {_load()}")
    print(f"  p99 {alone:.1f} ms alone, {beside:.1f} ms beside")
    print(f"  ratio {beside / alone:.2f} ({ratios[0]:.2f} to {ratios[1]:.2f})")
    print(f"  more {beside - alone:+.1f} ms ({more[0]:+.1f} to {more[1]:+.1f})", flush=True)


def _p99_of(rounds: Sequence[Round]) -> tuple[float, float]:
    """The p99 of all turns alone, and of all beside."""
    alone, beside = ([pair.alone for pair in rounds], [pair.beside for pair in rounds])
    return _p99(list(chain.from_iterable(alone))), _p99(list(chain.from_iterable(beside)))


def _draw_anew(rounds: Sequence[Round]) -> tuple[tuple[float, float], tuple[float, float]]:
    """The middle nine tenths of ratio and difference in as many rounds drawn from these by chance."""
    chance = random.Random(1)
    drawn = [_p99_of(chance.choices(rounds, k=len(rounds))) for _ in range(DRAWN)]
    ratios = statistics.quantiles([beside / alone for alone, beside in drawn], n=20)
    more = statistics.quantiles([beside - alone for alone, beside in drawn], n=20)
    return (ratios[0], ratios[-1]), (more[0], more[-1])


def _load() -> str:
    """Say how many processes wanted the processor in the last minute; we ourselves are one to two."""
    return f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"


def _p99(times: Sequence[float]) -> float:
    return statistics.quantiles(times, n=100)[98]


if __name__ == "__main__":
    main()
