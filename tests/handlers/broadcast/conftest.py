"""The tests of announcements work on a database with every office."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from storage.engine.transaction import Transaction
from tests.kit.databases import in_memory, with_every_office


@pytest.fixture
def tx() -> Iterator[Transaction]:
    with closing(in_memory(with_every_office())) as connection:
        yield connection
