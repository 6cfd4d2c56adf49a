"""The sandbox's data folder: marked as the sandbox's own, because `--fresh` empties it, used by one sandbox
at a time, and knowing which people and examples it was filled with.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path

SETTING = "DESK_SANDBOX_DIR"
SETTINGS = "DESK_"  # how every setting begins; the sandbox reads the one above alone
MARK = ".desk-inovasi-sandbox"  # holds the name of the scenario
FILLED_WITH = "filled-with"  # holds the digest of the contents
CONTENTS = ("people.toml", "focal_points.toml", "examples.toml", "scenarios.toml")


class NotASandbox(RuntimeError):
    """the folder holds what the sandbox has not made"""


class SandboxRuns(RuntimeError):
    """another sandbox works with the folder"""


class OtherScenario(RuntimeError):
    """the folder holds another scenario"""


def folder() -> Path:
    """Where the sandbox keeps its data, apart from the real data."""
    if chosen := os.environ.get(SETTING):
        return Path(chosen).expanduser().absolute()
    base = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(base) / "desk-inovasi" / "sandbox"


@contextmanager
def alone_in(data: Path) -> Iterator[None]:
    """Make the folder and hold it for this sandbox alone; raises SandboxRuns before anything is touched.

    The folder itself is locked: what lies in it may be emptied meanwhile.
    """
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(data, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        raise SandboxRuns(f"another sandbox is running with {data}; stop it, or set {SETTING}") from None
    try:
        yield
    finally:
        os.close(handle)


def prepare(data: Path, *, fresh: bool, scenario: str | None = None, usual: str = "") -> str:
    """Mark the folder and return its scenario: the one asked for, else the one it holds, else the usual one.

    `fresh` deletes what is in it first. Raises NotASandbox before anything is deleted out of a chosen folder
    without the mark, or written into it: it may be a real desk's; and OtherScenario where what it holds would
    have to be forgotten.
    """
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    holds = any(data.iterdir())
    mark = data / MARK
    if holds and not mark.is_file() and SETTING in os.environ:
        kept = "--fresh deletes nothing" if fresh else "nobody of the sandbox is put into it"
        raise NotASandbox(f"{data} was not made by the sandbox, so {kept}; check {SETTING}")
    if fresh:
        _empty(data)
    if holds and not fresh:
        return _keep_on(mark, scenario, usual=usual)
    mark.touch(mode=0o600)
    mark.write_text(scenario or usual, encoding="utf-8")
    return scenario or usual


def _keep_on(mark: Path, scenario: str | None, *, usual: str) -> str:
    """Go on with what a folder holds; raises OtherScenario."""
    present = (mark.read_text(encoding="utf-8").strip() if mark.is_file() else "") or usual
    if scenario and scenario != present:
        raise OtherScenario(
            f'the folder holds the scenario "{present}" and what was done in it; '
            f'"--scenario {scenario} --fresh" forgets that and begins "{scenario}"'
        )
    return present


def _empty(data: Path) -> None:
    for path in data.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def note_contents(data: Path) -> None:
    """Write down which people and examples the folder is filled with."""
    (data / FILLED_WITH).write_text(_digest_contents(), encoding="ascii")


def list_notes(data: Path) -> Iterator[str]:
    """List what whoever starts the sandbox would be puzzled by: settings it does not read, and a folder
    that another version filled.
    """
    unread = sorted(name for name in os.environ if name.startswith(SETTINGS) and name != SETTING)
    if unread:
        are = "is" if len(unread) == 1 else "are"
        yield (
            f"{', '.join(unread)} {are} not used by the sandbox:"
            f" its data are in {data}, and only {SETTING} moves them"
        )
    filled_with = data / FILLED_WITH
    if not (filled_with.is_file() and filled_with.read_text(encoding="utf-8") == _digest_contents()):
        yield (
            f"{data} was filled by another version: some people of the page may be strangers to its bot;"
            ' "--fresh" begins anew and forgets what was done in it'
        )


def _digest_contents() -> str:
    """Sum up what a new folder is filled with; a comment in the files changes nothing."""
    contents = [tomllib.loads((files("sandbox") / name).read_text(encoding="utf-8")) for name in CONTENTS]
    return hashlib.sha256(json.dumps(contents, sort_keys=True, default=str).encode()).hexdigest()
