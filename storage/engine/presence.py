"""Whether there is a desk at a site at all, before one is made there."""

from __future__ import annotations

from storage.engine.open_file import DatabaseRefused
from storage.engine.site import Server, Site


def holds_anything(site: Site) -> bool:
    """Tell whether a file or a schema holds anything; raises DatabaseRefused for a server that is away."""
    if not isinstance(site, Server):
        return site.exists() and site.stat().st_size > 0
    from storage.engine import postgresql_server  # only who uses it loads its client library

    return postgresql_server.holds_anything(site)


def refuse_nothing(site: Site) -> None:
    """Raise DatabaseRefused where there is no desk: what only reads makes none, as the folder is mistyped."""
    if not holds_anything(site):
        raise DatabaseRefused(f"there is no {site}; check DESK_DATA_DIR and DESK_DATABASE_URL")
