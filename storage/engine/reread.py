"""Functions of the domain that a migration may call in SQL, to read again what was stored wrongly before."""

from __future__ import annotations

import sqlite3

from domain.reading.clean_text import one_line
from domain.reading.phones import mended

_FUNCTIONS = {"mended_phone": mended, "one_line": one_line}


def lend(tx: sqlite3.Connection) -> None:
    """Make the functions known to a connection; each takes one text, and gives NULL for NULL."""
    for name, function in _FUNCTIONS.items():
        tx.create_function(
            name, 1, lambda text, read=function: None if text is None else read(text), deterministic=True
        )
