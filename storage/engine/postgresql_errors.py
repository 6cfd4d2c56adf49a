"""The errors of the server and of its client library by the names that callers know."""

from __future__ import annotations

from psycopg import pq

from storage.engine.errors import (
    Busy,
    ConnectionLost,
    ConstraintBroken,
    DiskFull,
    LeaseLost,
    StorageError,
    TookTooLong,
)

# https://www.postgresql.org/docs/15/errcodes-appendix.html
_KINDS: tuple[tuple[str, type[StorageError]], ...] = (
    ("53100", DiskFull),
    ("58030", DiskFull),
    ("25006", DiskFull),  # a transaction that only reads: the server takes nothing any more
    ("55P03", Busy),
    ("40", Busy),
    ("57014", TookTooLong),
    ("23", ConstraintBroken),
    ("57P", ConnectionLost),  # the server ends, or the connection was ended from outside
    ("08", ConnectionLost),
)
LOST = "the lease of this desk was lost"  # what the fence of `storage.engine.lease` has the server say


class StatementRefused(StorageError):
    """the server does not take a statement"""

    def __init__(self, state: str, message: str) -> None:
        super().__init__(message)
        self.state = state


def connection_lost(connection: pq.abc.PGconn, error: BaseException | None = None) -> ConnectionLost:
    """Return why a connection is of no use any more: with `error` what the client library said of it."""
    said = connection.get_error_message() if error is None else str(error)
    lost = ConnectionLost(" ".join(said.split()))
    lost.__cause__ = error
    return lost


def name_error(result: pq.abc.PGresult) -> StorageError:
    """Return an error of the server by the name that callers know."""
    state = (result.error_field(pq.DiagnosticField.SQLSTATE) or b"").decode()
    message = (result.error_field(pq.DiagnosticField.MESSAGE_PRIMARY) or b"").decode(errors="replace")
    if LOST in message:
        return LeaseLost(LOST)
    for beginning, kind in _KINDS:
        if state.startswith(beginning):
            return kind(message)
    return StatementRefused(state, message)
