"""What exports cost: memory and time of a big workbook and a big archive, and what people at the chat
notice of it.

    uv run --group dev python -m bench.exports --rows 30000 --gigabytes 2

The exports are made by the bot's own process for them; memory is its peak.
Turns are timed from the message to its answer on the phone, with the emulated Bot API in this process.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import os
import sqlite3
import statistics
import subprocess
import sys
import time
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from bot.app import App
from bot.config import Settings
from bot.running import running
from domain.people import Role
from domain.rules.indicators import load_indicators
from domain.rules.load import load_offices
from sandbox.serve import serve
from sandbox.telegram import TelegramEmulator
from storage import contacts, exports, offices, periods
from storage.engine.migrate import migrate
from storage.engine.sqlite import SqliteTransaction as Transaction
from tests.kit.people import enrol
from tests.kit.scratch import scratch_folder

TOKEN = "4200000002:BENCH-token-of-nobody-00000000000000"
PERSON = 7000
TURNS = 400
FILE_BYTES = 10_000_000
NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
WORDS = " ".join(f"kata{n}" for n in range(60))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.exports", description=__doc__.splitlines()[0])
    parser.add_argument(
        "--rows", type=int, default=30_000, help="innovations in the workbook (default 30000)"
    )
    parser.add_argument("--gigabytes", type=float, default=2, help="evidence in the archive (default 2)")
    options = parser.parse_args()
    with scratch_folder() as data:
        _prepare(data / "desk.db", options.rows)
        size = _evidence(data, int(options.gigabytes * 1e9))
        for kind, what in (("workbook", f"{options.rows} rows"), ("evidence", f"{size / 1e9:.1f} GB")):
            seconds, peak, made = _made(data, kind)
            print(
                f"{kind:9s} {what:>12s}: {seconds:6.1f} s, peak {peak:4.0f} MiB, file {made / 1e6:7.1f} MB",
                flush=True,
            )
        asyncio.run(_turns(data))


def _prepare(path: Path, rows: int) -> None:
    """Fill a database with innovations that have every long answer and every level."""
    with closing(sqlite3.connect(path, factory=Transaction, isolation_level=None)) as tx:
        tx.execute("PRAGMA journal_mode = WAL")
        migrate(tx, path)
        tx.execute("BEGIN")
        offices.upsert(tx, load_offices())
        periods.open_period(
            tx,
            periods.NewPeriod(
                year=2026, rule_year=2026, opens_on=date(2026, 1, 5), deadline=date(2026, 12, 15)
            ),
            now=NOW,
        )
        person = enrol(tx, PERSON, name="Sari", now=NOW)
        contacts.grant(tx, person, role=Role.ADMIN, office_id=None, now=NOW)
        tx.executemany(
            "INSERT INTO innovations (id, office_id, period_id, form_version, rule_year, state, "
            "receipt, claimed, "
            "verified, created_by, created_at, updated_at, sent_at) "
            "VALUES (?, ?, 1, 1, 2026, 'terverifikasi', ?, 74, 37, 1, ?, ?, ?)",
            ((n, n % 47 + 1, f"DI-2026-{n:06d}", *[NOW.isoformat()] * 3) for n in range(1, rows + 1)),
        )
        tx.executemany(
            "INSERT INTO answers (innovation_id, question, value) VALUES (?, ?, ?)", _answers(rows)
        )
        tx.executemany(
            "INSERT INTO verdicts (innovation_id, indicator, level, reason, contact_id, at) "
            "VALUES (?, ?, 1, 'cukup', 1, '')",
            ((n, no) for n in range(1, rows + 1) for no in range(16, 36)),
        )
        tx.execute("COMMIT")


def _answers(rows: int) -> Any:
    long, levels = json.dumps(WORDS), [one.level_question for one in load_indicators()[2026].indicators]
    for n in range(1, rows + 1):
        yield n, "nama", json.dumps(f"Inovasi {n}")
        yield n, "tahapan", '"penerapan"'
        yield n, "waktu_penerapan", '"2025-06-01"'
        yield n, "nilai_anggaran", f'"{n * 1000}"'
        for question in (
            "dasar_hukum",
            "permasalahan",
            "isu_strategis",
            "metode",
            "keunggulan",
            "cara_kerja",
            "hasil",
        ):
            yield n, question, long
        for question in levels:
            yield n, question, '{"level":2}'


def _evidence(data: Path, size: int) -> int:
    """Put files of ten megabytes on disk, each of its own bytes, one for each innovation from the first
    on.
    """
    folder = data / "evidence"
    folder.mkdir()
    count = max(1, size // FILE_BYTES)
    with closing(sqlite3.connect(data / "desk.db", isolation_level=None)) as tx:
        for n in range(1, count + 1):
            content = os.urandom(FILE_BYTES)
            sha256 = hashlib.sha256(content).hexdigest()
            (folder / str(n)).write_bytes(content)
            tx.execute("INSERT INTO files VALUES (?, ?, 'mp4', ?, '')", (sha256, str(n), FILE_BYTES))
            piece = json.dumps(
                [{"sha256": sha256, "kind": "mp4", "name": f"video-{n}.mp4", "size": FILE_BYTES}]
            )
            tx.execute(
                "INSERT INTO answers (innovation_id, question, value) VALUES (?, 'e35', ?)", (n, piece)
            )
    return count * FILE_BYTES


def _made(data: Path, kind: str) -> tuple[float, float, int]:
    """Make one export as the bot would; returns seconds, peak memory in MiB, bytes."""
    out = data / f"{kind}.out"
    task = {"database": str(data / "desk.db"), "store": str(data), "out": str(out),
            "kind": kind,
            "args": {"year": 2026, "contacts": True}, "language": "id", "timezone": "Asia/Jakarta",
            "now": NOW.isoformat()}  # fmt: skip
    told = "import resource, sys; from bot.exporting.child import main; main(); " \
           "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"  # fmt: skip
    began = time.monotonic()
    done = subprocess.run([sys.executable, "-c", told], input=json.dumps(task) + "\n", capture_output=True,
                          text=True,
                          check=True)  # fmt: skip
    seconds, size = time.monotonic() - began, out.stat().st_size
    out.unlink()
    return seconds, int(done.stdout.splitlines()[-1]) / 1024, size


async def _turns(data: Path) -> None:
    """Time the turns of one person alone, and while a workbook is being made."""
    emulator = TelegramEmulator(token=TOKEN)
    emulator.add_person(PERSON, "Sari")
    async with serve(emulator.app) as url:
        settings = Settings(data_dir=data, telegram_token=SecretStr(TOKEN), telegram_api_url=url,
                            telegram_rate=100_000,
                            telegram_chat_rate=100_000, telegram_chat_burst=100_000, web_port=0,
                            metrics_port=0)  # fmt: skip
        async with running(settings) as app:
            await _series(emulator, 20)
            _told("alone", await _series(emulator, TURNS))
            await app.database.run(lambda tx: exports.ask(
                tx, exports.Order(by=1, channel="telegram", address="0", language="id", kind="workbook",
                args={"year": 2026, "contacts": True}), now=NOW))  # fmt: skip
            app.exporter.look()
            await asyncio.sleep(3)
            _told("beside a workbook", await _series(emulator, TURNS), still=await _open(app))


async def _open(app: App) -> bool:
    return bool(await app.database.read(exports.open_count))


async def _series(emulator: TelegramEmulator, turns: int) -> list[float]:
    """Let the person ask for help again and again; returns the milliseconds until each answer."""
    times = []
    for _ in range(turns):
        heard = sum(message.from_bot for message in emulator.chat(PERSON))
        began = time.monotonic()
        emulator.says(PERSON, "/bantuan")
        while sum(message.from_bot for message in emulator.chat(PERSON)) == heard:
            await asyncio.sleep(0.0005)
        times.append((time.monotonic() - began) * 1000)
    return times


def _told(what: str, times: list[float], *, still: bool = True) -> None:
    cut = statistics.quantiles(times, n=100)
    note = "" if still else " (the export was finished before)"
    print(f"turns {what}: median {cut[49]:.1f} ms, p99 {cut[98]:.1f} ms{note}", flush=True)


if __name__ == "__main__":
    main()
