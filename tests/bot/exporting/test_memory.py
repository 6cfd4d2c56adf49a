"""An archive of evidence costs the same memory however large it is (F83); 2 GB: `python -m bench.exports`."""

from __future__ import annotations

import hashlib
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from domain.draft.evidence import Piece
from domain.message import StoredFile
from storage import files, innovations
from storage.engine.migrate import migrate
from storage.engine.sqlite import SqliteTransaction
from tests.kit.clock_and_codes import MORNING
from tests.kit.handed_in import handed_in
from tests.kit.people import seed

ROOT = Path(__file__).parent.parent.parent.parent
FILE_BYTES, FILES = 20_000_000, 3  # each larger than what all may cost
MOST = 16_000_000  # bytes of memory above the beginning
# in a process of its own, whose peak the system measures
MEASURED = """
import sys
from pathlib import Path
from bot.exporting.process import make
from storage.engine.database import read_beside
from tests.kit.clock_and_codes import MORNING

def memory(of):
    (line,) = [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith(of)]
    return int(line.split()[1]) * 1024

folder, out = sys.argv[1:]
task = {"kind": "evidence", "out": out, "store": folder, "language": "id", "timezone": "Asia/Jakarta",
        "now": MORNING.isoformat(), "args": {"year": 2026, "contacts": True}}
with read_beside(Path(folder) / "desk.db") as tx:
    before = memory("VmRSS")
    counted = make(task, tx, progress=lambda done, of: None)
    print(counted.files[0], memory("VmHWM") - before)
"""


def with_large_files(folder: Path) -> None:
    """An innovation with pieces of evidence on disk, each of other bytes."""
    evidence = folder / "evidence"
    with closing(sqlite3.connect(folder / "desk.db", factory=SqliteTransaction, isolation_level=None)) as tx:
        tx.execute("PRAGMA journal_mode = WAL")
        migrate(tx, folder / "desk.db")
        seed(tx, MORNING)
        number = handed_in(tx, "SIPANDU", now=MORNING, folder=evidence, evidence=())
        kept = {}
        for no in range(16, 16 + FILES):
            content = bytes([no]) * FILE_BYTES
            sha256 = hashlib.sha256(content).hexdigest()
            (evidence / sha256).write_bytes(content)
            file = StoredFile(sha256, "mp4", f"{no}.mp4", FILE_BYTES)
            files.insert(tx, file, path=sha256, now=MORNING)
            kept[f"e{no}"] = [Piece(sha256, "mp4", file.name, FILE_BYTES)]
        innovations.write(tx, number, changes=kept, before={}, by=1, now=MORNING)


@pytest.mark.skipif(
    not Path("/proc/self/status").exists(), reason="the peak of memory stands in /proc, which Linux alone has"
)
def test_an_archive_of_large_files_costs_a_few_megabytes_of_memory(tmp_path: Path) -> None:
    (tmp_path / "evidence").mkdir()
    with_large_files(tmp_path)
    out = tmp_path / "x.zip"
    command = [sys.executable, "-c", MEASURED, str(tmp_path), str(out)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    held, peak = map(int, done.stdout.split())
    print(f"peak: {peak / 1e6:.1f} MB")
    assert held == FILES
    assert out.stat().st_size > FILES * FILE_BYTES
    assert peak < MOST, f"{peak / 1e6:.0f} MB"
