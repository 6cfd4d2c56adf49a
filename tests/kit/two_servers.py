"""A primary server and a synchronous standby on one machine, made by the server's own programs."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from storage.engine.postgresql import connect
from storage.engine.postgresql_migrate import run
from storage.engine.site import Site, site_from
from tests.kit import scratch
from tests.kit.server import Server, programs

_REPLICATING = ("wal_level=replica", "max_wal_senders=4", "fsync=on", "full_page_writes=on")

ATTACHED_SECONDS = 60.0  # in which a new standby has to be waited for
LOOK_SECONDS = 0.05


class TwoServers:
    """Every commit of the first is acknowledged once the second has it on its disk."""

    def __init__(self, folders: tuple[Path, Path], bin: Path) -> None:
        """Make the first, copy it to the second, start that, and have commits wait for it."""
        self.first = Server(folders[0], bin, more=_REPLICATING)
        self.second = self.first.copied(folders[1])
        self._tell_first("ALTER SYSTEM SET synchronous_standby_names = '*'", "SELECT pg_reload_conf()")
        until = time.monotonic() + ATTACHED_SECONDS
        while not self._is_waited_for():
            if time.monotonic() > until:
                raise RuntimeError("no commit waits for the standby")
            time.sleep(LOOK_SECONDS)

    @property
    def site(self) -> Site:
        """The desk's schema on whichever takes writes."""
        hosts = f"{self.first.folder},{self.second.folder}"
        return site_from(f"postgresql:///postgres?host={hosts}&user=desk&schema=desk")

    def _is_waited_for(self) -> bool:
        asked = "SELECT 1 FROM pg_stat_replication WHERE sync_state = 'sync' AND state = 'streaming'"
        return bool(self._tell_first(asked))

    def _tell_first(self, *commands: str) -> list[list[str]]:
        connection = connect(self.first.url("postgres"))
        try:
            return [row for command in commands for row in run(connection, command)]
        finally:
            connection.finish()

    def kill_first(self) -> None:
        """End every process of the first at once, as a power cut would."""
        main = int((self.first.folder / "data" / "postmaster.pid").read_text().split()[0])
        children = Path(f"/proc/{main}/task/{main}/children").read_text().split()
        for pid in (main, *map(int, children)):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def promote_second(self) -> None:
        """Let the standby take writes."""
        self.second.promote()

    def stop(self) -> None:
        """Stop what still runs and remove both folders."""
        for server in (self.second, self.first):
            with suppress(RuntimeError):
                server.stop()
            scratch.remove(server.folder)


@contextmanager
def two_servers() -> Iterator[TwoServers | None]:
    """Run both; None where the programs are not installed."""
    bin = programs()
    if bin is None:
        yield None
        return
    first, second = scratch.make(), scratch.make()
    made = TwoServers((first, second), bin)
    try:
        yield made
    finally:
        made.stop()
