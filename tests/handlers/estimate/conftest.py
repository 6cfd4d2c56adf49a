"""The tests of the estimate work on the regency as it was in 2025."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from storage.engine.sqlite import SqliteTransaction
from tests.kit.databases import in_memory
from tests.kit.regency import with_kotim


@pytest.fixture
def tx() -> Iterator[SqliteTransaction]:
    with closing(in_memory(with_kotim())) as connection:
        yield connection
