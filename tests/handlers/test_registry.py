"""The table of commands, buttons and dialogues names what there is."""

from __future__ import annotations

import inspect
import sys
from dataclasses import replace

import pytest

from handlers.context import reads_no_argument
from handlers.registry import DIALOGUES, MENU, TAPS, Registry, in_menu, registry

NAMES = (
    "DIALOGUE",
    "ANSWER",
    "ANSWERING",
    "ASKING",
    "PHONE",
)  # under which a handler keeps the name of its dialogue


def test_every_dialogue_a_handler_opens_stands_in_the_table_and_none_too_many() -> None:
    table = registry()
    modules = [module for name, module in sys.modules.items() if name.startswith("handlers.")]
    opened = {getattr(module, name) for module in modules for name in NAMES if hasattr(module, name)}
    assert opened == set(table.dialogues)


def test_a_second_entry_of_any_kind_is_refused_by_name() -> None:
    commands = registry().commands
    for entries, name in (
        (((*commands, commands[0]), TAPS, DIALOGUES), 'command "ajukan"'),
        ((commands, (*TAPS, TAPS[0]), DIALOGUES), 'button "Form"'),
        ((commands, TAPS, (*DIALOGUES, replace(DIALOGUES[0], right=DIALOGUES[-1].right))), 'dialogue "form"'),
    ):
        with pytest.raises(ValueError, match=f"{name} stands twice"):
            Registry(entries[0], entries[1], dialogues=entries[2])


def test_the_menu_has_its_order_and_a_place_for_every_command() -> None:
    commands = registry().commands
    assert [one.name for one in commands[: len(MENU)]] == list(MENU)
    with pytest.raises(ValueError, match='command "lain" has no place in the menu'):
        in_menu([replace(commands[0], name="lain")])


def test_what_a_command_reads_behind_its_name_needs_no_slash() -> None:
    """A handler that reads arguments says which, so that its word with them is understood typed alone."""
    commands = registry().commands
    reading = {command.name for command in commands if "ctx.args" in inspect.getsource(command.handle)}
    assert reading == {command.name for command in commands if command.reads is not reads_no_argument}
