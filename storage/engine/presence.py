"""Whether there is a desk at a place at all, before one is made there."""

from __future__ import annotations

from storage.engine.place import Place, Server


def holds_anything(place: Place) -> bool:
    """Tell whether a file or a schema holds anything; raises DatabaseRefused for a server that is away."""
    if not isinstance(place, Server):
        return place.exists() and place.stat().st_size > 0
    from storage.engine import postgresql_server  # only who uses it loads its client library

    return postgresql_server.holds_anything(place)
