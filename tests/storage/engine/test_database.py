""""""

from __future__ import annotations

import asyncio
import inspect
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import aiosqlite
import pytest

from storage.engine.database import Database
from storage.engine.errors import Busy, ConstraintBroken, DiskFull, TookTooLong, TransactionLost, is_full
from storage.engine.transaction import Transaction
from tests.kit.one_group import run_together
from tests.kit.one_table import INSERT, insert, on_disk, values
from tests.kit.patience import PATIENCE

pytestmark = pytest.mark.sqlite


ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "


BIG = "x" * 200_000


async def commits(database: Database, work: Any) -> int:
    """Count the commits that happen while `work` is done."""
    seen: list[str] = []
    await database._writer.unit(lambda tx: tx.set_trace_callback(seen.append))
    await work
    await database._writer.unit(lambda tx: tx.set_trace_callback(None))
    return seen.count("COMMIT")


def endless_write(tx: Transaction) -> None:
    tx.execute("INSERT INTO t " + ENDLESS + "SELECT i FROM n")


def endless_read(tx: Transaction) -> Any:
    return tx.execute(ENDLESS + "SELECT max(i) FROM n").fetchone()


def test_aiosqlite_still_has_what_a_unit_in_one_hop_stands_on() -> None:
    """We use two private names of aiosqlite; an upgrade that takes them away must speak here."""
    assert list(inspect.signature(aiosqlite.Connection._execute).parameters) == [
        "self",
        "fn",
        "args",
        "kwargs",
    ]
    assert isinstance(aiosqlite.Connection._conn, property)


async def test_it_keeps_what_a_unit_wrote_before_it_answers(database: Database, tmp_path: Path) -> None:
    assert await database.run(insert(1)) == 1
    assert on_disk(tmp_path / "data" / "desk.db") == [1]


async def test_it_runs_with_the_settings_that_make_a_commit_mean_something(database: Database) -> None:
    def pragmas(tx: Transaction) -> list[Any]:
        names = ("journal_mode", "synchronous", "foreign_keys", "temp_store", "busy_timeout")
        return [tx.execute(f"PRAGMA {name}").fetchone()[0] for name in names]

    assert await database.run(pragmas) == ["wal", 2, 1, 2, 10_000]


async def test_units_that_wait_together_share_a_commit_and_keep_their_order(database: Database) -> None:
    together = run_together(database, *(insert(n) for n in range(100)))
    assert await commits(database, together) == 2  # the first is of what held them
    assert await database.read(values) == list(range(100))


async def test_units_that_come_while_a_commit_is_under_way_share_the_next(database: Database) -> None:
    async def storm() -> None:
        async def person(n: int) -> None:
            for turn in range(10):
                await database.run(insert(n * 100 + turn))

        await asyncio.gather(*(person(n) for n in range(50)))

    count = await commits(database, storm())
    assert count < 100, "500 units from 50 people"
    assert len(await database.read(values)) == 500


async def test_a_patient_unit_leaves_with_the_next_commit(database: Database) -> None:
    async def two() -> None:
        patient = asyncio.create_task(database.run(insert("patient"), patience=3600.0))
        await asyncio.sleep(0)
        await database.run(insert("next"))
        async with asyncio.timeout(PATIENCE):
            assert await patient == 1

    assert await commits(database, two()) == 1
    assert await database.read(values) == ["patient", "next"]


async def test_a_patient_unit_goes_alone_when_nobody_comes(database: Database) -> None:
    await database.run(insert("patient"), patience=0.01)
    assert await database.read(values) == ["patient"]


async def test_a_unit_that_raises_is_undone_alone(database: Database) -> None:
    def raises(tx: Transaction) -> None:
        tx.execute(INSERT, ("wrong",))
        raise LookupError("mine")

    results = await asyncio.gather(
        database.run(insert("before")),
        database.run(raises),
        database.run(insert("after")),
        return_exceptions=True,
    )
    assert results[0] == results[2] == 1
    assert isinstance(results[1], LookupError)
    assert await database.read(values) == ["before", "after"]


async def test_the_only_unit_of_a_commit_has_no_savepoint(database: Database) -> None:
    seen: list[str] = []
    await database._writer.unit(lambda tx: tx.set_trace_callback(seen.append))
    await database.run(insert(1))
    assert [statement.split()[0] for statement in seen] == ["BEGIN", "INSERT", "COMMIT"]


@pytest.mark.parametrize(
    "ends", [StopIteration, SystemExit, KeyboardInterrupt], ids=lambda kind: kind.__name__
)
async def test_a_unit_that_ends_strangely_leaves_no_transaction_open(database: Database, ends: Any) -> None:
    def unit(tx: Transaction) -> None:
        tx.execute(INSERT, ("wrong",))
        raise ends

    caught: list[BaseException] = []

    async def caller() -> None:
        try:
            await database.run(unit)
        except BaseException as error:
            caught.append(error)

    await caller()
    assert len(caught) == 1
    await database.run(insert("right"))
    assert await database.read(values) == ["right"]


