"""When each site of nightly backups got its last whole one, and since when backups are asked for there."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from storage import occurrences
from storage.engine.transaction import Transaction

SITES = ("folder", "storage")  # that a desk may ask for


def kept_at(tx: Transaction, sites: Iterable[str]) -> dict[str, datetime | None]:
    """Load when each site of these names got its last backup; None: it has none yet."""
    return {site: occurrences.last_tick(tx, _tick(site)) for site in sites}


def asked_since(tx: Transaction, sites: Iterable[str]) -> dict[str, datetime]:
    """Load since when backups are asked for at these sites; one nobody has looked at yet is left out."""
    asked = {site: occurrences.last_tick(tx, _asked(site)) for site in sites}
    return {site: since for site, since in asked.items() if since is not None}


def note_asked(tx: Transaction, sites: Collection[str], *, now: datetime) -> None:
    """Note from now on that these sites are asked for, and no other."""
    for site in SITES:
        if site not in sites:
            occurrences.clear_tick(tx, _asked(site))
        elif occurrences.last_tick(tx, _asked(site)) is None:
            occurrences.set_tick(tx, _asked(site), now=now)


def note_kept(tx: Transaction, sites: Iterable[str], *, now: datetime) -> None:
    """Note that these sites have a whole backup of now."""
    for site in sites:
        occurrences.set_tick(tx, _tick(site), now=now)


def _tick(site: str) -> str:
    return f"backup_{site}"


def _asked(site: str) -> str:
    return f"backup_{site}_asked"
