"""How commands speak on a terminal, beside one, and on one that lacks our characters."""

from __future__ import annotations

import io
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from bot.cli import terminal
from bot.cli.check import Line
from tests.kit.command_line import desk, environment

PEOPLE = terminal.Table(("number", "name"), [("1", "Rina [dinkes]"), ("5", "Sari")], "nobody")
BOX = "━"


class Screen(io.TextIOWrapper):
    """A stream that says it is a terminal."""

    def __init__(self, *, encoding: str = "utf-8") -> None:
        super().__init__(io.BytesIO(), encoding=encoding, write_through=True)

    def isatty(self) -> bool:
        return True

    def said(self) -> str:
        """What was written so far."""
        assert isinstance(self.buffer, io.BytesIO)
        return self.buffer.getvalue().decode(self.encoding)


def speak(*, encoding: str = "utf-8") -> str:
    """Say everything there is to say on a terminal; returns both streams."""
    with Screen(encoding=encoding) as out, redirect_stdout(out), redirect_stderr(out):
        terminal.accept_any_encoding()
        terminal.print_table(PEOPLE)
        terminal.print_findings([Line("disk", False, "data, 3 MB free"), Line("clock", True, "2026-11-28")])
        terminal.print_refusal("there is no data/desk.db → check DESK_DATA_DIR…")
        terminal.print_banner("Desk Inovasi", {"database": "data/desk.db"})
        with terminal.progress() as tell:
            for done in range(3):
                tell("files", done, 2)
            tell("migrating", 0, 0)
        return out.said()


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1", "ascii"])
def test_a_terminal_gets_tables_marks_and_a_bar_whatever_its_encoding(encoding: str) -> None:
    said = speak(encoding=encoding)
    for part in ("number", "Rina [dinkes]", "FAILED", "data/desk.db", "files", "2/2", "migrating"):
        assert part in said, part
    assert ("DATA_DIR…" if encoding == "utf-8" else "-> check DESK_DATA_DIR...") in said
    assert (BOX in said) is (encoding == "utf-8")


def test_beside_a_terminal_there_are_plain_lines(capsys: pytest.CaptureFixture[str]) -> None:
    terminal.print_table(PEOPLE)
    terminal.print_table(terminal.Table((), (), "nobody"))
    terminal.print_banner("Desk Inovasi", {"database": "data/desk.db"})
    with terminal.progress() as tell:
        for done in range(3):
            tell("files", done, 2)
        tell("migrating", 0, 0)
    said = capsys.readouterr()
    assert said.out == "1  Rina [dinkes]\n5  Sari\nnobody\n"
    assert said.err == "files: 2 of 2\n"


@pytest.mark.parametrize(
    "arguments", [["--help"], ["move", "--help"], ["sandbox", "--help"], ["export", "audit"]]
)
def test_a_latin_1_terminal_ends_no_command(tmp_path: Path, arguments: list[str]) -> None:
    desk(tmp_path, "migrate")
    done = subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=tmp_path,
        env=environment(tmp_path) | {"PYTHONIOENCODING": "latin-1"},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert b"Traceback" not in done.stderr
    done.stdout.decode("utf-8" if arguments[0] == "export" else "latin-1")


@pytest.mark.parametrize(
    ("lacking", "near"), [("…", "..."), ("é", "e"), ("–", "-"), ("“a”", '"a"'), ("字", "?"), ("→", "->")]
)
def test_what_an_encoding_lacks_comes_out_as_the_nearest_it_has(lacking: str, near: str) -> None:
    terminal.accept_any_encoding()
    assert lacking.encode("ascii", terminal.NEAREST).decode() == near
