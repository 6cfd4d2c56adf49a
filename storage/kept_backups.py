"""When each site of nightly backups got its last whole one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from storage import occurrences
from storage.engine.transaction import Transaction


def kept_at(tx: Transaction, sites: Iterable[str]) -> dict[str, datetime | None]:
    """Load when each site of these names got its last backup; None: it has none yet."""
    return {site: occurrences.last_tick(tx, _tick(site)) for site in sites}


def note_kept(tx: Transaction, sites: Iterable[str], *, now: datetime) -> None:
    """Note that these sites have a whole backup of now."""
    for site in sites:
        occurrences.set_tick(tx, _tick(site), now=now)


def _tick(site: str) -> str:
    return f"backup_{site}"
