"""The command line as a person uses it: in a process of its own, or, a hundred times cheaper, in this one."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, chdir, redirect_stderr, redirect_stdout
from pathlib import Path
from unittest.mock import patch

from bot.__main__ import main
from tests.kit.databases import reading, url_at

ROOT = Path(__file__).parents[2]
SECONDS = 150.0  # a loaded machine may take this long to start


def environment(folder: Path, **settings: str) -> dict[str, str]:
    """Nothing of the machine's own settings; where the tests' databases are on a server, the folder's too."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DESK_", "UV_"))}
    given = {f"DESK_{name.upper()}": value for name, value in settings.items()}
    ours = {
        "PYTHONPATH": str(ROOT),
        "DESK_DATA_DIR": str(folder / "data"),
        "DESK_WEB_PORT": "0",
        "DESK_METRICS_PORT": "0",
    }
    if address := url_at(Path(settings.get("data_dir", folder / "data")) / "desk.db"):
        ours["DESK_DATABASE_URL"] = address
    return kept | ours | given


def desk(folder: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end in a folder of its own, in this process: not `run`, not `sandbox`."""
    with ThreadPoolExecutor(1) as beside:  # a test may have a loop, and a command runs its own
        return beside.submit(_carried_out, folder, arguments, environment(folder, **settings)).result()


def _carried_out(
    folder: Path, arguments: tuple[str, ...], variables: dict[str, str]
) -> subprocess.CompletedProcess[str]:
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
    with ExitStack() as stack:
        stack.callback(os.umask, os.umask(0o077))  # the command sets its own
        stack.enter_context(patch.dict(os.environ, variables, clear=True))
        for context in (chdir(folder), redirect_stdout(out), redirect_stderr(err)):
            stack.enter_context(context)
        try:
            code = main(arguments)
        except SystemExit as ended:
            code = int(ended.code or 0)
    said, told = (held.buffer.getvalue().decode() for held in (out, err))
    return subprocess.CompletedProcess(arguments, code, said, told)


def desk_process(folder: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end in a folder and a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=folder,
        env=environment(folder, **settings),
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


def refused(done: subprocess.CompletedProcess[str]) -> str:
    """Check that it was refused with one sentence, and return the sentence."""
    assert done.returncode == 1, done
    (line,) = done.stderr.splitlines()
    assert line.startswith("desk-inovasi: ")
    return line.removeprefix("desk-inovasi: ")


def rows(folder: Path, sql: str) -> list[tuple[object, ...]]:
    """Read from the database of a folder's desk."""
    with reading(folder / "data" / "desk.db") as tx:
        return [tuple(row) for row in tx.execute(sql).fetchall()]
