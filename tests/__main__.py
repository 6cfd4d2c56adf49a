"""Every check, in order: `uv run --group dev python -m tests`.

The tests run in two steps, each test once: first those that stay in their process, then those marked
`serial`, which start processes to kill them, or a browser. Two at a time in each: none of them times itself.
Where PostgreSQL is installed a part of them runs once more on a server of the tests' own.
Arguments go to pytest: `python -m tests tests/domain`, `python -m tests --every --engine postgresql`.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

_TWO = ("-n", "2", "--dist", "worksteal")
# what holds the engines together, and a part of the conversations; all: `pytest --engine postgresql --every`
ON_SERVER = ("tests/storage/engine", "tests/transcripts/test_on_postgresql.py")
STEPS = (
    ("format", ["ruff", "format", "--check", "."]),
    ("lint", ["ruff", "check", "."]),
    ("types", ["mypy"]),
    ("import rules", ["importlinter.cli", "lint"]),
    ("tests", ["pytest", *_TWO, "-m", "not serial"]),
    ("tests of processes", ["pytest", *_TWO, "-m", "serial"]),
    ("tests on PostgreSQL", ["pytest", *_TWO, "-m", "not sqlite", "--engine", "postgresql", *ON_SERVER]),
)
NOTHING_CHOSEN = 5  # pytest's exit code where the arguments choose no test of a step
_RUN = {"importlinter.cli": "from importlinter.cli import lint_imports_command; lint_imports_command()"}


def main() -> int:
    """Run every step even when one fails; 1 when one did."""
    failed, closing = [], []
    for name, (module, *arguments) in STEPS:
        if "--engine" in arguments and sys.argv[1:]:
            continue  # who chooses tests chooses their engine
        print(f"== {name}", flush=True)
        start = ["-c", _RUN[module]] if module in _RUN else ["-m", module, *arguments]
        if module == "pytest":
            chosen = sys.argv[1:] or (_list_serial() if "serial" in arguments else [])
            code, last = _told([sys.executable, *start, *chosen])
            closing.append(f"== {name}: {last.strip('= ')}")
            code = 0 if code == NOTHING_CHOSEN and sys.argv[1:] else code
        else:
            code = subprocess.run([sys.executable, *start], check=False).returncode
        if code:
            failed.append(name)
    print("\n".join(closing), flush=True)
    if failed:
        print(f"== failed: {', '.join(failed)}", flush=True)
    return 1 if failed else 0


def _list_serial() -> list[str]:
    """List the modules that mark a test `serial`: to read all the others for these takes half a minute."""
    modules = sorted(Path("tests").rglob("test_*.py"))
    return [str(path) for path in modules if "pytest.mark.serial" in path.read_text(encoding="utf-8")]


def _told(command: list[str]) -> tuple[int, str]:
    """Run a command and show what it says as it comes; returns its exit code and its last line."""
    last = ""
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8") as process:
        assert process.stdout is not None
        for line in process.stdout:
            print(line, end="", flush=True)
            last = line.strip() or last
    return process.returncode, last


if __name__ == "__main__":
    sys.exit(main())
