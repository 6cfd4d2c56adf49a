"""The lease of a desk on a server: one owner, and nothing written by who was."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from time import monotonic

import pytest

from storage.engine.database import Database
from storage.engine.errors import LeaseLost
from storage.engine.lease import HINT, RENEWAL_SECONDS, Lease
from storage.engine.migrate import APPLIED
from storage.engine.postgresql_migrate import postgresql_migrations
from storage.engine.site import Server, site_from
from storage.engine.transaction import Transaction
from tests.kit import server
from tests.kit.patience import PATIENCE

HINTS = 20


@pytest.fixture(scope="module")
def running() -> Iterator[server.Server]:
    """A server of this module's own."""
    started = server.started()
    if started is None:
        pytest.skip(server.NOT_INSTALLED)
    yield started
    started.stop()


@pytest.fixture
def site(running: server.Server, request: pytest.FixtureRequest) -> Server:
    """A schema of this test's own."""
    site = site_from(f"{running.url('postgres')}&schema={request.node.name.split('[')[0][:60]}")
    assert isinstance(site, Server)
    return site


@pytest.fixture
async def closing() -> AsyncIterator[AsyncExitStack]:
    """Close what a test has opened."""
    async with AsyncExitStack() as stack:
        yield stack


async def _owner(site: Server, closing: AsyncExitStack, name: str) -> tuple[Lease, Database]:
    lease = Lease(site, owner=name)
    assert lease.take()
    closing.callback(lease.release)
    database = await Database.open(site, opening=lease.fence)
    closing.push_async_callback(database.close)
    return lease, database


def _write(tx: Transaction) -> None:
    tx.execute("INSERT INTO ticks (name, at) VALUES ('tried', '') ON CONFLICT DO NOTHING")


def _expire(tx: Transaction) -> None:
    """Do what time does to a lease that nobody renews."""
    tx.execute("UPDATE desk_lease SET until = '-infinity'")


def _renew(tx: Transaction) -> None:
    """Do what a thread does once a second, for as long as a loaded machine takes."""
    tx.execute("UPDATE desk_lease SET until = 'infinity'")


async def test_only_one_owns_and_the_other_is_told_who(site: Server, closing: AsyncExitStack) -> None:
    lease, database = await _owner(site, closing, "the first host")
    await database.run(_write)
    await database.run(_renew)
    second = Lease(site, owner="the second host")
    closing.callback(second.release)
    assert not second.take()
    assert second.holder == "the first host"
    lease.release()
    assert second.take()


async def test_who_has_lost_the_lease_cannot_write(site: Server, closing: AsyncExitStack) -> None:
    _, first = await _owner(site, closing, "the first host")
    await first.run(_expire)
    await _owner(site, closing, "the second host")
    with pytest.raises(LeaseLost):
        await first.run(_write)
    assert await first.read(lambda tx: tx.execute("SELECT count(*) FROM ticks").fetchone()) == (0,)


async def test_who_has_lost_the_lease_brings_the_tables_to_no_other_version(
    site: Server, closing: AsyncExitStack
) -> None:
    lease, first = await _owner(site, closing, "a host with a newer program")
    await first.run(_expire)
    _, second = await _owner(site, closing, "the second host")
    newer = [*postgresql_migrations(), (9999, "9999_newer.sql", "CREATE TABLE newer (id BIGINT)")]
    with pytest.raises(LeaseLost):
        await Database.open(site, opening=lease.fence, migrations=newer)
    newest = await second.read(lambda tx: tx.execute(APPLIED).fetchone()[0])
    assert newest < 9999


async def test_hints_cost_no_renewals(site: Server, closing: AsyncExitStack) -> None:
    lease, database = await _owner(site, closing, "the first host")
    lease.keep(lost=lambda: None, backend=database.backend)
    began = monotonic()
    kept_until = set()
    for _ in range(HINTS):
        await database.run(lambda tx: tx.execute(HINT))
        kept_until.add(await database.read(lambda tx: tx.execute("SELECT until FROM desk_lease").fetchone()))
    assert len(kept_until) <= 2 + (monotonic() - began) / RENEWAL_SECONDS


async def test_a_takeover_ends_the_transaction_that_is_under_way(
    site: Server, closing: AsyncExitStack
) -> None:
    _, first = await _owner(site, closing, "the first host")
    second = Lease(site, owner="the second host")
    closing.callback(second.release)
    await first.run(_expire)

    def slow(tx: Transaction) -> None:
        _write(tx)
        tx.execute("SELECT 1").fetchone()
        assert second.take()  # while this transaction is open
        tx.execute("SELECT 1").fetchone()

    with pytest.raises(Exception, match=r"terminating|closed|lost"):
        await first.run(slow)
    assert await first.read(lambda tx: tx.execute("SELECT count(*) FROM ticks").fetchone()) == (0,)


async def test_who_keeps_it_hears_of_its_end_and_of_updates(site: Server, closing: AsyncExitStack) -> None:
    lease, database = await _owner(site, closing, "the first host")
    lost, hinted = threading.Event(), threading.Event()
    lease.keep(lost=lost.set, hinted=hinted.set, backend=database.backend)
    beside = await Database.open(site, migrating=False)  # as a host that stands by keeps what is pushed
    closing.push_async_callback(beside.close)
    await beside.run(lambda tx: tx.execute(HINT))
    assert hinted.wait(PATIENCE)
    await beside.run(lambda tx: tx.execute("UPDATE desk_lease SET term = term + 1"))
    assert lost.wait(PATIENCE)
