"""The sandbox's data folder: marked as the sandbox's own, because `--fresh` empties it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

SETTING = "DESK_SANDBOX_DIR"
MARK = ".desk-inovasi-sandbox"


class NotASandbox(RuntimeError):
    """the folder holds what the sandbox has not made"""


def folder() -> Path:
    """Where the sandbox keeps its data, apart from the real data."""
    if chosen := os.environ.get(SETTING):
        return Path(chosen).absolute()
    base = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(base) / "desk-inovasi" / "sandbox"


def prepare(data: Path, *, fresh: bool) -> None:
    """Make the folder and mark it; `fresh` deletes what is in it first.

    Raises NotASandbox before anything is deleted out of a folder without the mark: it may be a real desk's.
    """
    holds = data.is_dir() and any(data.iterdir())
    marked = (data / MARK).is_file()
    if fresh and holds and not marked and SETTING in os.environ:
        raise NotASandbox(f"{data} was not made by the sandbox, so --fresh deletes nothing; check {SETTING}")
    if fresh:
        shutil.rmtree(data, ignore_errors=True)
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    if fresh or not holds:
        (data / MARK).touch(mode=0o600)
