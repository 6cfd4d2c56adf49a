"""What the PostgreSQL driver promises a unit, and what it says of a server it cannot use."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from storage.engine import postgresql_server
from storage.engine.database import Database, DatabaseRefused, one_state, read_beside
from storage.engine.database_check import look
from storage.engine.errors import ConnectionLost, ConstraintBroken, StorageError, TookTooLong, is_away
from storage.engine.postgresql import connect
from storage.engine.postgresql_kinds import Kind, kind_of
from storage.engine.postgresql_migrate import run
from storage.engine.server_check import say_standbys
from storage.engine.site import Server, site_from
from storage.engine.transaction import Transaction
from tests.kit import on_server
from tests.kit.one_group import run_together

pytestmark = pytest.mark.skipif("not on_server.is_used()", reason="runs with --engine postgresql")

ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"
EVERYBODY_ELSE = """
SELECT count(pg_terminate_backend(pid, 60000)) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


@pytest.fixture
def site(tmp_path: Path) -> Server:
    """An empty database of its own."""
    made = on_server.site_at(tmp_path / "desk.db")
    assert isinstance(made, Server)
    return made


@pytest.fixture
async def database(site: Server) -> AsyncIterator[Database]:
    """A database with a table of numbers that go in once."""
    opened = await Database.open(site, unit_seconds=0.5)
    await opened.run(lambda tx: tx.execute("CREATE TABLE t (n BIGINT UNIQUE DEFERRABLE)") and None)
    yield opened
    await opened.close()


def insert(value: Any) -> Any:
    return lambda tx: tx.execute("INSERT INTO t VALUES (?)", (value,)).rowcount


def values(tx: Transaction) -> list[int]:
    return [row[0] for row in tx.execute("SELECT n FROM t ORDER BY n")]


def commands(site: Server, sql: str) -> list[Any]:
    """Run something beside the desk, as somebody with a shell would."""
    connection = connect(site.url)
    try:
        return run(connection, sql)
    finally:
        connection.finish()


async def test_units_that_wait_together_share_a_commit_and_keep_their_order(database: Database) -> None:
    before = database.commits.count
    await run_together(database, *(insert(n) for n in range(100)))
    assert database.commits.count - before == 2  # the first is of what held them
    assert await database.read(values) == list(range(100))


async def test_an_answer_that_nobody_reads_fails_its_own_unit_alone(database: Database) -> None:
    def twice(tx: Transaction) -> None:
        tx.execute("INSERT INTO t VALUES (1)")
        tx.execute("INSERT INTO t SELECT 1 / (n - n) FROM t")

    outcomes = await asyncio.gather(
        database.run(insert(7)), database.run(twice), database.run(insert(8)), return_exceptions=True
    )
    assert [outcomes[0], outcomes[2]] == [1, 1]
    assert "division by zero" in str(outcomes[1])
    assert await database.read(values) == [7, 8]


async def test_what_was_tried_inside_is_undone_alone_at_every_depth(database: Database) -> None:
    def unit(tx: Transaction) -> str:
        tx.execute("INSERT INTO t VALUES (1)")
        try:
            tx.attempt(lambda tx: (tx.execute("INSERT INTO t VALUES (2)"), tx.execute("SELEC 1")), seconds=1)
        except StorageError as error:
            said = str(error)
        tx.attempt(lambda tx: tx.attempt(insert(3), seconds=1), seconds=1)
        return said

    assert "syntax error" in await database.run(unit)
    assert await database.read(values) == [1, 3]


async def test_an_error_before_an_attempt_does_not_hide_in_it(database: Database) -> None:
    def unit(tx: Transaction) -> None:
        tx.execute("INSERT INTO t VALUES (1)")
        tx.execute("SELEC 1")
        try:
            tx.attempt(insert(2), seconds=1)
        except StorageError:
            tx.execute("INSERT INTO t VALUES (3)")

    with pytest.raises(StorageError):
        await database.run(unit)
    assert await database.read(values) == []


async def test_many_sets_of_values_are_counted_together(database: Database) -> None:
    def unit(tx: Transaction) -> int:
        return tx.executemany("INSERT INTO t VALUES (?)", [(n,) for n in range(1_200)]).rowcount

    assert await database.run(unit) == 1_200
    assert await database.run(lambda tx: tx.executemany("INSERT INTO t VALUES (?)", []).rowcount) == 0


async def test_a_query_that_runs_away_is_cancelled_and_costs_nobody_else(database: Database) -> None:
    outcomes = await asyncio.gather(
        database.run(insert(1)),
        database.run(lambda tx: tx.execute(ENDLESS).fetchone()),
        database.run(insert(2)),
        return_exceptions=True,
    )
    assert isinstance(outcomes[1], TookTooLong)
    assert await database.read(values) == [1, 2]
    with pytest.raises(TookTooLong):
        await database.read(lambda tx: tx.execute(ENDLESS).fetchone(), seconds=0.2)
    assert await database.read(values) == [1, 2]


