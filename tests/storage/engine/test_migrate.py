from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.engine.database import Database, DatabaseRefused
from storage.engine.migrate import Migration, migrate, migrations, statements

pytestmark = pytest.mark.sqlite

FIRST: Migration = (1, "0001_first.sql", "CREATE TABLE a (id INTEGER PRIMARY KEY, n TEXT);")
SECOND: Migration = (2, "0002_second.sql", "ALTER TABLE a ADD COLUMN m TEXT; CREATE TABLE b (n);")
BROKEN: Migration = (
    2,
    "0002_broken.sql",
    "CREATE TABLE b (n); INSERT INTO a (n) VALUES ('half'); CREATE TABLE a (n);",
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "desk.db"


@pytest.fixture
def tx(path: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(path, isolation_level=None)
    yield connection
    connection.close()


def tables(tx: sqlite3.Connection) -> set[str]:
    return {name for (name,) in tx.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


def recorded(tx: sqlite3.Connection) -> list[tuple[int, str]]:
    return tx.execute("SELECT version, name FROM schema_migrations ORDER BY version").fetchall()


def test_the_packaged_files_are_numbered_without_a_gap() -> None:
    assert [version for version, _, _ in migrations()] == list(range(1, len(migrations()) + 1))


def test_the_packaged_files_make_a_sound_database(tx: sqlite3.Connection, path: Path) -> None:
    migrate(tx, path)
    assert {"inbox", "outbox", "innovations"} <= tables(tx)
    assert tx.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert tx.execute("PRAGMA foreign_keys").fetchone() == (1,)


def test_each_file_is_recorded_once(tx: sqlite3.Connection, path: Path) -> None:
    assert migrate(tx, path, known=[FIRST, SECOND]) == 2
    assert migrate(tx, path, known=[FIRST, SECOND]) == 2
    assert recorded(tx) == [(1, "0001_first.sql"), (2, "0002_second.sql")]


def test_a_file_that_fails_leaves_neither_tables_nor_record(tx: sqlite3.Connection, path: Path) -> None:
    with pytest.raises(sqlite3.OperationalError, match="already exists"):
        migrate(tx, path, known=[FIRST, BROKEN])
    assert not tx.in_transaction
    assert tables(tx) == {"a", "schema_migrations"}
    assert recorded(tx) == [(1, "0001_first.sql")]
    assert tx.execute("SELECT count(*) FROM a").fetchone() == (0,)


def test_a_file_that_leaves_a_reference_to_nothing_is_undone(tx: sqlite3.Connection, path: Path) -> None:
    tied: Migration = (
        2,
        "0002_tied.sql",
        "CREATE TABLE c (a INTEGER REFERENCES a (id)); INSERT INTO c VALUES (77);",
    )
    with pytest.raises(
        sqlite3.IntegrityError, match=r'0002_tied\.sql: a row of "c" refers to nothing in "a"'
    ):
        migrate(tx, path, known=[FIRST, tied])
    assert recorded(tx) == [(1, "0001_first.sql")]


def test_a_table_others_refer_to_can_be_rebuilt(tx: sqlite3.Connection, path: Path) -> None:
    rebuilt: Migration = (
        2,
        "0002_rebuilt.sql",
        """
        CREATE TABLE c (a INTEGER REFERENCES a (id) ON DELETE CASCADE);
        INSERT INTO a VALUES (1, 'x'); INSERT INTO c VALUES (1);
        CREATE TABLE a2 (id INTEGER PRIMARY KEY, n TEXT, more TEXT);
        INSERT INTO a2 (id, n) SELECT id, n FROM a; DROP TABLE a; ALTER TABLE a2 RENAME TO a;
        """,
    )
    migrate(tx, path, known=[FIRST, rebuilt])
    assert tx.execute("SELECT a FROM c").fetchall() == [(1,)]


def test_an_older_database_is_copied_first(tx: sqlite3.Connection, path: Path) -> None:
    migrate(tx, path, known=[FIRST])
    tx.execute("INSERT INTO a (n) VALUES ('old')")
    migrate(tx, path, known=[FIRST, SECOND])
    kept = path.with_name("desk.db.version-0001")
    assert kept.stat().st_mode & 0o777 == 0o600
    copy = sqlite3.connect(kept)
    assert copy.execute("SELECT n FROM a").fetchall() == [("old",)]
    assert "b" not in tables(copy)
    copy.close()


def test_a_new_database_and_a_current_one_are_not_copied(tx: sqlite3.Connection, path: Path) -> None:
    migrate(tx, path, known=[FIRST, SECOND])
    migrate(tx, path, known=[FIRST, SECOND])
    assert [found.name for found in path.parent.iterdir()] == ["desk.db"]


def test_a_second_try_after_a_failed_one_is_not_in_its_own_way(tx: sqlite3.Connection, path: Path) -> None:
    migrate(tx, path, known=[FIRST])
    path.with_name("desk.db.part").write_text("half a copy, left by a kill")
    for _ in range(2):
        with pytest.raises(sqlite3.OperationalError):
            migrate(tx, path, known=[FIRST, BROKEN])
    assert migrate(tx, path, known=[FIRST, SECOND]) == 2
    assert sorted(found.name for found in path.parent.iterdir()) == ["desk.db", "desk.db.version-0001"]


def test_another_process_that_was_faster_does_no_harm(tx: sqlite3.Connection, path: Path) -> None:
    """Two starts at once: the second finds each file applied when it gets the lock."""
    from storage.engine.migrate import _apply

    migrate(tx, path, known=[FIRST])
    other = sqlite3.connect(path, isolation_level=None)
    migrate(other, path, known=[FIRST, SECOND])
    other.close()
    _apply(tx, SECOND)
    assert recorded(tx) == [(1, "0001_first.sql"), (2, "0002_second.sql")]


async def test_a_migration_that_fails_is_one_sentence_and_keeps_the_old_database(path: Path) -> None:
    database = await Database.open(path, migrations=[FIRST])
    await database.run(lambda tx: tx.execute("INSERT INTO a (n) VALUES ('old')") and None)
    await database.close()
    with pytest.raises(
        DatabaseRefused, match=r"desk\.db cannot be opened as a database: table a already exists"
    ):
        await Database.open(path, migrations=[FIRST, BROKEN])
    database = await Database.open(path, migrations=[FIRST, SECOND])
    assert await database.read(lambda tx: tx.execute("SELECT n, m FROM a").fetchall()) == [("old", None)]
    await database.close()


SCRIPT = """
-- a comment; with a semicolon
CREATE TABLE t (n TEXT DEFAULT 'a;b'); INSERT INTO t VALUES ('x;y'); /* and; this */
CREATE TRIGGER log AFTER INSERT ON t BEGIN
    INSERT INTO t2 VALUES (';'); -- inside; too
    UPDATE t SET n = 'end;' WHERE n = 'END';
END;
CREATE TABLE t2 (n)
;
-- the end; nothing follows
"""


def test_statements_keep_strings_comments_and_triggers_whole(tx: sqlite3.Connection) -> None:
    found = list(statements(SCRIPT))
    assert len(found) == 5
    assert found[2].startswith("/* and; this */\nCREATE TRIGGER")
    assert found[2].endswith("END;")
    for statement in found:
        tx.execute(statement)
    tx.execute("INSERT INTO t VALUES ('END')")
    assert tx.execute("SELECT n FROM t").fetchall() == [("x;y",), ("end;",)]


def test_a_statement_without_an_end_fails_instead_of_being_skipped(
    tx: sqlite3.Connection, path: Path
) -> None:
    with pytest.raises(sqlite3.OperationalError, match="incomplete input"):
        migrate(tx, path, known=[(1, "0001_cut.sql", "CREATE TABLE a (n); CREATE TABLE b (n")])
    assert tables(tx) == set()


def test_what_was_handed_in_before_there_were_indicators_is_kept(tx: sqlite3.Connection, path: Path) -> None:
    known = migrations()
    migrate(tx, path, known=known[:1])
    tx.execute(
        "INSERT INTO offices (code, name, short, kind) VALUES ('dinkes', 'Dinas Kesehatan', "
        "'Dinkes', 'dinas')"
    )
    tx.execute("INSERT INTO contacts VALUES (1, 'Rina', NULL, 'id', '1', '2026', '2026')")
    tx.execute(
        "INSERT INTO periods (year, rule_year, opens_on, deadline) VALUES (2026, 2026, "
        "'2026-01-05', '2026-12-15')"
    )
    tx.execute(
        "INSERT INTO innovations (office_id, period_id, form_version, rule_year, state, receipt, created_by,"
        " created_at, updated_at) VALUES (1, 1, 1, 2026, 'terkirim', 'DI-2026-0001', 1, '2026', '2026')"
    )
    tx.execute("INSERT INTO answers VALUES (1, 'nama', '\"SIAP\"')")
    migrate(tx, path, known=known)
    assert tx.execute("SELECT receipt, state, claimed FROM innovations").fetchall() == [
        ("DI-2026-0001", "terkirim", 0)
    ]
    tx.execute("UPDATE innovations SET state = 'diubah'")
    assert tx.execute("PRAGMA foreign_key_check").fetchall() == []


def test_messages_stay_as_they_were_when_their_tables_are_made_anew(
    tx: sqlite3.Connection, path: Path
) -> None:
    known = migrations()
    migrate(tx, path, known=known[:48])
    kept = {
        "inbox": "3, 'telegram', '7', '81', '{}', '2026', 'given_up', 5, '2027', '[]', 'KeyError'",
        "outbox": "9, 'whatsapp', '62', 1, '{}', 0, 'k', 'unknown', 2, '2026', '2027', 'l', 'u', 's', 'r',"
        " 'n', 'read', 't', 1, 'utility', 'unknown', 8, 3, 'd', 1",
        "restores": "1, '2026', '2026', NULL, NULL",
        "restored_messages": "9, 1, NULL, NULL",
    }
    for table, values in kept.items():
        tx.execute(f"INSERT INTO {table} VALUES ({values})")
    before = [tx.execute(f"SELECT * FROM {table}").fetchall() for table in kept]
    migrate(tx, path, known=known)
    assert [tx.execute(f"SELECT * FROM {table}").fetchall() for table in kept] == before
    for table in ("inbox", "outbox"):
        with pytest.raises(sqlite3.IntegrityError, match="CHECK"):
            tx.execute(f"UPDATE {table} SET state = 'lost'")


def test_numbers_and_names_that_were_kept_wrongly_are_mended_and_told(
    tx: sqlite3.Connection, path: Path
) -> None:
    known = migrations()
    migrate(tx, path, known=[one for one in known if one[0] < 14])
    office = ("dinkes", "Dinas\u200b Kesehatan", "Dinkes", "dinas")
    tx.execute("INSERT INTO offices (code, name, short, kind) VALUES (?, ?, ?, ?)", office)
    listed = [
        ("Rina", "+62081234567890"),
        ("Rina", "+6281234567890"),  # the same person, written rightly: she stays once
        ("Budi\u202e", "+626281311112222"),
        ("Sari", "+6281311113333"),
    ]
    for name, phone in listed:
        tx.execute(
            "INSERT INTO roster (name, phone, role, office_id, added_at) VALUES (?, ?, "
            "'focal_point', 1, '2026')",
            (name, phone),
        )
    tx.execute("INSERT INTO contacts VALUES (1, '\u3164', '+6281299990000', 'id', '1', '2026', '2026')")
    told: list[str] = []
    migrate(tx, path, known=known[:14], tell=told.append)
    assert told == [
        "2 phone numbers were written wrongly and are mended",
        "3 names held marks that nobody sees and are mended",
    ]
    assert tx.execute("SELECT name, phone FROM roster ORDER BY name").fetchall() == [
        ("Budi", "+6281311112222"),
        ("Rina", "+6281234567890"),
        ("Sari", "+6281311113333"),
    ]
    assert tx.execute("SELECT name FROM contacts").fetchall() == [("+6281299990000",)]
    assert tx.execute("SELECT name FROM offices").fetchall() == [("Dinas Kesehatan",)]


def test_where_nothing_is_wrong_nothing_is_told(tx: sqlite3.Connection, path: Path) -> None:
    told: list[str] = []
    migrate(tx, path, tell=told.append)
    assert told == []


def test_why_a_message_did_not_arrive_is_read_from_its_old_note(tx: sqlite3.Connection, path: Path) -> None:
    known = migrations()
    migrate(tx, path, known=[one for one in known if one[0] < 15])
    cases = [
        ("failed", "Blocked: Forbidden: bot was blocked by the user", "1", "blocked"),
        ("failed", "Blocked: Bad Request: chat not found", "1", "gone"),
        ("failed", "Refused: Bad Request: message is too long", "1", "refused"),
        ("failed", "NotSent: Bad Gateway", "1", "not_sent"),
        ("failed", "ChannelDown: the token is refused", "1", "not_sent"),
        ("failed", "FileNotFoundError", "1", "unmade"),
        ("unknown", "FateUnknown: no answer", "1", "unknown"),
        ("unknown", "lease lost", "1", "unknown"),
        ("dropped", "blocked", "1", "blocked"),
        ("dropped", None, "", "gone"),  # erased at the person's wish
        ("dropped", "no longer due", "1", None),  # we took it back ourselves
        ("waiting", "NotSent: Bad Gateway", "1", "not_sent"),
        ("waiting", None, "1", None),
        ("sent", None, "1", None),
    ]
    tx.executemany(
        "INSERT INTO outbox (channel, address, priority, payload, created_at, state, note)"
        " VALUES ('telegram', ?, 0, '{}', '2026', ?, ?)",
        [(address, state, note) for state, note, address, _ in cases],
    )
    migrate(tx, path, known=known)
    found = tx.execute("SELECT reason FROM outbox ORDER BY id").fetchall()
    assert [reason for (reason,) in found] == [reason for *_, reason in cases]
