"""What callers tell apart when the database fails, whatever the engine under it.

StorageError
├── DiskFull          nothing can be written: a full, read-only or broken disk
├── Busy              another process holds the database
├── TookTooLong       a statement was interrupted, its time was over
├── ConstraintBroken  a row that a rule of the tables forbids
├── TransactionLost   the whole transaction was undone inside a unit
├── ConnectionLost    the server is away: what was not acknowledged has to be tried again
└── LeaseLost         another process owns the desk now: nothing is written any more
"""

from __future__ import annotations

import errno

_DISK_ERRNOS = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO})


class StorageError(RuntimeError):
    """the database did not do what was asked"""


class DiskFull(StorageError):
    """the disk takes nothing: it is full, read-only or broken"""


class Busy(StorageError):
    """another process holds the database"""


class TookTooLong(StorageError):
    """a statement ran longer than it may"""


class ConstraintBroken(StorageError):
    """a rule of the tables forbids the row"""


class TransactionLost(StorageError):
    """the whole transaction was rolled back inside a unit"""


class ConnectionLost(StorageError):
    """the server is away, or has ended the connection"""


class LeaseLost(StorageError):
    """another process has taken this desk over"""


def is_away(error: BaseException | None) -> bool:
    """Tell whether the server was lost on the way: nobody is to blame, and everything is tried again."""
    while error is not None:
        if isinstance(error, ConnectionLost):
            return True
        error = error.__cause__
    return False


def is_full(error: BaseException | None) -> bool:
    """Tell whether the disk takes nothing: then nothing may be acknowledged, and nobody is to blame."""
    while error is not None:
        if isinstance(error, DiskFull) or (isinstance(error, OSError) and error.errno in _DISK_ERRNOS):
            return True
        error = error.__cause__
    return False
