"""A PostgreSQL server of the tests' own: on a socket, as a user who is not root, thrown away at the end."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from tests.kit import scratch

# nothing of it has to outlive the tests
_SETTINGS = (
    "fsync=off", "full_page_writes=off", "autovacuum=off", "listen_addresses=''", "max_connections=200",
    "shared_buffers=64MB", "wal_level=minimal", "max_wal_senders=0",
    "dynamic_shared_memory_type=mmap",  # in its folder: in /dev/shm a killed server leaves it
)  # fmt: skip
_NEW = ("-U", "desk", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C")
NOT_INSTALLED = "not run: PostgreSQL is not installed here"
_NOBODY = ("postgres", "nobody")


def programs() -> Path | None:
    """Return the folder of the server's programs, the newest there is; None where it is not installed."""
    folders = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if found := shutil.which("initdb"):
        folders.append(Path(found).resolve().parent)
    return max(folders, key=_version_of, default=None)


def _version_of(folder: Path) -> int:
    return int(folder.parent.name) if folder.parent.name.isdigit() else 0


class Server:
    """A running server in a folder of its own."""

    def __init__(
        self, folder: Path, bin: Path, *, more: Sequence[str] = (), copy_of: Server | None = None
    ) -> None:
        """Make the folder's server and start it; `more` settings come last.

        `copy_of` a running one it is its standby.
        """
        self.folder, self._bin, self._more = folder, bin, more
        self._as: Sequence[str] = ()
        if os.getuid() == 0:
            user = next(name for name in _NOBODY if _is_known(name))
            shutil.chown(folder, user)
            group = pwd.getpwnam(user).pw_gid
            self._as = ("setpriv", f"--reuid={user}", f"--regid={group}", "--clear-groups")
        data, log = str(folder / "data"), str(folder / "log")
        if copy_of is None:
            self._run("initdb", "-D", data, *_NEW)
        else:
            source = ("-h", str(copy_of.folder), "-U", "desk")
            self._run("pg_basebackup", *source, "-D", data, "-R", "-c", "fast")
        settings = (*_SETTINGS, *more, f"unix_socket_directories={folder}")
        options = " ".join(f"-c {setting}" for setting in settings)
        self._run("pg_ctl", "-D", data, "-l", log, "-o", options, "-w", "start")

    def copied(self, folder: Path) -> Server:
        """Start a standby of it in another folder."""
        return Server(folder, self._bin, more=self._more, copy_of=self)

    def promote(self) -> None:
        """Let a standby take writes."""
        self._run("pg_ctl", "-D", str(self.folder / "data"), "-w", "promote")

    def url(self, database: str) -> str:
        """Return the address of one of its databases."""
        return f"postgresql:///{database}?host={self.folder}&user=desk"

    def stop(self) -> None:
        """Stop it at once and remove its folder."""
        self._run("pg_ctl", "-D", str(self.folder / "data"), "-m", "immediate", "stop")
        scratch.remove(self.folder)

    def _run(self, program: str, *arguments: str) -> None:
        command = [*self._as, str(self._bin / program), *arguments]
        said = self.folder / "said"  # a file, as a server keeps the ends of a pipe open
        with said.open("wb") as out:
            code = subprocess.run(command, cwd=self.folder, stdin=subprocess.DEVNULL, stdout=out, stderr=out)
        if code.returncode:
            raise RuntimeError(f"{program}: {said.read_text(errors='replace')}")


def started() -> Server | None:
    """Start a server in a new folder; None where its programs are not installed."""
    bin = programs()
    if bin is None:
        return None
    return Server(scratch.make(), bin)


def _is_known(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True
