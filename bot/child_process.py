"""What every process beside the bot keeps to: it gets no setting, ends with the bot, and gives way to it."""

from __future__ import annotations

import ctypes
import os
import signal
import struct
import sys
from contextlib import suppress
from threading import Thread
from time import sleep

_PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG, prctl(2)
NICE, LEAST_NICE = 10, 19
# sched_setattr(2): its number, its policy for work nobody waits for, and the shortest turn of the processor
# it takes. Linux lets a turn go on to its end before it looks who was woken, 3 ms unless told otherwise.
_SET_TURNS = {"x86_64": 314, "aarch64": 274}
_TURNS = struct.Struct("=IIQiIQQQ")
_BATCH, _TURN_NANOSECONDS = 3, 100_000
_LOOK_SECONDS = 1.0  # between looks for the parent where the system does not tell
SETTINGS_PREFIX = "DESK_"  # of every setting's name in the environment


def environment_without_settings() -> dict[str, str]:
    """Copy the environment without our settings, some of which are secrets."""
    return {name: value for name, value in os.environ.items() if not name.startswith(SETTINGS_PREFIX)}


def end_with_parent() -> None:
    """Have this process killed when its parent ends; called before anything that takes long.

    Linux does it by itself; elsewhere a thread looks whether the parent is still the same.
    """
    if not die_with_parent():
        Thread(target=_watch_parent, args=(os.getppid(),), daemon=True).start()


def die_with_parent() -> bool:
    """Ask Linux to kill this process when the thread that started it ends; False on another system."""
    if sys.platform != "linux":
        return False
    return bool(ctypes.CDLL(None).prctl(_PARENT_DEATH_SIGNAL, signal.SIGKILL) == 0)


def _watch_parent(parent: int) -> None:
    while os.getppid() == parent:
        sleep(_LOOK_SECONDS)
    os._exit(1)


def give_way(nice: int = NICE) -> None:
    """Let the bot have the processor first, and have it back at once when it wants it.

    No idle class of processor or disk: on a busy machine a backup would hold its state of the database for
    hours, and the log beside the database could not be folded meanwhile.
    """
    if hasattr(os, "nice"):
        os.nice(nice)
    if sys.platform == "linux" and not _take_short_turns(os.getpriority(os.PRIO_PROCESS, 0)):
        with suppress(OSError):  # a sandbox may refuse this too: then its priority alone is low
            os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))


def _take_short_turns(nice: int) -> bool:
    """Ask for short turns of the processor; a kernel before 6.12 leaves them as they are.

    Returns False where the call is unknown or refused.
    """
    number = _SET_TURNS.get(os.uname().machine)
    if number is None:
        return False
    turns = _TURNS.pack(_TURNS.size, _BATCH, 0, nice, 0, _TURN_NANOSECONDS, 0, 0)
    return bool(ctypes.CDLL(None).syscall(number, 0, ctypes.create_string_buffer(turns), 0) == 0)
