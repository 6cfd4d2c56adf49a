"""Has a list read by a process of its own, with limits of time and memory."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from bot.child_process import environment_without_settings
from domain.importing.list_sheets import ListRefused, Sheet, sheets_from

SECONDS = 60.0  # of one file, with the start of the process, which takes a third of a second


class ReadsLists(Protocol):
    """Reads a file that is called `name`; raises ListRefused. It is not called on the event loop."""

    def __call__(self, path: Path, *, name: str) -> Sequence[Sheet]: ...


def read_list(path: Path, *, name: str) -> tuple[Sheet, ...]:
    """Read a file that is called `name`; raises ListRefused, also for one its process does not survive.

    Raises RuntimeError when the process itself does not work: no file is to blame.
    It waits for the process: not to be called on the event loop.
    """
    if not path.is_file():
        raise ListRefused("gone")
    kept = environment_without_settings()
    command = [sys.executable, "-m", "bot.lists.reading_process", str(path.absolute()), name]
    try:
        done = subprocess.run(command, capture_output=True, env=kept, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired as error:
        raise ListRefused("too_much_inside") from error
    if done.returncode < 0:  # killed at a limit
        raise ListRefused("too_much_inside")
    if done.returncode:
        raise RuntimeError(f"the process that reads lists ended with {done.returncode}")
    answer = json.loads(done.stdout)
    if "refused" in answer:
        raise ListRefused(answer["refused"], **answer["params"])
    return sheets_from(answer["sheets"])
