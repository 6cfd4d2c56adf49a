"""Reads a desk's database from a process of its own, beside the one that writes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from storage.engine.engine_contract import Runner
from storage.engine.site import Server, Site
from storage.engine.sqlite import connect_to_read


@contextmanager
def read_beside(site: Site) -> Iterator[Runner]:
    """Open a connection that only reads, and close it at the end."""
    tx = _connect(site)
    try:
        yield tx
    finally:
        tx.close()


def _connect(site: Site) -> Runner:
    if not isinstance(site, Server):
        return connect_to_read(site)
    from storage.engine import postgresql_server  # only who uses it loads its client library

    return postgresql_server.connect_to_read(site)


@contextmanager
def one_state(tx: Runner) -> Iterator[None]:
    """Read everything inside from one state of the database."""
    tx.begin(reading=True)
    try:
        yield
    finally:
        tx.undo()