async def test_a_commit_that_fails_fails_everybody(database: Database) -> None:
    def later(tx: Transaction) -> None:
        tx.execute("SET CONSTRAINTS ALL DEFERRED")
        tx.execute("INSERT INTO t VALUES (5)")
        tx.execute("INSERT INTO t VALUES (5)")

    outcomes = await run_together(database, insert(1), later)
    assert [type(outcome) for outcome in outcomes] == [ConstraintBroken] * 2
    assert await database.read(values) == []


async def test_what_loses_its_server_is_not_acknowledged_and_the_next_is_kept(
    database: Database, site: Server
) -> None:
    def struck(tx: Transaction) -> int:
        count: int = insert(2)(tx)
        commands(site, EVERYBODY_ELSE)
        return count + int(tx.execute("SELECT 1").fetchone()[0])

    outcomes = await run_together(database, insert(1), struck, insert(3))
    assert [is_away(outcome) for outcome in outcomes if isinstance(outcome, BaseException)] == [True] * 3
    assert database.commits.failing == "ConnectionLost"
    assert await database.run(insert(4)) == 1
    assert await database.read(values) == [4]
    assert database.commits.failing == ""


async def test_a_connection_that_ended_while_nothing_happened_is_made_anew_unseen(
    database: Database, site: Server
) -> None:
    commands(site, EVERYBODY_ELSE)
    assert await database.run(insert(1)) == 1
    assert await database.read(values) == [1]


async def test_what_stands_in_the_opening_refuses_everything_behind_it(database: Database) -> None:
    def close(runner: Any) -> None:
        runner.opening.append(("SELECT 1 / (count(*) - count(*)) FROM t", ()))

    await database._writer.unit(close)
    outcomes = await asyncio.gather(database.run(insert(1)), database.run(insert(2)), return_exceptions=True)
    assert all("division by zero" in str(outcome) for outcome in outcomes)
    await database._writer.unit(lambda runner: runner.opening.clear())
    assert await database.read(values) == []


async def test_the_disk_is_waited_for_unless_nothing_in_a_group_shall_last(database: Database) -> None:
    def waits(tx: Transaction) -> str:
        return str(tx.execute("SHOW synchronous_commit").fetchone()[0])

    lasting = await database.run(waits)
    assert await database.run(waits, lasting=False) == "off"
    assert await database.run(waits) == lasting != "off"


async def test_what_was_read_is_read_again_only_where_it_may_have_changed(database: Database) -> None:
    counted = "SELECT count(*) FROM t WHERE n > ?"

    def unit(tx: Transaction) -> list[int]:
        seen = []
        for step in (None, insert(1), None, insert(2)):
            if step is not None:
                step(tx)
            seen += [tx.execute(counted, (0,)).fetchone()[0] for _ in range(2)]
        seen.append(tx.execute(counted, (1,)).fetchone()[0])
        with pytest.raises(StorageError):
            tx.attempt(lambda tx: tx.execute("INSERT INTO t VALUES (3), (NULL), ('x')").rowcount, seconds=1)
        return [*seen, tx.execute(counted, (0,)).fetchone()[0]]

    assert await database.run(unit) == [0, 0, 1, 1, 1, 1, 2, 2, 1, 2]


async def test_what_is_asked_twice_goes_to_the_server_once(database: Database) -> None:
    asked = "SELECT count(*) FROM t"

    def unit(tx: Transaction) -> tuple[int, int]:
        first = tx.execute(asked)
        sent = len(tx._ahead)  # type: ignore[attr-defined]
        again = tx.execute(asked)
        assert len(tx._ahead) == sent  # type: ignore[attr-defined]
        return again.fetchone()[0], first.fetchone()[0]

    assert await database.run(unit) == (0, 0)


@pytest.mark.parametrize(
    ("sql", "kind"),
    [
        ("SELECT 1 FROM offices o JOIN periods p ON p.id = 1", Kind.READS_LASTING),
        ("SELECT 1 FROM offices, inbox", Kind.READS),
        ("SELECT 1 FROM offices WHERE id IN (SELECT office_id FROM innovations)", Kind.READS),
        ("SELECT pg_notify('x', '')", Kind.WRITES_LASTING),
        ("SELECT 1 FROM inbox FOR UPDATE", Kind.WRITES_LASTING),
        ("INSERT INTO inbox VALUES (1)", Kind.WRITES),
        ("UPDATE offices SET name = ?", Kind.WRITES_LASTING),
        ("WITH x AS (DELETE FROM inbox RETURNING 1) SELECT 1 FROM x", Kind.WRITES_LASTING),
        ("ROLLBACK TO attempt_1", Kind.WRITES_LASTING),
        ("SAVEPOINT attempt_1", Kind.NOTHING),
    ],
)
def test_a_statement_is_known_by_what_it_does_to_rows(sql: str, kind: Kind) -> None:
    assert kind_of(sql) is kind


