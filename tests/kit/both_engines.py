"""A PostgreSQL server beside the files of a test, where the programs are installed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count

import pytest

from tests.kit import server

NewSchema = Callable[[], str]


@contextmanager
def schemas() -> Iterator[NewSchema]:
    """Start a server, and give addresses of schemas nobody has made yet; skipped where there is none."""
    running = server.started()
    if running is None:
        pytest.skip(server.NOT_INSTALLED)
    numbers = count(1)
    try:
        yield lambda: f"{running.url('postgres')}&schema=desk_{next(numbers)}"
    finally:
        running.stop()
