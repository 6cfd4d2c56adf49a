"""A disk that takes what is written and fails to sync it, as one that is dying does."""

from __future__ import annotations

import ctypes
import errno
import platform
import sys

from storage.engine.database import Database
from storage.engine.transaction import Transaction

_NO_NEW_PRIVILEGES, _SECCOMP, _BY_FILTER = 38, 22, 2  # prctl(2)
_LOAD_NUMBER, _EQUAL, _RETURN = 0x20, 0x15, 0x06  # instructions of BPF, seccomp(2)
_FAIL, _ALLOW = 0x00050000 | errno.EIO, 0x7FFF0000
_FSYNC_AND_FDATASYNC = {"x86_64": (74, 75), "aarch64": (82, 83)}
CAN_FAIL = sys.platform == "linux" and platform.machine() in _FSYNC_AND_FDATASYNC


class _Step(ctypes.Structure):
    _fields_ = [
        ("code", ctypes.c_uint16),
        ("yes", ctypes.c_uint8),
        ("no", ctypes.c_uint8),
        ("value", ctypes.c_uint32),
    ]


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_uint16), ("steps", ctypes.POINTER(_Step))]


async def fail_to_sync(database: Database) -> None:
    """Have every sync of the thread that writes end with an error of the disk, until it is opened anew."""

    def unit(tx: Transaction) -> None:
        _refuse_syncs_of_this_thread()

    await database.run(unit, lasting=False)


def _refuse_syncs_of_this_thread() -> None:
    first, second = _FSYNC_AND_FDATASYNC[platform.machine()]
    steps = (_Step * 5)(
        _Step(_LOAD_NUMBER, 0, 0, 0),
        _Step(_EQUAL, 1, 0, first),
        _Step(_EQUAL, 0, 1, second),
        _Step(_RETURN, 0, 0, _FAIL),
        _Step(_RETURN, 0, 0, _ALLOW),
    )
    libc, program = ctypes.CDLL(None, use_errno=True), _Program(len(steps), steps)
    for request in ((_NO_NEW_PRIVILEGES, 1, 0, 0, 0), (_SECCOMP, _BY_FILTER, ctypes.byref(program), 0, 0)):
        if libc.prctl(*request) != 0:
            raise OSError(ctypes.get_errno(), "this system takes no filter")
