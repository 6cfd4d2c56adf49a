"""When each place of nightly backups got its last whole one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from storage import occurrences
from storage.engine.transaction import Transaction


def kept_at(tx: Transaction, places: Iterable[str]) -> dict[str, datetime | None]:
    """Load when each place of these names got its last backup; None: it has none yet."""
    return {place: occurrences.last_tick(tx, _tick(place)) for place in places}


def note_kept(tx: Transaction, places: Iterable[str], *, now: datetime) -> None:
    """Note that these places have a whole backup of now."""
    for place in places:
        occurrences.set_tick(tx, _tick(place), now=now)


def _tick(place: str) -> str:
    return f"backup_{place}"
