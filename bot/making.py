"""Makes what messages carry, outside any transaction: a file that is held, or one that is drawn for the occasion."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

from domain.message import Attachment
from storage import files
from storage.database import Database

Make = Callable[[Mapping[str, Any]], Awaitable[Path]]


class CannotMake(RuntimeError):
    """the attachment cannot be made"""


class Maker:
    """Finds or makes the file of an attachment; what it makes is its own to take away."""

    def __init__(self, database: Database, *, evidence: Path, more: Mapping[str, Make] | None = None) -> None:
        """`evidence` is the folder of the files that are held; `more` are makers by name."""
        self._database, self._evidence = database, evidence
        self._makers: Mapping[str, Make] = {"file": self._file, **(more or {})}

    async def make(self, attachment: Attachment) -> Path:
        """Return where the file lies; raises CannotMake, or what its maker raises."""
        make = self._makers.get(attachment.make)
        if make is None:
            raise CannotMake(f'nobody makes "{attachment.make}"')
        return await make(attachment.args)

    async def _file(self, args: Mapping[str, Any]) -> Path:
        """Find a file that is held, by its hash."""
        sha256 = str(args["sha256"])
        path = await self._database.read(lambda tx: files.path_of(tx, sha256))
        if path is None or not (self._evidence / path).is_file():
            raise CannotMake(f"no file {sha256[:12]}")
        return self._evidence / path
