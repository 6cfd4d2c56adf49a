"""At the desk everybody is enrolled."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from storage.engine.sqlite import SqliteTransaction
from tests.kit.databases import in_memory, with_people


@pytest.fixture
def tx() -> Iterator[SqliteTransaction]:
    """A database in memory with everybody in it."""
    with closing(in_memory(with_people())) as connection:
        yield connection


@pytest.fixture
def busy() -> Iterator[SqliteTransaction]:
    """A regency in the middle of its year, in a transaction."""
    from tests.kit.everyday import ordinary

    with closing(in_memory(ordinary())) as connection:
        connection.execute("BEGIN")
        yield connection