async def test_a_unit_that_goes_on_after_its_transaction_was_lost_is_told(database: Database) -> None:
    def swallows(tx: Transaction) -> None:
        try:
            endless_write(tx)
        except sqlite3.OperationalError:
            return

    results = await asyncio.gather(database.run(insert(1)), database.run(swallows), return_exceptions=True)
    assert results[0] == 1
    assert isinstance(results[1], TransactionLost)
    assert await database.read(values) == [1]


@pytest.mark.parametrize("endless", [endless_write, endless_read])
async def test_a_runaway_query_is_interrupted_and_only_its_unit_fails(
    database: Database, endless: Any
) -> None:
    """SQLite undoes the whole transaction with an interrupted write: the others must have run again."""
    results = await asyncio.gather(
        *(database.run(insert(n)) for n in range(3)),
        database.run(endless),
        *(database.run(insert(n)) for n in range(3, 6)),
        return_exceptions=True,
    )
    assert [result for result in results if result == 1] == [1] * 6
    assert isinstance(results[3], TookTooLong)
    assert sorted(await database.read(values)) == list(range(6))


async def test_two_runaway_writes_in_a_group_both_fail_and_the_rest_is_kept_once(database: Database) -> None:
    results = await asyncio.gather(
        database.run(endless_write),
        database.run(insert("a")),
        database.run(endless_write),
        database.run(insert("b")),
        return_exceptions=True,
    )
    assert [type(result) for result in results] == [TookTooLong, int, TookTooLong, int]
    assert await database.read(values) == ["a", "b"]


async def test_a_runaway_report_is_interrupted_and_the_reader_goes_on(database: Database) -> None:
    with pytest.raises(TookTooLong, match="interrupted"):
        await database.read(endless_read)
    assert await database.read(values) == []


async def test_an_attempt_inside_a_unit_has_its_own_time_and_its_own_undo(database: Database) -> None:
    def unit(tx: Transaction) -> str:
        tx.execute(INSERT, ("kept",))
        for _ in range(2):  # together longer than the unit's own time, which does not run meanwhile
            try:
                tx.attempt(lambda tx: (tx.execute(INSERT, ("undone",)), endless_read(tx)), seconds=0.25)
            except TookTooLong:
                assert tx.in_transaction
        counted = tx.execute(ENDLESS + "SELECT i FROM n LIMIT 1 OFFSET 20000").fetchone()
        return f"counted to {counted[0]}"

    assert await database.run(unit) == "counted to 20001"
    assert await database.read(values) == ["kept"]


async def test_a_reader_cannot_write(database: Database) -> None:
    with pytest.raises(DiskFull, match="readonly"):
        await database.read(insert(1))


async def test_a_full_disk_acknowledges_nothing_and_says_so(database: Database, tmp_path: Path) -> None:
    await database.run(insert("kept"))
    await limit(database, extra=2)
    results = await asyncio.gather(
        database.run(insert(BIG)), database.run(insert(BIG + "2")), return_exceptions=True
    )
    assert [is_full(result) for result in results if isinstance(result, BaseException)] == [True, True]
    assert on_disk(tmp_path / "data" / "desk.db") == ["kept"]
    await limit(database, extra=100_000)
    await database.run(insert("again"))
    assert on_disk(tmp_path / "data" / "desk.db") == ["kept", "again"]


async def test_a_full_disk_that_costs_the_transaction_fails_everybody_in_it(database: Database) -> None:
    """Which of the units the disk has room for is chance; none is told that it was kept."""

    def full(tx: Transaction) -> None:
        tx.execute("ROLLBACK")  # as SQLite does by itself when its log cannot grow
        raise OSError(28, "No space left on device")

    results = await run_together(database, insert(1), full, insert(2))
    assert [is_full(result) for result in results if isinstance(result, BaseException)] == [True] * 3
    assert await database.read(values) == []


async def test_a_commit_that_fails_fails_every_unit_of_its_group(database: Database, tmp_path: Path) -> None:
    """A deferred foreign key makes COMMIT itself fail, as a full disk can."""
    await database.run(
        lambda tx: (
            tx.execute("CREATE TABLE p (id INTEGER PRIMARY KEY)"),
            tx.execute("CREATE TABLE c (p REFERENCES p (id) DEFERRABLE INITIALLY DEFERRED)"),
        )
    )
    results = await run_together(
        database, insert("innocent"), lambda tx: tx.execute("INSERT INTO c VALUES (7)").rowcount
    )
    assert [type(result) for result in results] == [ConstraintBroken] * 2
    assert on_disk(tmp_path / "data" / "desk.db") == []
    await database.run(insert("next"))
    assert await database.read(values) == ["next"]


def not_unique(tx: Transaction) -> None:
    tx.execute("CREATE UNIQUE INDEX one ON t (n)")
    tx.executemany(INSERT, [(1,), (1,)])


