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
from bot.cli.usage import typed
from bot.cli.usage_examples import EXAMPLES


@pytest.fixture(autouse=True)
def not_behind_uv(monkeypatch: pytest.MonkeyPatch) -> None:
    """Type as where the program is in the path."""
    monkeypatch.delenv("UV_RUN_RECURSION_DEPTH", raising=False)


def test_every_command_is_carried_out_and_has_examples_that_can_be_read() -> None:
    parsers = completion.parsers(make_parser())
    assert {name for name in parsers if name and " " not in name} == set(_COMMANDS)
    assert set(EXAMPLES) == set(parsers)
    for name, examples in EXAMPLES.items():
        told = parsers[name].format_help()
        for example in examples:
            line = typed(example)
            assert f"  {line}\n" in told
            command = re.split(r" [|>] |\)\"$", line.partition("desk-inovasi ")[2])[0]
            assert command.startswith(name)
            words = shlex.split(command, comments=True)
            assert read(words).command == words[0]


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("--port 8190", "desk-inovasi sandbox --port 8190"),
        ("--fresh", "desk-inovasi sandbox --fresh"),
        ("--scenario=busy --fresh", "desk-inovasi sandbox --scenario=busy --fresh"),
        ("run --port 1", "DESK_WEB_PORT"),
        ("sandbx", 'did you mean "sandbox"?'),
        ("exprot audit", 'did you mean "export"?'),
        ("terbang", "see desk-inovasi --help"),
        ("sandbox --port 99999", "expected a port from 0 to 65535"),
        ("sandbox extra", "sandbox takes no extra; see desk-inovasi sandbox --help"),
        ("-v", "desk-inovasi takes no -v; see desk-inovasi --help"),
        ("invite", "invite needs --role; for example: desk-inovasi invite --role admin"),
        ("people", "people needs one of list, grant, revoke, codes, revoke-code; for example: desk-inovasi"),
        ("export innovasi", 'found "innovasi", expected one of innovations, evidence, audit; for example:'),
        ("invite --role leder", '--role: found "leder", expected one of focal_point, leader, admin;'),
        ("invite --role admin --days x", '--days: found "x", expected a whole number; for example'),
        ("invite --role admin --days 0", "--days: found 0, expected 1 to 365 days;"),
        ("people grant x --role leader --reason y", 'NUMBER: found "x", expected a whole number;'),
    ],
)
def test_what_was_meant_is_said_in_one_sentence(
    words: str, meant: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        read(words.split())
    (said,) = capsys.readouterr().err.splitlines()
    assert said.startswith("desk-inovasi: ")
    assert meant in said


def test_behind_uv_run_an_example_can_be_copied_as_it_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UV_RUN_RECURSION_DEPTH", "1")
    assert "  uv run desk-inovasi invite --role admin\n" in make_parser().format_help()
    assert typed('eval "$(desk-inovasi completion bash)"') == 'eval "$(uv run desk-inovasi completion bash)"'


def test_help_is_a_command_too(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        read(["help", "people", "grant"])
    assert capsys.readouterr().out.startswith("usage: desk-inovasi people grant")


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
        pytest.skip(f"{shell} itself completes here, and is not installed; its script is compared above")
    assert complete(shell, "desk-inovasi re", folder=tmp_path) == {"restore"}
    assert {"audit", "evidence", "innovations"} <= complete(shell, "desk-inovasi export ", folder=tmp_path)
    assert complete(shell, "desk-inovasi people revoke-", folder=tmp_path) == {"revoke-code"}
    assert complete(shell, "desk-inovasi restore --ch", folder=tmp_path) == {"--check"}
    assert {"admin", "leader"} <= complete(shell, "desk-inovasi invite --role ", folder=tmp_path)


def test_zsh_completes_with_what_its_script_declares(tmp_path: Path) -> None:
    if shutil.which("zsh") is None:
        pytest.skip("zsh itself loads its script here, and is not installed; the script is compared above")
    script = tmp_path / "_desk-inovasi"
    script.write_text(completion.write(make_parser(), "zsh"), encoding="utf-8")
    assert script.read_text(encoding="utf-8").startswith("#compdef desk-inovasi")
    typed = f'autoload -Uz compinit; compinit -u -D; eval "$(<{script})"; print ${{_comps[desk-inovasi]}}'
    done = subprocess.run(["zsh", "-fc", typed], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "_shtab_desk_inovasi"
