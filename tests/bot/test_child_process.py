"""A killed bot leaves no process behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bot.exporting.queue import BrokeOff, make_apart

ROOT = Path(__file__).parents[2]
BESIDE = [
    path for path in sorted((ROOT / "bot").rglob("*.py"))
    if '__name__ == "__main__"' in path.read_text() and path.name not in ("__main__.py", "verifier.py")
]  # fmt: skip
STARTERS = [
    path for path in sorted((ROOT / "bot").rglob("*.py"))
    if "sys.executable" in path.read_text() and path.name != "__main__.py"
]  # fmt: skip


@pytest.mark.serial
def test_a_process_ends_when_the_one_that_started_it_is_killed() -> None:
    work = "from bot.child_process import end_with_parent; end_with_parent(); print('on', flush=True);"
    child = f"{work} import time; time.sleep(600)"
    parent = f"""
import subprocess, sys
child = subprocess.Popen([sys.executable, "-c", {child!r}], stdout=subprocess.PIPE)
child.stdout.readline()
print(child.pid, flush=True)
child.wait()
"""
    with subprocess.Popen([sys.executable, "-c", parent], stdout=subprocess.PIPE, cwd=ROOT) as bot:
        assert bot.stdout is not None
        number = int(bot.stdout.readline())
        bot.kill()
    for _ in range(1200):  # a minute
        if has_ended(number):
            return
        signal.sigtimedwait([signal.SIGALRM], 0.05)
    os.kill(number, signal.SIGKILL)
    raise AssertionError("the process went on")


def has_ended(number: int) -> bool:
    """Tell whether a process is gone, or waits only to be reaped."""
    try:
        return "\nState:\tZ" in Path(f"/proc/{number}/status").read_text()
    except FileNotFoundError:
        return True


@pytest.mark.skipif(
    sys.platform != "linux", reason="SCHED_BATCH, by which turns are short, is of Linux alone"
)
def test_who_gives_way_is_last_and_takes_short_turns() -> None:
    said = "os.getpriority(os.PRIO_PROCESS, 0), os.sched_getscheduler(0) == os.SCHED_BATCH"
    work = f"import os; from bot.child_process import *; give_way(LEAST_NICE); print({said})"
    done = subprocess.run([sys.executable, "-c", work], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout == "19 True\n"


@pytest.mark.parametrize("path", BESIDE, ids=lambda path: path.stem)
def test_every_process_beside_the_bot_ends_with_it(path: Path) -> None:
    assert "    end_with_parent()\n" in path.read_text(), f"{path} works on when the bot is killed"


@pytest.mark.parametrize("path", STARTERS, ids=lambda path: path.stem)
def test_every_process_beside_the_bot_is_started_without_our_settings(path: Path) -> None:
    assert "environment_without_settings()" in path.read_text(), f"{path} hands on the bot's secrets"


async def test_the_process_of_an_export_sees_no_setting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program, seen = tmp_path / "python", tmp_path / "seen"
    program.write_text(f"#!/bin/sh\nenv > '{seen}'\nexit 1\n")
    program.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(program))
    monkeypatch.setenv("DESK_TELEGRAM_TOKEN", "123456:SECRET")

    async def show(at: int, of: int) -> None: ...

    with pytest.raises((BrokeOff, OSError)):
        await make_apart({}, show)
    assert "PATH=" in seen.read_text()
    assert "DESK_" not in seen.read_text()