async def test_an_error_has_our_name_and_the_place_where_it_happened(
    database: Database, tmp_path: Path
) -> None:
    with pytest.raises(ConstraintBroken, match="UNIQUE") as broken:
        await database.run(not_unique)
    assert isinstance(broken.value.__cause__, sqlite3.IntegrityError)
    assert broken.traceback[-1].name == "not_unique"
    with closing(sqlite3.connect(tmp_path / "data" / "desk.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        await database._writer.unit(lambda tx: tx.execute("PRAGMA busy_timeout = 1") and None)
        with pytest.raises(Busy):
            await database.run(insert(1))
    # a fault of ours needs no other name
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        await database.run(lambda tx: tx.execute("SELECT 1 FROM nowhere"))


@pytest.mark.parametrize(
    ("error", "full"),
    [
        (OSError(28, "No space left on device"), True),
        (OSError(2, "No such file or directory"), False),
        (DiskFull("database or disk is full"), True),
        (ConstraintBroken("unique"), False),
        (ValueError("mine"), False),
    ],
)
def test_it_knows_a_full_disk_from_a_mistake(error: Exception, full: bool) -> None:
    wrapped = RuntimeError("around it")
    wrapped.__cause__ = error
    assert is_full(error) is is_full(wrapped) is full


async def test_a_cancelled_caller_leaves_nothing_open(database: Database) -> None:
    for delay in range(20):
        task = asyncio.create_task(database.run(insert(delay)))
        for _ in range(delay % 4):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait({task})
    assert await database.run(lambda tx: tx.execute("SELECT 1").fetchone()) == (1,)
    await database.run(insert("end"))
    kept = await database.read(values)
    assert kept[-1] == "end"
    assert len(set(kept)) == len(kept)


async def test_it_refuses_work_after_it_was_closed(tmp_path: Path) -> None:
    database = await Database.open(tmp_path / "desk.db")
    await database.close()
    with pytest.raises(ValueError, match=r"[Cc]onnection"):
        await database.run(lambda tx: None)
    assert not (tmp_path / "desk.db-wal").exists()


async def test_closing_finishes_what_waits(tmp_path: Path) -> None:
    database = await Database.open(tmp_path / "desk.db")
    await database.run(lambda tx: tx.execute("CREATE TABLE t (n)") and None)
    waiting = [asyncio.create_task(database.run(insert(n))) for n in range(20)]
    await asyncio.sleep(0)
    await database.close()
    assert await asyncio.gather(*waiting) == [1] * 20
    assert on_disk(tmp_path / "desk.db") == list(range(20))


CHILD = """
import asyncio, sys
from pathlib import Path
from storage.engine.database import Database

async def main():
    database = await Database.open(Path(sys.argv[1]))
    await database.run(lambda tx: tx.execute("CREATE TABLE IF NOT EXISTS t (n)") and None)
    async def person(n):
        for turn in range(10**9):
            value = f"{n}:{turn}"
            await database.run(lambda tx: (tx.execute("INSERT INTO t VALUES (?)", (value,)),
                                           tx.execute("INSERT INTO t VALUES (?)", (value + "+",))) and None)
            print(value, flush=True)
    await asyncio.gather(*(person(n) for n in range(20)))

asyncio.run(main())
"""


def test_nothing_acknowledged_is_lost_when_the_process_is_killed(tmp_path: Path) -> None:
    """What the child printed was acknowledged; whole units are there or not at all."""
    for kill in range(5):
        path = tmp_path / f"{kill}.db"
        child = subprocess.Popen([sys.executable, "-c", CHILD, str(path)], stdout=subprocess.PIPE, text=True)
        assert child.stdout is not None
        told = [child.stdout.readline().strip() for _ in range(100 + kill * 37)]
        child.send_signal(signal.SIGKILL)
        told += child.stdout.read().split()
        child.stdout.close()
        child.wait()
        kept = on_disk(path)
        acknowledged = {value for value in told if value.count(":") == 1 and not value.endswith(":")}
        whole = acknowledged - {told[-1]}  # the last line may have been cut
        assert whole
        assert whole <= set(kept)
        assert {value + "+" for value in kept if not value.endswith("+")} == {
            v for v in kept if v.endswith("+")
        }


async def limit(database: Database, *, extra: int) -> None:
    """Let the database grow by this many pages and no more, as a full disk would."""

    def unit(tx: Transaction) -> None:
        pages = tx.execute("PRAGMA page_count").fetchone()[0]
        tx.execute(f"PRAGMA max_page_count = {pages + extra}")

    await database._writer.unit(unit)


async def test_the_disk_is_waited_for_where_anything_in_a_group_shall_last(database: Database) -> None:
    def waits(tx: Transaction) -> bool:
        return bool(tx.execute("PRAGMA synchronous").fetchone() == (2,))

    assert await database.run(waits)
    assert not await database.run(waits, lasting=False)
    shared = await asyncio.gather(
        database.run(waits, lasting=False, patience=5), database.run(waits), database.run(waits)
    )
    assert all(shared)
