"""Finds or makes the files of messages, outside any transaction."""

from __future__ import annotations

import json
import shutil
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

from bot.attachments.drawing import DRAWERS, Drawing, Draws
from bot.store.contract import Damaged
from bot.store.evidence import key_of
from bot.store.local_copies import LocalCopies
from domain.message import Attachment
from storage import files
from storage.engine.database import Database

Make = Callable[[Mapping[str, Any]], Awaitable[Path]]
KEPT = 20  # drawn files, for the same message tried again


class CannotMake(RuntimeError):
    """the attachment cannot be made"""


class Maker:
    """Finds or makes the file of an attachment; what it makes is its own to take away."""

    def __init__(
        self,
        database: Database,
        *,
        copies: LocalCopies,
        drawn: Path,
        more: Mapping[str, Make] | None = None,
        drawing: Draws | None = None,
    ) -> None:
        """`copies` finds files that are held, `drawn` is a folder of our own; `more` are makers by name."""
        self._database, self._copies = database, copies
        self._drawing = drawing or Drawing()
        self._folder, self._ready = drawn, False
        self._drawn: OrderedDict[str, Path] = OrderedDict()
        drawers = {what: partial(self._draw, what) for what in DRAWERS}
        self._makers: Mapping[str, Make] = {"file": self._find_file, **drawers, **(more or {})}

    async def make(self, attachment: Attachment) -> Path:
        """Return where the file lies; raises CannotMake, or what its maker raises."""
        make = self._makers.get(attachment.make)
        if make is None:
            raise CannotMake(f'nobody makes "{attachment.make}"')
        return await make(attachment.args)

    async def _find_file(self, args: Mapping[str, Any]) -> Path:
        """Find a file that is held, by its hash."""
        digest = str(args["sha256"])
        path = await self._database.read(lambda tx: files.path_of(tx, digest))
        if path is None:
            raise CannotMake(f"no file {digest[:12]}")
        try:
            return await self._copies.find(key_of(path), sha256=digest)
        except (FileNotFoundError, Damaged):
            raise CannotMake(f"no file {digest[:12]}") from None

    async def _draw(self, what: str, args: Mapping[str, Any]) -> Path:
        """Return the drawing, made now or a moment ago."""
        request = json.dumps([what, dict(args)], sort_keys=True)
        key = sha256(request.encode()).hexdigest()
        if key not in self._drawn:
            self._make_room()
            path = self._folder / f"{key}.png"
            await self._drawing.draw(what, args, path=path)
            self._drawn[key] = path
        while len(self._drawn) > KEPT:
            self._drawn.popitem(last=False)[1].unlink(missing_ok=True)
        return self._drawn[key]

    def _make_room(self) -> None:
        """Make the folder and empty it of what a killed process left."""
        if not self._ready:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder.mkdir(parents=True, mode=0o700)
            self._ready = True

    async def close(self) -> None:
        """End the drawing process and take away what was drawn."""
        await self._drawing.close()
        self._copies.close()
        if self._ready:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._ready = False
        self._drawn.clear()
