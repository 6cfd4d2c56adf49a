"""The whole bot in bad weather: half-open connections, downloads that trickle, a platform that answers late.

    uv run --group dev python -m bench.bad_weather

Five minutes; strangers in thousands are `bench.strangers`, a hostile webhook is `bench.webhooks`.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sqlite3
import statistics
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
from pydantic import SecretStr

from bench.kotim_year import FIRST_PIC, people
from bot.app import App
from bot.channels import SendError
from bot.config import Settings
from bot.inbound.dispatcher import FETCHES_AT_ONCE
from bot.running import running
from domain.message import FileRef
from sandbox.serve import serve
from sandbox.telegram import TelegramEmulator
from sandbox.wire import Send
from storage.engine.migrate import migrate
from storage.engine.sqlite import SqliteTransaction as Transaction
from tests.kit.ports import free_port
from tests.kit.scratch import scratch_folder

TOKEN = "4200000006:BENCH-token-of-nobody-00000000000000"
PERSON = 7000 + FIRST_PIC
HALF = b"POST /telegram HTTP/1.1\r\nHost: x\r\nContent-Le"
TRICKLE, WHOLE = "trickle", "whole"  # names of files on the platform's server
TRICKLE_SECONDS = 0.5  # between two bytes


class SlowTelegram(TelegramEmulator):
    """A platform one of whose files comes byte by byte, for as long as somebody reads."""

    async def _download(self, path: str, send: Send) -> None:
        if not path.endswith(TRICKLE):
            await super()._download(path, send)
            return
        await send({"type": "http.response.start", "status": 200, "headers": []})
        while True:
            await send({"type": "http.response.body", "body": b"x", "more_body": True})
            await asyncio.sleep(TRICKLE_SECONDS)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.bad_weather", description=__doc__.splitlines()[0])
    parser.add_argument("--half-open", type=int, default=2_000, help="connections with half a request")
    parser.add_argument("--turns", type=int, default=200, help="turns by webhook, alone and beside them")
    parser.add_argument("--late", type=float, default=25.0, help="seconds the platform takes to answer")
    options = parser.parse_args()
    with scratch_folder() as folder:
        asyncio.run(_measure(folder, options))
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


async def _measure(folder: Path, options: argparse.Namespace) -> None:
    async with _desk(folder) as (emulator, app, port):
        await _time_turns(emulator, options.turns)
        _print_turns("alone", await _time_turns(emulator, options.turns))
        await _beside_half_open(emulator, port, options)
        await _behind_trickles(app, folder)
        await _with_a_late_platform(emulator, options.late)
    await emulator.updates.close()


@asynccontextmanager
async def _desk(folder: Path) -> AsyncIterator[tuple[SlowTelegram, App, int]]:
    """A bot that is pushed to, at a port of its own."""
    with closing(sqlite3.connect(folder / "desk.db", factory=Transaction, isolation_level=None)) as tx:
        migrate(tx, folder / "desk.db")
        people(tx, now=datetime.now(UTC))
    emulator, port = SlowTelegram(token=TOKEN), free_port()
    emulator.add_person(PERSON, "Orang")
    emulator.files[WHOLE] = (WHOLE, b"x" * 1_000_000)
    emulator.files[TRICKLE] = (TRICKLE, b"x" * 1_000_000)
    emulator.updates.way_to = lambda address: address.replace("https", "http")
    async with serve(emulator.app) as url:
        settings = Settings(
            data_dir=folder, telegram_token=SecretStr(TOKEN), telegram_api_url=url, telegram_rate=100_000,
            telegram_chat_rate=100_000, telegram_chat_burst=100_000, person_rate=1e6, web_port=port,
            metrics_port=0, telegram_webhook_url=f"https://127.0.0.1:{port}/telegram",
            telegram_webhook_secret=SecretStr("s" * 32),
        )  # fmt: skip
        async with running(settings) as app:
            yield emulator, app, port


async def _beside_half_open(emulator: SlowTelegram, port: int, options: argparse.Namespace) -> None:
    """Take turns by webhook and ask for the health while so many connections send half a request each."""
    opened = [await asyncio.open_connection("127.0.0.1", port) for _ in range(options.half_open)]
    for _, writer in opened:
        writer.write(HALF)
    times = await _time_turns(emulator, options.turns)
    async with httpx.AsyncClient() as client:
        began = time.perf_counter()
        status = (await client.get(f"http://127.0.0.1:{port}/health")).status_code
    closed = sum(reader.at_eof() or reader.exception() is not None for reader, _ in opened)
    _print_turns(f"beside {len(opened)} half-open connections, {closed} of them let go", times)
    print(f"  /health {status} after {1000 * (time.perf_counter() - began):.0f} ms", flush=True)
    for _, writer in opened:
        writer.close()


async def _behind_trickles(app: App, folder: Path) -> None:
    """Fetch a file that waits for a permit while files that trickle hold all of them, as the bot does."""
    channel, permits = app.channels["telegram"], asyncio.Semaphore(FETCHES_AT_ONCE)

    async def fetch(name: str, number: int) -> float:
        began = time.perf_counter()
        async with permits:
            with suppress(SendError):
                await channel.fetch(FileRef(name, "document", name, "", None), folder / f"{name}-{number}")
        return time.perf_counter() - began

    slow = [asyncio.create_task(fetch(TRICKLE, number)) for number in range(FETCHES_AT_ONCE)]
    await asyncio.sleep(0)  # they have the permits
    behind = await fetch(WHOLE, FETCHES_AT_ONCE)
    took = [await task for task in slow]
    size = (folder / f"{WHOLE}-{FETCHES_AT_ONCE}").stat().st_size
    print(
        f"{len(slow)} downloads that trickle were given up after {max(took):.1f} s; one behind them"
        f" ({size} bytes) was there after {behind:.1f} s",
        flush=True,
    )


async def _with_a_late_platform(emulator: SlowTelegram, late: float) -> None:
    """Ask twice a platform that carries a send out and answers so many seconds later in all."""
    emulator.network = replace(emulator.network, latency=late)  # half of it before the send is carried out
    for question in ("/bantuan", "/privasi"):
        before, began = len(_heard(emulator)), time.perf_counter()
        emulator.says(PERSON, question)
        async with asyncio.timeout(20 * late):
            while len(_heard(emulator)) == before:
                await asyncio.sleep(0.1)
            first = time.perf_counter() - began
            while emulator.updates.pending or time.perf_counter() - began < 4 * late:
                await asyncio.sleep(0.5)
        said = [message.text for message in _heard(emulator)[before:]]
        most = max(map(said.count, said))
        print(
            f"a platform {late:.0f} s late: {question} said {len(said)} messages, the same one at most {most}"
            f" times, the first after {first:.0f} s",
            flush=True,
        )


def _heard(emulator: SlowTelegram) -> list[Any]:
    return [message for message in emulator.chat(PERSON) if message.from_bot]


async def _time_turns(emulator: SlowTelegram, count: int) -> list[float]:
    """Time turns from the message to its answer on the phone, in milliseconds."""
    times = []
    for _ in range(count):
        before, began = len(_heard(emulator)), time.perf_counter()
        emulator.says(PERSON, "/bantuan")
        while len(_heard(emulator)) == before:
            await asyncio.sleep(0.0005)
        times.append(1000 * (time.perf_counter() - began))
    return times


def _print_turns(what: str, times: list[float]) -> None:
    p99 = statistics.quantiles(times, n=100)[98]
    print(f"{what}: turns p50 {statistics.median(times):.1f} ms, p99 {p99:.1f} ms", flush=True)


if __name__ == "__main__":
    main()
