"""Looks at the database of a desk, of whichever engine, without changing it."""

from __future__ import annotations

from storage.engine.file_check import Look, look_at_file
from storage.engine.site import Server, Site


def look(site: Site, *, since: str) -> Look:
    """Read engine and version, check a file's pages and count what was sent since then, a UTC text.

    Never raises for what a file or a server can hold.
    """
    if isinstance(site, Server):
        from storage.engine.server_check import look_at_server  # only who uses it loads its client library

        return look_at_server(site, since=since)
    return look_at_file(site, since=since)
