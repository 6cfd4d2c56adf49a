"""Who may write to a desk's data: one process at a time, through whatever folder or name it comes."""

from __future__ import annotations

import asyncio
import fcntl
import os
from collections.abc import Iterator
from contextlib import AsyncExitStack, ExitStack, contextmanager
from pathlib import Path
from time import monotonic
from typing import IO

from bot.config import Settings
from storage.engine.engine_contract import Opening
from storage.engine.site import Server

LOOK_SECONDS = 0.02  # between two looks whether it is free


class OwnedElsewhere(RuntimeError):
    """another process works with this data"""


@contextmanager
def owned(settings: Settings) -> Iterator[Opening]:
    """Hold the data folder and the database for this process alone; raises OwnedElsewhere with one sentence.

    What is yielded has to begin every transaction that writes: on a server it refuses who has lost the lease.

    The database file itself is locked, so that two folders, a link or another name lead to the same lock; on
    a server its lease is taken.
    """
    with ExitStack() as stack:
        _take(settings, stack)
        yield _lease(settings.database, stack) if isinstance(settings.database, Server) else ()


async def own(settings: Settings, stack: AsyncExitStack, *, seconds: float) -> None:
    """Hold folder and file until the stack is left, after waiting for so many seconds if need be.

    A desk on a server has a lease beside it, which `bot.standby` waits for.
    """
    # A bot that was killed while it started a child (an export, a drawing) leaves the lock with it until that
    # child runs its own program: it is free a moment later, and whoever starts the bot again need not try
    # twice.
    until = monotonic() + seconds
    while True:
        try:
            with ExitStack() as taken:
                _take(settings, taken)
                stack.push_async_callback(_leave, taken.pop_all())
            return
        except OwnedElsewhere:
            if monotonic() >= until:
                raise
        await asyncio.sleep(LOOK_SECONDS)


async def _leave(stack: ExitStack) -> None:
    stack.close()


def _take(settings: Settings, stack: ExitStack) -> None:
    # flock and SQLite's own locks (fcntl) know nothing of each other. But closing any handle on a file gives
    # back the fcntl locks of the process: this handle is opened before SQLite's and closed after them.
    folder, database = settings.data_dir, settings.database
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = stack.enter_context((folder / "desk.lock").open("w"))
        if not isinstance(database, Server):
            database.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            file = stack.enter_context(_opened(database))
    except OSError as error:
        refusal = f"{error.filename or folder} cannot be written to: {error.strerror}; set DESK_DATA_DIR"
        raise OwnedElsewhere(refusal) from error
    _lock(lock, folder, setting="DESK_DATA_DIR")
    if not isinstance(database, Server):
        _lock(file, database, setting="DESK_DATABASE_URL")
        stack.callback(_remove_empty, database)


def _lease(site: Server, stack: ExitStack) -> Opening:
    """Own a desk on a server for one command; returns its fence."""
    from storage.engine.lease import Lease  # only who uses a server loads its client library

    lease = Lease(site)
    stack.callback(lease.release)
    if not lease.take():
        raise OwnedElsewhere(f"{lease.holder} owns the desk at {site}; stop it there first")
    lease.keep(lost=lambda: None)  # what comes too late is refused by the fence
    return lease.fence


def _opened(path: Path) -> IO[bytes]:
    """Open the database file, a new one where there is none: also that one has to be locked."""
    return open(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600), "rb+", buffering=0)


def _lock(handle: IO[bytes] | IO[str], path: Path, *, setting: str) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        raise OwnedElsewhere(
            f"another desk-inovasi is running with {path}; stop it, or set {setting}"
        ) from error


def _remove_empty(path: Path) -> None:
    """Leave no empty file behind where the start was refused."""
    if path.is_file() and path.stat().st_size == 0:
        path.unlink()
