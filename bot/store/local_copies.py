"""Files of the store as files of this machine, for whoever sends them; checked by their hash."""

from __future__ import annotations

import asyncio
import shutil
from collections import OrderedDict
from pathlib import Path

from bot.store.contract import Damaged, FileStore
from bot.store.folder import FolderStore
from bot.store.opening import fetch, hash_of_file

KEPT = 20  # copies, for the same message tried again


class LocalCopies:
    """Finds files where the store is a folder, else keeps the copies that were used last."""

    def __init__(self, store: FileStore, folder: Path) -> None:
        """`folder` takes the copies; it is emptied before the first and at the end.

        Whoever takes a copy away that is old (`bot/leftovers.py`) does no harm: it is made again.
        """
        self._store, self._folder = store, folder
        self._copies: OrderedDict[str, Path] = OrderedDict()
        self._fetching: dict[str, asyncio.Lock] = {}  # by key: a broadcast asks thirty times at once
        self._ready = False

    async def find(self, key: str, *, sha256: str) -> Path:
        """Return where the file lies; raises FileNotFoundError, Damaged, StoreAway."""
        if isinstance(self._store, FolderStore):
            return await asyncio.to_thread(_checked, self._store.root / key, sha256)
        async with self._fetching.setdefault(key, asyncio.Lock()):
            try:
                if key not in self._copies or not self._copies[key].is_file():
                    copy = self._folder / f"{sha256}{Path(key).suffix}"
                    await asyncio.to_thread(self._fetch, key, copy, sha256=sha256)
                    self._copies[key] = copy
            finally:
                self._fetching.pop(key, None)
        self._copies.move_to_end(key)
        while len(self._copies) > KEPT:
            self._copies.popitem(last=False)[1].unlink(missing_ok=True)
        return self._copies[key]

    def _fetch(self, key: str, copy: Path, *, sha256: str) -> None:
        if not self._ready:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._ready = True
        copy.unlink(missing_ok=True)
        fetch(self._store, key, target=copy, sha256=sha256)

    def close(self) -> None:
        """Take the copies away."""
        if self._ready:
            shutil.rmtree(self._folder, ignore_errors=True)
        self._copies.clear()
        self._ready = False


def _checked(path: Path, sha256: str) -> Path:
    if hash_of_file(path) != sha256:
        raise Damaged(f"{path} has other bytes than its hash says")
    return path
