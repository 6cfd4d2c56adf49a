"""The command line in a process of its own, as a person uses it."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
SECONDS = 60.0  # a loaded machine may take this long to start


def environment(folder: Path, **settings: str) -> dict[str, str]:
    """Nothing of the machine's own settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DESK_")}
    given = {f"DESK_{name.upper()}": value for name, value in settings.items()}
    return (
        kept | {"PYTHONPATH": str(ROOT), "DESK_DATA_DIR": str(folder / "data"), "DESK_WEB_PORT": "0"} | given
    )


def desk(folder: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end in a folder of its own."""
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=folder,
        env=environment(folder, **settings),
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


def refused(done: subprocess.CompletedProcess[str]) -> str:
    """Check that it was refused with one sentence, and return the sentence."""
    assert done.returncode == 1, done
    (line,) = done.stderr.splitlines()
    assert line.startswith("desk-inovasi: ")
    return line.removeprefix("desk-inovasi: ")


def rows(folder: Path, sql: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(folder / "data" / "desk.db") as connection:
        found = connection.execute(sql).fetchall()
    connection.close()
    return found
