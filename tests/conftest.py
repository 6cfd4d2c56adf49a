"""What every test has: a database, a world, a person at the desk, and how hypothesis searches.

A folder's own `conftest.py` gives `tx` or `database` another beginning where its tests begin elsewhere.
Fixtures import what they need themselves: the process that only hands tests out would wait for it first.
"""

from __future__ import annotations

import gc
from collections.abc import AsyncIterator, Generator, Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from tests.kit.properties import UNTIMED

if TYPE_CHECKING:
    from storage.engine.database import Database
    from storage.engine.sqlite import SqliteTransaction
    from tests.kit.direct import Direct
    from tests.kit.world import World

# The same examples every time, so that a failure is the change's and not chance's;
# `pytest --hypothesis-profile search` looks further. Nothing is timed: a loaded machine is not the test's
# fault.
settings.register_profile(
    "checks",
    derandomize=True,
    database=None,
    deadline=None,
    max_examples=100,
    suppress_health_check=UNTIMED,
)
settings.register_profile("search", deadline=None, max_examples=2_000, suppress_health_check=UNTIMED)
settings.load_profile("checks")


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--update` writes what is kept as files anew."""
    parser.addoption(
        "--update", action="store_true", help="write tests/transcripts/*.txt anew; then read them"
    )
    parser.addoption(
        "--engine",
        choices=("sqlite", "postgresql"),
        default="sqlite",
        help="the database of the tests; postgresql starts a server of its own where one is installed",
    )
    parser.addoption(
        "--every",
        action="store_true",
        help="play every transcript on WhatsApp and by turns too, not only one in ten",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Start the server that `--engine postgresql` asks for; the processes of the run share it."""
    if config.getoption("--engine") != "postgresql" or hasattr(config, "workerinput"):
        return
    from tests.kit import on_server, server

    running = server.started()
    if running is None:
        pytest.exit(server.NOT_INSTALLED, returncode=0)  # the last line of the run says why
    config.add_cleanup(running.stop)
    on_server.use(running.folder)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Read the tests without the garbage collector, and keep what they are out of its later walks.

    All of it stays to the end: to walk through it again and again takes a sixth of the reading.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.fixture(autouse=True)
def _drop_databases() -> Iterator[None]:
    """Drop after a test what it had on the server; what stands longer was there before it."""
    from tests.kit import on_server

    with on_server.dropped():
        yield


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what only `--every` runs, and what the chosen engine has not."""
    from tests.kit import on_server

    left_out = {} if config.getoption("--every") else {"every": "played with --every"}
    if on_server.is_used():
        left_out["sqlite"] = "looks at what SQLite alone has"
    for item in items:
        for name, reason in left_out.items():
            if item.get_closest_marker(name):
                item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture
def tx() -> Iterator[SqliteTransaction]:
    """A migrated database in memory, with nothing in it."""
    from tests.kit.databases import in_memory, migrated

    with closing(in_memory(migrated())) as connection:
        yield connection


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """A migrated database on disk, with nothing in it."""
    from tests.kit.databases import migrated, on_disk

    opened = await on_disk(tmp_path / "desk.db", migrated())
    yield opened
    await opened.close()


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """The bot, the emulated Telegram and everybody in it."""
    from tests.kit.world import world_in

    async with world_in(tmp_path / "data") as opened:
        yield opened


@pytest.fixture
async def direct(tmp_path: Path) -> AsyncIterator[Direct]:
    """A person at the desk, without a channel."""
    from tests.kit.direct import Direct

    opened = await Direct.open(tmp_path)
    yield opened
    await opened.database.close()
