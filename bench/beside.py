"""What people at the chat notice of a backup and of the sweeps: the time of a turn, alone and beside them.

    uv run --group dev python -m bench.beside

Asked is a p99 of at most 1.2 times alone beside a backup, and at most 5 ms more than alone through a sweep.
Turns are timed from the message to its answer on the phone, with the emulated Bot API in this process.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import shutil
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from pydantic import SecretStr

from bench.kotim_year import FIRST_PIC, people
from bot.app import App, running
from bot.config import Settings
from sandbox.serve import serve
from sandbox.telegram import TelegramEmulator
from scheduler.housekeeping import portions, sweep
from storage.engine.migrate import migrate
from storage.engine.sqlite import SqliteTransaction as Transaction
from storage.engine.utc import utc_text

TOKEN = "4200000004:BENCH-token-of-nobody-00000000000000"
PERSON = 7000 + FIRST_PIC
WARM, PORTIONS = 100, 60
OLD = timedelta(days=40)
_UPDATES = """
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
INSERT INTO inbox (channel, external_id, address, raw, received_at, state)
SELECT 'telegram', i, '1', ?, ?, 'handled' FROM n
"""
_MESSAGES = """
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
INSERT INTO outbox (channel, address, priority, payload, created_at, sent_at, state)
SELECT 'telegram', '1', 0, ?, ?, ?, 'sent' FROM n
"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.beside", description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=60_000, help="old rows in inbox and outbox each")
    parser.add_argument("--turns", type=int, default=1_000, help="turns alone, and as many at least beside")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        _fill(Path(folder) / "desk.db", options.rows)
        _portion(Path(folder))
        asyncio.run(_measure(Path(folder), options.turns))


def _fill(path: Path, rows: int) -> None:
    old = utc_text(datetime.now(UTC) - OLD)
    with closing(sqlite3.connect(path, factory=Transaction, isolation_level=None)) as tx:
        tx.execute("PRAGMA journal_mode = WAL")
        migrate(tx, path)
        tx.execute("BEGIN")
        people(tx, now=datetime.now(UTC))
        tx.execute(_UPDATES, (rows, json.dumps({"text": "kata " * 60}), old))
        tx.execute(_MESSAGES, (rows, json.dumps({"text": "kata " * 140}), old, old))
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


async def _measure(data: Path, turns: int) -> None:
    emulator = TelegramEmulator(token=TOKEN)
    emulator.add_person(PERSON, "Orang")
    async with serve(emulator.app) as url:
        settings = Settings(
            data_dir=data, telegram_token=SecretStr(TOKEN), telegram_api_url=url, telegram_rate=100_000,
            telegram_chat_rate=100_000, telegram_chat_burst=100_000, person_rate=1e6, web_port=0,
            metrics_port=0, backup_dir=None,
        )  # fmt: skip
        async with running(settings) as app:
            await _time_turns(emulator, WARM)
            alone = await _time_turns(emulator, turns)
            _print("alone", alone, alone=alone)
            for name, work in (("a backup", _back_up), ("a sweep", _sweep)):
                beside, seconds = await _beside(emulator, partial(work, app, data))
                alone = await _time_turns(emulator, turns)  # the machine may be busier than before
                _print(f"beside {name} of {seconds:.1f} s", beside, alone=alone)


async def _back_up(app: App, data: Path) -> None:
    settings = app.settings.model_copy(update={"backup_dir": data / "kept"})
    app.nightly._settings = settings
    await app.nightly._make(datetime.now(UTC))


async def _sweep(app: App, data: Path) -> None:
    swept = await sweep(app.database, now=datetime.now(UTC), raw_kept=timedelta(days=30))
    assert min(swept["inbox"], swept["outbox"]) > 0, swept


async def _beside(
    emulator: TelegramEmulator, work: Callable[[], Awaitable[None]]
) -> tuple[list[float], float]:
    """Take turns until the work is done; returns the milliseconds of each, and the seconds of the work."""
    began = time.monotonic()
    working = asyncio.ensure_future(work())
    times: list[float] = []
    while not working.done():
        times += await _time_turns(emulator, 1)
    await working
    return times, time.monotonic() - began


async def _time_turns(emulator: TelegramEmulator, count: int) -> list[float]:
    times = []
    for _ in range(count):
        heard = len(emulator.chat(PERSON))
        began = time.perf_counter()
        emulator.says(PERSON, "/bantuan")
        while len(emulator.chat(PERSON)) < heard + 2:
            await asyncio.sleep(0.0005)
        times.append(1000 * (time.perf_counter() - began))
    return times


def _print(what: str, times: list[float], *, alone: list[float]) -> None:
    cut, before = statistics.quantiles(times, n=100), statistics.quantiles(alone, n=100)
    print(
        f"{what}: {len(times)} turns, median {cut[49]:.1f} ms, p99 {cut[98]:.1f} ms"
        f" (alone {before[49]:.1f} and {before[98]:.1f}; ratio {cut[98] / before[98]:.2f})",
        flush=True,
    )


if __name__ == "__main__":
    main()
