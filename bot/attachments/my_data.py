"""Writes what is kept about one person for that person; the file lives only until it is sent."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from storage import personal
from storage.engine.database import Database

SECONDS = 60.0  # of reading; nobody waits for it, it reads beside the writer
KEPT_SECONDS = 60.0  # while it is sent; another try makes it anew, of what is left by then
PREFIX = "my-data-"


class MyData:
    """Makes the files; `folder` is shared with other makers, ours begin with PREFIX."""

    def __init__(self, database: Database, *, folder: Path, new_name: Callable[[], str]) -> None:
        """Take away what an earlier process left."""
        self._database = database
        self._folder = folder
        self._new_name = new_name
        for left in folder.glob(f"{PREFIX}*"):
            left.unlink(missing_ok=True)

    async def make(self, args: Mapping[str, Any]) -> Path:
        """Write one; `args` name the contact and when it was asked for. The rows are read now, not then."""
        contact, asked_at = int(args["contact"]), str(args["asked_at"])
        text = await self._database.read(
            lambda tx: personal.document(tx, contact, asked_at=asked_at), seconds=SECONDS
        )
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = self._folder / f"{PREFIX}{self._new_name()}.json"
        path.touch(mode=0o600)
        path.write_text(text, encoding="utf-8")
        asyncio.get_running_loop().call_later(KEPT_SECONDS, partial(path.unlink, missing_ok=True))
        return path
