"""A killed bot leaves no process behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BESIDE = [
    path for path in sorted((ROOT / "bot").rglob("*.py"))
    if '__name__ == "__main__"' in path.read_text() and path.name not in ("__main__.py", "verifier.py")
]  # fmt: skip


@pytest.mark.serial
def test_a_process_ends_when_the_one_that_started_it_is_killed() -> None:
    work = "from bot.child_process import end_with_parent; end_with_parent(); print('on', flush=True);"
    child = f"{work} import time; time.sleep(60)"
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
    for _ in range(100):
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


@pytest.mark.parametrize("path", BESIDE, ids=lambda path: path.stem)
def test_every_process_beside_the_bot_ends_with_it(path: Path) -> None:
    assert "    end_with_parent()\n" in path.read_text(), f"{path} works on when the bot is killed"
