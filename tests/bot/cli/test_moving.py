"""A desk between SQLite and PostgreSQL: moved there and back, backed up and restored, every row compared."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.cli.moving import MoveRefused
from bot.cli.sandbox_options import BUSY
from bot.ownership import owned
from bot.parts import APART
from sandbox.scenarios import Filling
from storage import innovations
from storage.engine import all_rows, carrying
from storage.engine.all_rows import Marks, Table, compare, marks_of, tables_of
from storage.engine.carrying import into_server
from storage.engine.database import Database, one_state, read_beside
from storage.engine.engine_contract import Runner
from storage.engine.errors import LeaseLost
from storage.engine.lease import Lease
from storage.engine.site import Server, Site, site_from
from storage.engine.sqlite import SqliteTransaction, connect_to_read
from tests.kit.both_engines import NewSchema, schemas
from tests.kit.clock_and_codes import MORNING
from tests.kit.command_line import desk, desk_process, refused
from tests.kit.databases import lay, migrated
from tests.kit.desk_on_disk import desk_on_disk, fingerprint
from tests.kit.people import RINA, SARI
from tests.kit.world import world_in

pytestmark = pytest.mark.sqlite  # its server is one of its own, beside files


@pytest.fixture(scope="module")
def new_schema() -> Iterator[NewSchema]:
    with schemas() as made:
        yield made


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The demo data of the sandbox as a database file."""
    path = tmp_path_factory.mktemp("demo") / "desk.db"
    lay(path, migrated())
    with closing(sqlite3.connect(path, factory=SqliteTransaction, isolation_level=None)) as tx:
        tx.begin()
        for unit in Filling(BUSY, now=MORNING, zone=ZoneInfo("Asia/Jakarta")).units():
            unit(tx)
        tx.commit()
    return path.read_bytes()


