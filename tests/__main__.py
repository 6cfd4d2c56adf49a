"""Every check, in order: `uv run --group dev python -m tests`."""

from __future__ import annotations

import subprocess
import sys

STEPS = (
    ("format", ["ruff", "format", "--check", "."]),
    ("lint", ["ruff", "check", "."]),
    ("types", ["mypy"]),
    ("import rules", ["importlinter.cli", "lint"]),
    ("tests", ["pytest", "-n", "2"]),  # two at a time: much of a test is waiting for a disk or a process
)
TESTS_FAILED = 1  # pytest's exit code for it
ALONE = ("pytest", "--last-failed", "--last-failed-no-failures", "none")
_RUN = {"importlinter.cli": "from importlinter.cli import lint_imports_command; lint_imports_command()"}


def main() -> int:
    """Run every step even when one fails; 1 when one did."""
    failed = []
    for name, (module, *arguments) in STEPS:
        print(f"== {name}", flush=True)
        start = ["-c", _RUN[module]] if module in _RUN else ["-m", module, *arguments, *_given(module)]
        code = subprocess.run([sys.executable, *start], check=False).returncode
        if code == TESTS_FAILED and module == "pytest":
            print("== what failed beside others, alone", flush=True)
            code = subprocess.run([sys.executable, "-m", *ALONE], check=False).returncode
        if code:
            failed.append(name)
    if failed:
        print(f"== failed: {', '.join(failed)}", flush=True)
    return 1 if failed else 0


def _given(module: str) -> list[str]:
    return sys.argv[1:] if module == "pytest" else []


if __name__ == "__main__":
    sys.exit(main())
