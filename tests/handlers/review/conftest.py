"""In review there is something to review."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from storage.engine.sqlite import SqliteTransaction
from tests.kit.databases import in_memory
from tests.kit.in_review import with_one_handed_in


@pytest.fixture
def tx() -> Iterator[SqliteTransaction]:
    """A database in memory with one innovation of Dinkes handed in."""
    with closing(in_memory(with_one_handed_in())) as connection:
        yield connection
