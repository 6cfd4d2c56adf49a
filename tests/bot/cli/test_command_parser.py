"""What is said to somebody who types: help with examples, the nearest command, completion in real shells."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import tomllib
from importlib.resources import files
from pathlib import Path

import pytest

from bot.__main__ import _COMMANDS
from bot.cli import completion, sandbox_options
from bot.cli.command_parser import make_parser, read
from bot.cli.usage_examples import EXAMPLES


def test_every_command_is_carried_out_and_has_examples_that_can_be_read() -> None:
    parsers = completion.parsers(make_parser())
    assert {name for name in parsers if name and " " not in name} == set(_COMMANDS)
    assert set(EXAMPLES) == set(parsers)
    for name, examples in EXAMPLES.items():
        told = parsers[name].format_help()
        for example in examples:
            assert f"  desk-inovasi {example}\n" in told
            assert example.startswith(name)
            words = shlex.split(example.partition(" > ")[0].partition(" | ")[0])
            assert read(words).command == words[0]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("--port 8190", "desk-inovasi sandbox --port 8190"),
        ("--fresh", "desk-inovasi sandbox --fresh"),
        ("--scenario=busy --fresh", "desk-inovasi sandbox --scenario=busy --fresh"),
        ("run --port 1", "DESK_WEB_PORT"),
        ("sandbx", 'did you mean "sandbox"?'),
        ("exprot audit", 'did you mean "export"?'),
        ("terbang", "see desk-inovasi --help"),
        ("sandbox --port 99999", "expected a port from 0 to 65535"),
    ],
)
def test_what_was_meant_is_said(typed: str, meant: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        read(typed.split())
    said = capsys.readouterr().err
    assert said.startswith("usage: desk-inovasi")
    assert meant in said.splitlines()[-1]


def test_the_scenarios_to_choose_from_are_those_there_are() -> None:
    plans = tomllib.loads((files("sandbox") / "scenarios.toml").read_text(encoding="utf-8"))
    assert {*plans, sandbox_options.EMPTY} == set(sandbox_options.SCENARIOS)


def complete(shell: str, typed: str, *, folder: Path) -> set[str]:
    """Press the tab key in a real shell, behind what was typed."""
    script = folder / "completion"
    script.write_text(completion.write(make_parser(), shell), encoding="utf-8")
    if shell == "bash":
        words = shlex.join([*typed.split(" ")])
        function = "$(complete -p desk-inovasi | sed 's/.*-F \\([^ ]*\\).*/\\1/')"
        command = (
            f"source {script}; COMP_WORDS=({words or ''}); COMP_CWORD=$((${{#COMP_WORDS[@]}}-1));"
            f' {function}; printf "%s\\n" "${{COMPREPLY[@]}}"'
        )
    else:
        command = f"source {script}; complete -C {shlex.quote(typed)}"
    done = subprocess.run([shell, "-c", command], capture_output=True, text=True, cwd=folder, check=True)
    return {line.split("\t")[0].strip() for line in done.stdout.splitlines()}


@pytest.mark.parametrize("shell", completion.SHELLS)
def test_the_script_of_every_shell_names_commands_options_and_choices(shell: str) -> None:
    script = completion.write(make_parser(), shell)
    words = {word for name in completion.parsers(make_parser()) for word in name.split()}
    words |= {"focal_point", "leader", "admin", *sandbox_options.SCENARIOS}
    assert [word for word in sorted(words) if word not in script] == []
    assert all(re.search(rf"\b{option}\b", script) for option in ("check", "older-than", "fresh"))


@pytest.mark.parametrize("shell", ["bash", "fish"])
def test_a_real_shell_completes_commands_options_and_choices(tmp_path: Path, shell: str) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    assert complete(shell, "desk-inovasi re", folder=tmp_path) == {"restore"}
    assert {"audit", "evidence", "innovations"} <= complete(shell, "desk-inovasi export ", folder=tmp_path)
    assert complete(shell, "desk-inovasi people revoke-", folder=tmp_path) == {"revoke-code"}
    assert complete(shell, "desk-inovasi restore --ch", folder=tmp_path) == {"--check"}
    assert {"admin", "leader"} <= complete(shell, "desk-inovasi invite --role ", folder=tmp_path)


def test_zsh_can_read_its_script(tmp_path: Path) -> None:
    if shutil.which("zsh") is None:
        pytest.skip("zsh is not installed")
    script = tmp_path / "_desk-inovasi"
    script.write_text(completion.write(make_parser(), "zsh"), encoding="utf-8")
    subprocess.run(["zsh", "-n", str(script)], check=True)
    assert script.read_text(encoding="utf-8").startswith("#compdef desk-inovasi")
