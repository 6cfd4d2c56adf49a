"""A disk that takes what is written and fails to sync it, as one that is dying does, until it does again."""

from __future__ import annotations

import ctypes
import errno
import fcntl
import os
import platform
import select
import struct
import sys
from threading import Thread

from storage.engine.database import Database
from storage.engine.transaction import Transaction

_NO_NEW_PRIVILEGES = 38  # prctl(2)
_BY_FILTER, _WITH_LISTENER = 1, 8  # seccomp(2): the operation, and a handle on which each call is asked about
_SECCOMP = {"x86_64": 317, "aarch64": 277}
_FSYNC_AND_FDATASYNC = {"x86_64": (74, 75), "aarch64": (82, 83)}
_LOAD_NUMBER, _EQUAL, _RETURN = 0x20, 0x15, 0x06  # instructions of BPF
_ASK, _ALLOW = 0x7FC00000, 0x7FFF0000
_RECEIVE, _SEND = 0xC0502100, 0xC0182101  # seccomp_unotify(2)
_QUESTION_BYTES = 80
_GO_ON = 1  # the call is carried out
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


class Syncs:
    """Answers for every sync of one thread: it ends with an error of the disk while they are `failing`."""

    def __init__(self, listener: int) -> None:
        self.failing = True
        self.failed = 0
        self._listener = listener
        Thread(target=self._answer, daemon=True).start()

    def _answer(self) -> None:
        """Answer until the thread that asks has ended."""
        poll = select.poll()
        poll.register(self._listener, select.POLLIN)
        while not (poll.poll()[0][1] & (select.POLLHUP | select.POLLERR)):
            question = bytearray(_QUESTION_BYTES)
            fcntl.ioctl(self._listener, _RECEIVE, question)
            (number,) = struct.unpack_from("Q", question)
            self.failed += self.failing
            error, flags = (-errno.EIO, 0) if self.failing else (0, _GO_ON)
            fcntl.ioctl(self._listener, _SEND, struct.pack("QqiI", number, 0, error, flags))
        os.close(self._listener)


async def fail_to_sync(database: Database) -> Syncs:
    """Have every sync of the thread that writes end with an error of the disk, until they fail no more."""

    def unit(tx: Transaction) -> int:
        return _ask_about_syncs_of_this_thread()

    return Syncs(await database.run(unit, lasting=False))


def _ask_about_syncs_of_this_thread() -> int:
    """Have each sync of this thread wait for an answer; returns the handle to answer by."""
    first, second = _FSYNC_AND_FDATASYNC[platform.machine()]
    steps = (_Step * 5)(
        _Step(_LOAD_NUMBER, 0, 0, 0),
        _Step(_EQUAL, 1, 0, first),
        _Step(_EQUAL, 0, 1, second),
        _Step(_RETURN, 0, 0, _ASK),
        _Step(_RETURN, 0, 0, _ALLOW),
    )
    libc, program = ctypes.CDLL(None, use_errno=True), _Program(len(steps), steps)
    listener = -1
    if libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) == 0:
        listener = libc.syscall(
            _SECCOMP[platform.machine()], _BY_FILTER, _WITH_LISTENER, ctypes.byref(program)
        )
    if listener < 0:
        raise OSError(ctypes.get_errno(), "this system takes no filter")
    return int(listener)
