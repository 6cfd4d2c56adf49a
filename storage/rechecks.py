"""The places of an innovation an office has to look at again, each until it was seen."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping

from storage.engine.transaction import Transaction

_OPEN = "SELECT place, why FROM rechecks WHERE innovation_id = ? ORDER BY place"


def open_places(tx: Transaction, innovation_id: int) -> Mapping[str, str]:
    """Load the places, each with its reason."""
    return dict(tx.execute(_OPEN, (innovation_id,)).fetchall())


_OPEN_OF = """
SELECT innovation_id, place, why FROM rechecks WHERE innovation_id IN (SELECT value FROM json_each(?))
ORDER BY innovation_id, place
"""


def open_places_of(tx: Transaction, ids: Collection[int]) -> Mapping[int, Mapping[str, str]]:
    """Load the places of several innovations, by their ids; one without a place is left out."""
    by_innovation: dict[int, dict[str, str]] = {}
    for innovation_id, place, why in tx.execute(_OPEN_OF, (json.dumps(list(ids)),)):
        by_innovation.setdefault(innovation_id, {})[place] = why
    return by_innovation


_ADD = """
INSERT INTO rechecks (innovation_id, place, why) VALUES (?, ?, ?)
ON CONFLICT (innovation_id, place) DO UPDATE SET why = excluded.why
"""


def add(tx: Transaction, innovation_id: int, *, places: Mapping[str, str]) -> None:
    """Ask for places to be looked at again."""
    tx.executemany(_ADD, [(innovation_id, place, why) for place, why in places.items()])


_SEEN = "DELETE FROM rechecks WHERE innovation_id = ? AND place = ?"


def seen(tx: Transaction, innovation_id: int, *, place: str) -> None:
    """Let go of a place that was looked at."""
    tx.execute(_SEEN, (innovation_id, place))


def all_seen(tx: Transaction, innovation_id: int) -> None:
    """Remove every place, as the innovation was sent after all were shown."""
    tx.execute("DELETE FROM rechecks WHERE innovation_id = ?", (innovation_id,))
