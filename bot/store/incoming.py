"""The folder of files that are being fetched: on the machine's own disk, whatever the store is."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from pathlib import Path

from bot.store.old_files import remove_old

KEPT = timedelta(days=1)  # a download takes a minute; what is older was left by a kill


def lying_in(folder: Path) -> dict[str, Path]:
    """List the files there by name."""
    return {path.name: path for path in folder.iterdir() if path.is_file()} if folder.is_dir() else {}


def sweep(folder: Path, *, named: Collection[str], before: datetime) -> int:
    """Delete what a kill left half fetched before a moment; what a row names is never among it."""
    unnamed = [path for name, path in lying_in(folder).items() if name not in named]
    return remove_old(unnamed, before=before).count
