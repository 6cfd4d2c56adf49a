"""Every check: `uv run --group dev python -m tests`.

After format and lint three lanes go on at once, each test once. Tests that stay in their process want nothing
but the processor; those marked `serial` start processes to kill them, or a browser, and wait for most of
their time. So the former are patient: where both want the processor the latter come first, as fast as if
they were alone, and what they leave is used. The third lane checks import rules and types, and runs, where
PostgreSQL is installed, a part of the tests once more on a server of the tests' own.
On a tree whose tests were never read one process reads them before the many do, and compiles for all.
What the tests write lies in memory where there is room for it: they kill processes and never the machine.
Arguments go to pytest: `python -m tests tests/domain`, `python -m tests --every --engine postgresql`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from subprocess import PIPE, STDOUT

from tests.kit import scratch

_FOUR = ("-n", "4", "--dist", "worksteal")  # on two cores: they wait now and then
_TWO_MODULES = ("-n", "2", "--dist", "loadscope")  # each with the browser and the sandbox its tests share
# what holds the engines together, and a part of the conversations; all: `pytest --engine postgresql --every`
ON_SERVER = ("tests/storage/engine", "tests/transcripts/test_on_postgresql.py")
MEMORY, MEMORY_BYTES = Path("/dev/shm"), 2_000_000_000  # a file system in memory, and the room wanted there
NICE = 10  # of the patient: a tenth of what the others get, where both want the processor
FOLDER = "desk-tests-"  # in it, of one run
NOTHING_CHOSEN = 5  # pytest's exit code where the arguments choose no test of a step
_IMPORT_RULES = "from importlinter.cli import lint_imports_command; lint_imports_command()"


@dataclass(frozen=True)
class Step:
    """One check: its name, what Python is started with, and whether it lets others go first."""

    name: str
    arguments: Sequence[str]
    is_patient: bool = False

    @property
    def is_tests(self) -> bool:
        """Whether it is a run of pytest."""
        return "pytest" in self.arguments


FIRST = (
    Step("format", ["-m", "ruff", "format", "--check", "."]),
    Step("lint", ["-m", "ruff", "check", "."]),
)
READ = Step("tests read", ["-m", "pytest", "--collect-only", "-qq"])
SHOWN = Step("tests", ["-m", "pytest", *_FOUR, "-m", "not serial"], is_patient=True)
BESIDE = (  # lanes beside it; the steps of a lane one after the other
    (Step("tests of processes", ["-m", "pytest", *_TWO_MODULES, "-m", "serial"]),),
    (
        Step("import rules", ["-c", _IMPORT_RULES], is_patient=True),
        Step("types", ["-m", "mypy"], is_patient=True),
        Step(
            "tests on PostgreSQL",
            ["-m", "pytest", "-m", "not sqlite", "--engine", "postgresql", *ON_SERVER],
            is_patient=True,
        ),
    ),
)


@dataclass(frozen=True)
class Outcome:
    """How a step ended, and the last line it wrote."""

    step: Step
    has_failed: bool
    last_line: str


def main() -> int:
    """Run every step even when one fails; 1 when one did."""
    with _writing_to(MEMORY, room=MEMORY_BYTES):
        outcomes = list(_run_all(sys.argv[1:]))
    for outcome in outcomes:
        if outcome.step.is_tests:
            print(f"== {outcome.step.name}: {outcome.last_line.strip('= ')}", flush=True)
    failed = [outcome.step.name for outcome in outcomes if outcome.has_failed]
    if failed:
        print(f"== failed: {', '.join(failed)}", flush=True)
    return 1 if failed else 0


@contextmanager
def _writing_to(memory: Path, *, room: int) -> Iterator[None]:
    """Have all temporary files of the steps in memory until the end, where it has room for so many bytes, and
    what is compiled shared by all their processes.
    """
    scratch.remove_left(memory, prefix=FOLDER)
    if not memory.is_dir() or shutil.disk_usage(memory).free < room:
        with tempfile.TemporaryDirectory(prefix=FOLDER) as folder:
            _share_bytecode(folder)
            yield
        return
    with tempfile.TemporaryDirectory(prefix=FOLDER, dir=memory) as folder:
        scratch.lock(Path(folder))  # until this process ends
        os.chmod(folder, 0o711)  # PostgreSQL runs as another user
        os.environ["TMPDIR"] = folder
        _share_bytecode(folder)
        yield


def _share_bytecode(folder: str) -> None:
    """Keep what is compiled for the processes of this run where Python is told to write none: otherwise each
    of some hundred compiles all that it imports.
    """
    if os.environ.pop("PYTHONDONTWRITEBYTECODE", ""):
        os.environ["PYTHONPYCACHEPREFIX"] = f"{folder}/bytecode"


def _run_all(chosen: Sequence[str]) -> Iterator[Outcome]:
    """Run what is short, then all lanes at once; what the shown one writes is seen as it comes."""
    for step in FIRST:
        yield _run_shown(step, chosen)
    with ThreadPoolExecutor(len(BESIDE)) as lanes:
        beside = [lanes.submit(_run_lane, steps, chosen) for steps in BESIDE]
        if not (chosen or _is_compiled()):
            _run_unseen(READ, chosen)  # what it cannot read fails the tests, which say so
        yield _run_shown(SHOWN, chosen)
        for lane in as_completed(beside):
            for outcome, text in lane.result():
                print(f"== {outcome.step.name}\n{text}", end="", flush=True)
                yield outcome


def _is_compiled() -> bool:
    """Whether the tests were read here before. Where they were not, one process compiles all they import;
    else each of six does, ten seconds of a processor each.
    """
    if "PYTHONPYCACHEPREFIX" in os.environ:
        return False  # a folder of this run
    return next(Path("tests").rglob("*-pytest-*.pyc"), None) is not None


def _run_lane(steps: Sequence[Step], chosen: Sequence[str]) -> list[tuple[Outcome, str]]:
    """Run the steps of a lane; who chooses tests chooses their engine."""
    return [_run_unseen(step, chosen) for step in steps if not (chosen and "--engine" in step.arguments)]


def _run_shown(step: Step, chosen: Sequence[str]) -> Outcome:
    """Run a step and show what it writes."""
    print(f"== {step.name}", flush=True)
    return _run(step, chosen, show=_show)


def _show(line: str) -> None:
    print(line, end="", flush=True)


def _run_unseen(step: Step, chosen: Sequence[str]) -> tuple[Outcome, str]:
    """Run a step and keep what it writes for later."""
    lines: list[str] = []
    return _run(step, chosen, show=lines.append), "".join(lines)


def _run(step: Step, chosen: Sequence[str], *, show: Callable[[str], None]) -> Outcome:
    """Run a step to its end and hand on each line as it comes."""
    tests = (chosen or _list_tests(step)) if step.is_tests else ()
    last_line = ""
    command = [sys.executable, *step.arguments, *tests]
    with subprocess.Popen(command, stdout=PIPE, stderr=STDOUT, text=True, encoding="utf-8") as process:
        assert process.stdout is not None
        if step.is_patient and sys.platform != "win32":
            os.setpriority(os.PRIO_PROCESS, process.pid, os.getpriority(os.PRIO_PROCESS, 0) + NICE)
        for line in process.stdout:
            show(line)
            last_line = line.strip() or last_line
    is_empty = process.returncode == NOTHING_CHOSEN and step.is_tests and bool(chosen)
    return Outcome(step, process.returncode != 0 and not is_empty, last_line)


def _list_tests(step: Step) -> list[str]:
    """List the modules that mark a test `serial`: to read all the others for these takes half a minute."""
    if "serial" not in step.arguments:
        return []
    modules = sorted(Path("tests").rglob("test_*.py"))
    return [str(path) for path in modules if "pytest.mark.serial" in path.read_text(encoding="utf-8")]


if __name__ == "__main__":
    sys.exit(main())
