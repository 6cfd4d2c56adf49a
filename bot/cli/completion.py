"""`completion`: what a shell needs to complete our commands with the tab key."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

SHELLS = ("bash", "zsh", "fish")
_HOW_TO = """\
Print what a shell needs to complete our commands with the tab key.
The line of your shell below switches it on. To have it in every shell, put the
line into ~/.bashrc, ~/.zshrc (below compinit) or ~/.config/fish/config.fish.
It completes desk-inovasi where that is in the path, as after
`. .venv/bin/activate`, and not what stands behind `uv run`.
"""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser(
        "completion",
        help="print what a shell needs to complete our commands",
        description=_HOW_TO,
    )
    parser.add_argument("shell", choices=SHELLS)


def write(parser: argparse.ArgumentParser, shell: str) -> str:
    """Write the script of a shell for all commands of a parser."""
    import shtab

    paths = {"FILE": shtab.FILE, "FILE.zip": shtab.FILE, "FOLDER": shtab.DIRECTORY}
    for command in parsers(parser).values():
        for action in command._actions:
            if action.metavar in paths:
                action.complete = paths[str(action.metavar)]  # type: ignore[attr-defined]  # shtab's own way
    return str(shtab.complete(parser, shell))


def parsers(parser: argparse.ArgumentParser, *, name: str = "") -> dict[str, argparse.ArgumentParser]:
    """List a parser and those below it, each under its words: "", "export", "export audit"."""
    return {name: parser} | {
        words: command
        for word, below in _list_below(parser)
        for words, command in parsers(below, name=f"{name} {word}".strip()).items()
    }


def _list_below(parser: argparse.ArgumentParser) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            yield from action.choices.items()
