"""Every command with its options, and what is meant by words that are none."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from functools import partial

from rapidfuzz import fuzz, process

from bot import __version__
from bot.cli import (
    backups,
    cli_export,
    cli_templates,
    completion,
    imports,
    moving,
    people,
    proof_packs,
    rule_changes,
    sandbox_options,
    unknown_files,
)
from bot.cli.usage import PROGRAM, UsageParser, typed, whole_days
from bot.cli.usage_examples import add_examples
from domain.reading.clean_text import code_text

NEAR_SCORE = 60.0  # of 100: from here on a word is taken for a slip of a command
_SETTINGS_INSTEAD = {"--host": "DESK_WEB_HOST", "--port": "DESK_WEB_PORT"}  # of options that `run` lacks


def make_parser() -> UsageParser:
    """Declare every command."""
    parser = UsageParser(
        prog=PROGRAM,
        description="A chat desk where the offices of a regency hand in their innovations.",
    )
    parser.add_argument("--version", action="version", version=f"desk-inovasi {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    commands.add_parser("run", help="run the bot: intake, dispatcher, sender, scheduler, web")
    sandbox = commands.add_parser("sandbox", help="try the bot in a page, with no token and no network")
    sandbox_options.declare(sandbox)
    demo = commands.add_parser("demo", help="try the bot in this terminal, with no token and no network")
    sandbox_options.declare_demo(demo)
    commands.add_parser("check", help="check settings, token, webhook, database, disk and clock")
    _declare_migrate(commands.add_parser("migrate", help="bring the database to this version"))
    _declare_invite(commands.add_parser("invite", help="print a one-time code and its link"))
    rooms = (imports, backups, moving, proof_packs, people, unknown_files, rule_changes, cli_export)
    for room in (*rooms, cli_templates, completion):
        room.add_parser(commands)
    add_examples(parser)
    return parser


def _declare_migrate(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--new-bot",
        action="store_true",
        help="the desk has a new bot or number: let the database belong to those of the settings",
    )


def _declare_invite(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--role",
        required=True,
        choices=["focal_point", "leader", "admin"],
        help="what its user becomes",
    )
    parser.add_argument(
        "--office", metavar="CODE", type=code_text, default="", help="office of a focal point, e.g. dinkes"
    )
    parser.add_argument(
        "--days",
        type=partial(whole_days, most=365),
        default=14,
        help="days the code is good for (default 14)",
    )


def read(words: Sequence[str]) -> argparse.Namespace:
    """Read what was typed; ends the program with 2 and a sentence where it is no command of ours."""
    parser = make_parser()
    if words and words[0] == "help":
        words = [*words[1:], "--help"]
    if words and (meant := _find_meant(words, parser)):
        parser.refuse(meant)
    options, rest = parser.parse_known_args(words)
    if rest:
        parser.refuse(_say_too_much(rest, options.command))
    return options


def _say_too_much(rest: Sequence[str], command: str | None) -> str:
    said = f"{command or PROGRAM} takes no {' '.join(rest)}"
    return f"{said}; see {typed(f'{command} --help' if command else '--help')}"


def _find_meant(words: Sequence[str], parser: argparse.ArgumentParser) -> str:
    """Say what was meant by a beginning that is no command, or by an option of another one; "" is neither."""
    first = words[0]
    if first.partition("=")[0] in sandbox_options.NAMES:
        return f"{first} belongs to a command; for the sandbox: " + typed(f"sandbox {' '.join(words)}")
    if first == "run" and len(words) > 1 and (setting := _SETTINGS_INSTEAD.get(words[1].partition("=")[0])):
        return f"run takes no {words[1]}; set {setting}"
    known = [name for name in completion.parsers(parser) if name and " " not in name]
    if first.startswith("-") or first in known:
        return ""
    near = process.extractOne(first, known, scorer=fuzz.ratio, score_cutoff=NEAR_SCORE)
    return f'"{first}" is no command; ' + (f'did you mean "{near[0]}"?' if near else f"see {typed('--help')}")