@pytest.fixture
def data(tmp_path: Path, demo: bytes) -> Path:
    """The data folder of a desk that was stopped."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "desk.db").write_bytes(demo)
    return tmp_path / "data"


def compare_sites(first: Site, second: Site, *, tables_in: Path) -> Marks:
    """Compare every row of two databases; `tables_in` is whichever is a file. Raises RowsDiffer."""
    with closing(connect_to_read(tables_in)) as tx:
        tables = tables_of(tx)
    marks = []
    for site in (first, second):
        with read_beside(site) as reader, one_state(reader):
            marks.append(marks_of(reader, tables))
    compare(*marks)
    return marks[0]


def test_rows_are_the_same_there_and_back(data: Path, tmp_path: Path, new_schema: NewSchema) -> None:
    address, back = new_schema(), tmp_path / "back.db"
    done = desk(tmp_path, "move", "--to", address)
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"Set DESK_DATABASE_URL={site_from(address)}\n"
    server = site_from(address)
    marks = compare_sites(data / "desk.db", server, tables_in=data / "desk.db")
    assert sum(mark.rows for mark in marks.values()) > 5_000
    done = desk(tmp_path, "move", "--to", f"sqlite:///{back}", database_url=address)
    assert done.returncode == 0, done.stderr
    assert (back.stat().st_mode & 0o777, list(tmp_path.glob("*.part"))) == (0o600, [])
    assert compare_sites(data / "desk.db", back, tables_in=back) == marks
    with closing(connect_to_read(data / "desk.db")) as first, closing(connect_to_read(back)) as second:
        for table in tables_of(first):
            rows = [sorted(map(repr, tx.execute(table.select))) for tx in (first, second)]
            assert rows[0] == rows[1], table.name
        for pragma in ("integrity_check", "foreign_key_check"):
            said = second.execute(f"PRAGMA {pragma}").fetchall()
            assert said == first.execute(f"PRAGMA {pragma}").fetchall()


def test_the_old_one_stays_and_is_not_started_by_mistake(
    data: Path, tmp_path: Path, new_schema: NewSchema
) -> None:
    before, address = _rows_in(data / "desk.db"), new_schema()
    assert desk(tmp_path, "move", "--to", address).returncode == 0
    assert _rows_in(data / "desk.db") == before
    token = "4200000000:TEST-token-of-nobody-0000000000"
    for done in (
        desk(tmp_path, "migrate"),
        desk(tmp_path, "invite", "--role", "admin"),
        desk_process(tmp_path, "run", telegram_token=token),
    ):
        sentence = refused(done)
        assert f"set DESK_DATABASE_URL={site_from(address)}" in sentence
    assert "has moved to" in refused(desk(tmp_path, "move", "--to", new_schema()))
    assert desk(tmp_path, "invite", "--role", "admin", database_url=address).returncode == 0


def test_another_desk_is_not_moved(data: Path, tmp_path: Path, new_schema: NewSchema) -> None:
    token = "4200000000:TEST-token-of-nobody-0000000000"
    assert desk(tmp_path, "migrate", "--new-bot", telegram_token=token).returncode == 0
    before = _rows_in(data / "desk.db")
    move = ("move", "--to", new_schema())
    sentence = refused(desk(tmp_path, *move, telegram_token=token.replace("42", "43", 1)))
    assert "is another desk's: of Telegram bot 4200000000, and ours is 4300000000" in sentence
    assert _rows_in(data / "desk.db") == before
    assert desk(tmp_path, *move, telegram_token=token).returncode == 0


def test_a_site_that_holds_something_is_refused_and_stays(
    data: Path, tmp_path: Path, new_schema: NewSchema
) -> None:
    address = new_schema()
    assert desk(tmp_path, "migrate", database_url=address).returncode == 0
    assert "holds something already" in refused(desk(tmp_path, "move", "--to", address))
    (tmp_path / "other.db").write_bytes(b"something")
    sentence = refused(
        desk(tmp_path, "move", "--to", f"sqlite:///{tmp_path / 'other.db'}", database_url=address)
    )
    assert "holds something already" in sentence
    assert (tmp_path / "other.db").read_bytes() == b"something"
    assert "same engine" in refused(desk(tmp_path, "move", "--to", f"sqlite:///{tmp_path / 'new.db'}"))
    assert "there is no desk" in refused(
        desk(tmp_path, "move", "--to", f"sqlite:///{tmp_path / 'new.db'}", database_url=new_schema())
    )
    assert refused(desk(tmp_path, "move", "--to", "mysql://x/y")).startswith("--to: expected")
    assert not (tmp_path / "new.db").exists()


def test_a_running_bot_is_never_moved(data: Path, tmp_path: Path, new_schema: NewSchema) -> None:
    from bot.config import load

    settings = load({"DESK_DATA_DIR": str(data)})
    with owned(settings):
        sentence = refused(desk(tmp_path, "move", "--to", new_schema()))
    assert "is running" in sentence
    address = new_schema()
    assert desk(tmp_path, "move", "--to", address).returncode == 0
    site, back = site_from(address), f"sqlite:///{tmp_path / 'back.db'}"
    assert isinstance(site, Server)
    lease = Lease(site, owner="host-a, process 7")
    assert lease.take()
    lease.keep(lost=lambda: None)
    try:
        sentence = refused(desk(tmp_path, "move", "--to", back, database_url=address))
    finally:
        lease.release()
    assert "host-a, process 7 owns the desk" in sentence
    assert not (tmp_path / "back.db").exists()


def test_a_command_that_has_lost_the_lease_writes_nothing(data: Path, new_schema: NewSchema) -> None:
    from bot.config import load

    site = site_from(new_schema())
    assert isinstance(site, Server)
    settings = load({"DESK_DATA_DIR": str(data), "DESK_DATABASE_URL": site.address})
    with owned(settings) as opening:
        _write(site, "UPDATE desk_lease SET term = term + 1")  # another host has taken the desk over
        with pytest.raises(LeaseLost):
            into_server(data / "desk.db", site, opening=opening, progress=lambda done, count: None)
    with read_beside(site) as tx:
        assert tx.execute("SELECT count(*) FROM offices").fetchone() == (0,)


@pytest.mark.parametrize(
    ("point", "told"),
    [
        ("in the middle", "the power fails"),
        ("a row that changes on the way", "offices: 47 rows are not the 47 that were read"),
    ],
)
def test_one_that_fails_leaves_the_old_one_as_it_was_and_no_new_one(
    data: Path, tmp_path: Path, new_schema: NewSchema, monkeypatch: pytest.MonkeyPatch, point: str, told: str
) -> None:
    address = new_schema()
    before = _rows_in(data / "desk.db")
    with monkeypatch.context() as patched:
        if point == "in the middle":
            patched.setattr(carrying, "copy", _broken)
        else:
            patched.setattr(all_rows, "marks_of", _changing(all_rows.marks_of))
        done = desk(tmp_path, "move", "--to", address)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == f"desk-inovasi: {told}"
    assert _rows_in(data / "desk.db") == before
    with closing(connect_to_read(data / "desk.db")) as file:
        tables = tables_of(file)
    with read_beside(site_from(address)) as tx, one_state(tx):
        assert sum(mark.rows for mark in marks_of(tx, tables).values()) == 0
    assert desk(tmp_path, "migrate").returncode == 0  # it is not marked


async def test_people_go_on_where_their_desk_has_moved(tmp_path: Path, new_schema: NewSchema) -> None:
    async with world_in(tmp_path / "data", helpers=APART) as world:
        rina, sari = world.person(RINA), world.person(SARI)
        await rina.says("/ajukan")
        await rina.says("SIPANDU")
        await world.stop()
        world.database_url = new_schema()
        assert desk(tmp_path, "move", "--to", world.database_url).returncode == 0
        await world.start()
        await rina.says("Penerapan")
        assert world.app is not None
        answers = await world.app.database.read(lambda tx: innovations.answers(tx, 1))
        assert answers == {"nama": "SIPANDU", "tahapan": "penerapan"}
        await sari.says("/ekspor")
        await sari.taps("Buku kerja")  # a process of its own connects to the server
        await world.app.idle()
        assert sari.last.file is not None
        assert [task.get_name() for task in world.app.tasks if task.done()] == []


def test_numbers_go_on_after_the_last_one(data: Path, new_schema: NewSchema) -> None:
    site = site_from(new_schema())
    assert isinstance(site, Server)
    into_server(data / "desk.db", site, progress=lambda done, count: None)
    with closing(connect_to_read(data / "desk.db")) as file:
        (last,) = file.execute("SELECT max(id) FROM history").fetchone()
    _write(site, "INSERT INTO history (innovation_id, at, question) VALUES (1, '2026', 'nama')")
    with read_beside(site) as tx:
        assert tx.execute("SELECT max(id) FROM history").fetchone() == (last + 1,)
    with pytest.raises(Exception, match="foreign key"):
        _write(site, "INSERT INTO history (innovation_id, at, question) VALUES (9999999, '2026', 'nama')")


def test_a_backup_of_either_engine_is_restored_into_either(tmp_path: Path, new_schema: NewSchema) -> None:
    folders = [tmp_path / name for name in ("file", "server", "server2", "file2")]
    for folder in folders:
        folder.mkdir()
    desk_on_disk(folders[0] / "data")
    before = fingerprint(folders[0] / "data")
    addresses, nights = [new_schema(), new_schema()], tmp_path / "nights"
    _done(folders[0], "backup", str(tmp_path / "a.tar"))
    _done(folders[1], "restore", str(tmp_path / "a.tar"), database_url=addresses[0])
    assert "holds something already" in refused(
        desk(folders[1], "restore", str(tmp_path / "a.tar"), "--force", database_url=addresses[0])
    )
    _done(folders[1], "proof", "-o", str(tmp_path / "pack"), database_url=addresses[0])
    _done(folders[1], "export", "evidence", "-o", str(tmp_path / "e.zip"), database_url=addresses[0])
    _done(folders[1], "backup", database_url=addresses[0], backup_dir=str(nights))
    _done(folders[2], "restore", str(nights), database_url=addresses[1])
    _done(folders[2], "backup", str(tmp_path / "b.tar"), database_url=addresses[1])
    _done(folders[3], "restore", str(tmp_path / "b.tar"))
    after = fingerprint(folders[3] / "data")
    # a restore writes down that it happened and what it asks the desk, a first command what is published
    changed = {name for name in before if before[name] != after.get(name)}
    assert changed <= {"restores", "restored_messages", "outbox", "schema_migrations", "audit", "ticks",
                       "published_results"}  # fmt: skip
    assert {name for name in before if name.startswith("evidence/")} <= set(after)


def _done(folder: Path, *arguments: str, **settings: str) -> None:
    done = desk(folder, *arguments, **settings)
    assert done.returncode == 0, done.stderr


def _rows_in(path: Path) -> dict[str, object]:
    with closing(connect_to_read(path)) as tx, one_state(tx):
        return dict(marks_of(tx, tables_of(tx)))


def _write(site: Site, sql: str) -> None:
    async def work() -> None:
        database = await Database.open(site)
        try:
            await database.run(lambda tx: tx.execute(sql).rowcount)
        finally:
            await database.close()

    asyncio.run(work())


def _broken(*of: object, **more: object) -> None:
    raise MoveRefused("the power fails")


def _changing(marks_of: Callable[[Runner, Sequence[Table]], Marks]) -> Callable[..., Marks]:
    """Mark the tables after a row of them was changed by somebody."""

    def changed(tx: Runner, tables: Sequence[Table]) -> Marks:
        tx.execute("UPDATE offices SET name = 'Dinas Lain' WHERE id = 1")
        return marks_of(tx, tables)

    return changed