async def test_a_read_sees_one_state_and_writes_nothing(database: Database, site: Server) -> None:
    with pytest.raises(StorageError, match="read-only"):
        await database.read(insert(1))
    with read_beside(site) as tx, one_state(tx):
        before = values(tx)
        await database.run(insert(1))
        assert values(tx) == before == []


async def test_it_refuses_work_after_it_was_closed(site: Server) -> None:
    database = await Database.open(site)
    await database.close()
    with pytest.raises(ValueError, match="connection"):
        await database.run(lambda tx: None)


async def test_a_schema_is_made_where_there_is_none_and_keeps_to_itself(site: Server) -> None:
    one, other = (site_from(f"{site.url}&schema={name}") for name in ("satu", "dua"))
    for here in (one, other):
        database = await Database.open(here)
        assert await database.read(lambda tx: tx.execute("SELECT count(*) FROM offices").fetchone()[0]) == 0
        await database.close()
    assert look(one, since="2026").summary.startswith("PostgreSQL 1")
    assert not look(site, since="2026").summary.startswith("version")


async def test_a_newer_database_and_another_programs_are_refused(site: Server) -> None:
    database = await Database.open(site)
    await database.run(
        lambda tx: tx.execute("INSERT INTO schema_migrations VALUES (9999, 'x', 'y')") and None
    )
    await database.close()
    with pytest.raises(DatabaseRefused, match=r"found version 9999, this program knows \d+; install"):
        await Database.open(site)
    assert "is at version 9999" in look(site, since="2026").summary
    other = site_from(f"{site.url}&schema=resep")
    commands(site, "CREATE SCHEMA resep")
    commands(site, "CREATE TABLE resep.recipes (n BIGINT)")
    with pytest.raises(DatabaseRefused, match='found the table "recipes"'):
        await Database.open(other)
    assert not look(other, since="2026").fine


async def test_missing_rights_are_said_with_what_gives_them(site: Server) -> None:
    commands(site, "CREATE ROLE poor LOGIN")
    try:
        poor = site_from(site.url.replace("user=desk", "user=poor"))
        with pytest.raises(
            DatabaseRefused, match=r"poor may not make tables .* GRANT USAGE, CREATE ON SCHEMA"
        ):
            await Database.open(poor)
        with pytest.raises(
            DatabaseRefused, match=r"no schema milik, and poor may make none; .* CREATE SCHEMA"
        ):
            await Database.open(site_from(f"{site.url.replace('user=desk', 'user=poor')}&schema=milik"))
    finally:
        commands(site, "DROP ROLE poor")


async def test_a_standby_that_only_reads_is_refused(site: Server) -> None:
    name = commands(site, "SELECT current_database()")[0][0]
    commands(site, f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    with pytest.raises(DatabaseRefused, match=r"only reads: it is a standby; name .*session is read-only"):
        await Database.open(site)
    anywhere = site_from(f"{site.url}&target_session_attrs=any")
    with pytest.raises(
        DatabaseRefused, match="only reads: it is a standby; name the server that takes writes"
    ):
        await Database.open(anywhere)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ((0, 0, 0), "no standby"),
        ((2, 1, 2), "2 standby, 1 of them waited for at each commit"),
        ((1, 0, 0), "1 standby, how many of them are waited for is shown after GRANT pg_monitor"),
    ],
)
def test_what_a_role_may_not_see_of_standbys_is_not_taken_for_none(row: tuple[int, ...], said: str) -> None:
    seen: Any = SimpleNamespace(execute=lambda sql: SimpleNamespace(fetchone=lambda: row))
    assert say_standbys(seen) == said


def test_a_server_too_old_or_of_another_encoding_is_refused() -> None:
    here = Server("postgresql:///desk")
    old: Any = SimpleNamespace(server_version=140_012)
    with pytest.raises(DatabaseRefused, match="is PostgreSQL 14; the desk needs 15 or newer, so upgrade"):
        postgresql_server.refuse_unfit(old, here)
    latin: Any = SimpleNamespace(server_version=150_008, parameter_status=lambda name: b"LATIN1")
    with pytest.raises(DatabaseRefused, match="keeps its texts as LATIN1; make the database with ENCODING"):
        postgresql_server.refuse_unfit(latin, here)


async def test_a_server_that_is_away_is_said_without_the_password() -> None:
    away = site_from("postgresql://desk:hush@127.0.0.1:1/desk")
    with pytest.raises(DatabaseRefused) as refused:
        await Database.open(away)
    assert str(refused.value).startswith("postgresql://desk:…@127.0.0.1:1/desk: connection to server at")
    assert "hush" not in str(refused.value)
    assert not look(away, since="2026").fine
    assert isinstance(refused.value.__cause__, ConnectionLost)


async def test_an_address_that_cannot_be_read_is_said_without_the_password() -> None:
    unread = site_from("postgresql://desk:hush hush@127.0.0.1:1/desk")
    with pytest.raises(DatabaseRefused) as refused:
        await Database.open(unread)
    assert "hush" not in str(refused.value)
