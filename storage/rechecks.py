"""What an office has to look at again in an innovation, each place until it has been seen."""

from __future__ import annotations

from collections.abc import Mapping

from storage.engine.transaction import Transaction

_OPEN = "SELECT place, why FROM rechecks WHERE innovation_id = ?"


def open_places(tx: Transaction, innovation_id: int) -> Mapping[str, str]:
    """Load the places, each with its reason."""
    return dict(tx.execute(_OPEN, (innovation_id,)).fetchall())


_ADD = """
INSERT INTO rechecks (innovation_id, place, why) VALUES (?, ?, ?)
ON CONFLICT (innovation_id, place) DO UPDATE SET why = excluded.why
"""


def add(tx: Transaction, innovation_id: int, places: Mapping[str, str]) -> None:
    """Ask for places to be looked at again."""
    tx.executemany(_ADD, [(innovation_id, place, why) for place, why in places.items()])


_SEEN = "DELETE FROM rechecks WHERE innovation_id = ? AND place = ?"


def seen(tx: Transaction, innovation_id: int, place: str) -> None:
    """Let go of a place that was looked at."""
    tx.execute(_SEEN, (innovation_id, place))


def all_seen(tx: Transaction, innovation_id: int) -> None:
    """Let go of every place: the innovation was sent after all of it had been shown."""
    tx.execute("DELETE FROM rechecks WHERE innovation_id = ?", (innovation_id,))
