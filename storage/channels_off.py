"""Which channels are off in this run, so that nobody counts as reachable where nothing is sent."""

from __future__ import annotations

from collections.abc import Collection

from storage.engine.transaction import Transaction

_OFF = "SELECT channel FROM channels_off ORDER BY channel"
_CLEAR = "DELETE FROM channels_off"
_KEEP = "INSERT INTO channels_off (channel) VALUES (?)"


def keep(tx: Transaction, off: Collection[str]) -> None:
    """Keep which of the known channels are off; writes nothing where that is known already."""
    if [row[0] for row in tx.execute(_OFF)] == sorted(off):
        return
    tx.execute(_CLEAR)
    tx.executemany(_KEEP, [(channel,) for channel in sorted(off)])
