"""How commands are read: a wrong usage is answered with one sentence and an example that can be copied."""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Sequence
from typing import NoReturn

from bot.cli import terminal

PROGRAM = "desk-inovasi"
WRONG_USAGE = 2  # what the program ends with
_UV_RUNS = "UV_RUN_RECURSION_DEPTH"  # set by `uv run` for what it runs
_MISSING = re.compile(r"the following arguments are required: (?P<names>.+)")
_NO_CHOICE = re.compile(
    r"argument (?P<name>\S+): invalid choice: (?P<value>.+) \(choose from (?P<choices>.+)\)"
)


class UsageParser(argparse.ArgumentParser):
    """Says in one sentence what is wrong, in place of argparse's block of options."""

    examples: Sequence[str] = ()  # of its use, without the program's name

    def error(self, message: str) -> NoReturn:
        """End the program with the fault and the way out."""
        way_out = f"for example: {typed(self.examples[0])}" if self.examples else f"see {typed('--help')}"
        self.refuse(f"{self._say_fault(message)}; {way_out}")

    def refuse(self, sentence: str) -> NoReturn:
        """End the program with this sentence."""
        terminal.print_refusal(sentence)
        self.exit(WRONG_USAGE)

    def _say_fault(self, message: str) -> str:
        command = self.prog.removeprefix(PROGRAM).strip() or PROGRAM
        if missing := _MISSING.fullmatch(message):
            below = self._list_below()
            return f"{command} needs {f'one of {below}' if below else missing['names']}"
        if strange := _NO_CHOICE.fullmatch(message):
            value, choices = (strange[part].replace("'", "") for part in ("value", "choices"))
            name = "" if strange["name"].isupper() else f"{strange['name']}: "
            return f'{command}: {name}found "{value}", expected one of {choices}'
        return f"{command}: {message.removeprefix('argument ')}"

    def _list_below(self) -> str:
        """List the words that may come next, where one has to."""
        choices = [action.choices for action in self._actions if action.nargs == argparse.PARSER]
        return ", ".join(word for words in choices for word in words or ())


def typed(words: str) -> str:
    """Write a command as it was typed just now: behind `uv run`, where it is not in the path by itself.

    `words` come behind the program's name, or name it where it belongs.
    """
    whole = words if f"{PROGRAM} " in words else f"{PROGRAM} {words}"
    return whole.replace(PROGRAM, f"uv run {PROGRAM}") if _UV_RUNS in os.environ else whole


def whole_number(text: str) -> int:
    """Read a number; raises ArgumentTypeError with what was expected."""
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f'found "{text}", expected a whole number') from None


def whole_days(text: str, *, most: int) -> int:
    """Read a count of days from 1 on; raises ArgumentTypeError with what was expected."""
    days = whole_number(text)
    if not 1 <= days <= most:
        raise argparse.ArgumentTypeError(f"found {days}, expected 1 to {most} days")
    return days
