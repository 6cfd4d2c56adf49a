"""Looks at a database on a server without changing it."""

from __future__ import annotations

from contextlib import closing

from storage.engine.errors import StorageError
from storage.engine.file_check import Look, gather, say_version
from storage.engine.lease import HOLDER
from storage.engine.migrate import APPLIED, migrations
from storage.engine.open_file import DatabaseRefused
from storage.engine.postgresql import PostgresTransaction
from storage.engine.postgresql_server import connect_to_read
from storage.engine.site import Server

_SERVER = "SELECT current_setting('server_version')"
_TABLES = """
SELECT count(*) FILTER (WHERE table_name IN ('schema_migrations', 'inbox')), count(*)
FROM information_schema.tables WHERE table_schema = current_schema() AND table_name <> 'desk_lease'
"""
_STANDBYS = """
SELECT count(*), count(*) FILTER (WHERE sync_state IN ('sync', 'quorum')), count(sync_state)
FROM pg_stat_replication -- a role without pg_monitor sees that there are some, and nothing of them
"""
_HAS_LEASE = "SELECT to_regclass('desk_lease') IS NOT NULL"


def look_at_server(site: Server, *, since: str) -> Look:
    """Read the server's version, the schema's, its standbys, and count what was sent since then."""
    try:
        with closing(connect_to_read(site)) as tx:
            return _inspect(tx, site, since=since)
    except (DatabaseRefused, StorageError) as error:
        return Look(False, str(error).removeprefix(f"{site}: "))


def _inspect(tx: PostgresTransaction, site: Server, *, since: str) -> Look:
    tx.begin(reading=True)
    engine = f"PostgreSQL {str(tx.execute(_SERVER).fetchone()[0]).split()[0]}"
    ours, tables = tx.execute(_TABLES).fetchone()
    if ours < 2:
        said = "empty, the first start fills it" if not tables else "belongs to another program"
        return Look(not tables, f"{engine}, {said}")
    version, newest = tx.execute(APPLIED).fetchone()[0], migrations()[-1][0]
    if version > newest:
        return Look(False, f"{engine}, is at version {version}, this program knows {newest}")
    summary = f"{engine}, {say_version(version, newest)}, {_say_owner(tx)}, {say_standbys(tx)}"
    return gather(tx, summary, since=since, is_of_now=version == newest)


def _say_owner(tx: PostgresTransaction) -> str:
    """Say who owns the desk, and since how many owners."""
    row = tx.execute(HOLDER).fetchone() if tx.execute(_HAS_LEASE).fetchone()[0] else None
    if row is None or not row[2]:
        return "owned by nobody now"
    return f"owned by {row[0]} (term {row[1]})"


def say_standbys(tx: PostgresTransaction) -> str:
    """Say how many standbys copy the database, and how many of them a commit waits for."""
    standbys, waited_for, seen = tx.execute(_STANDBYS).fetchone()
    if not standbys:
        return "no standby"
    if not seen:
        return f"{standbys} standby, how many of them are waited for is shown after GRANT pg_monitor"
    return f"{standbys} standby, {waited_for} of them waited for at each commit"
