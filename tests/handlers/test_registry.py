"""The table of commands, buttons and dialogues names what there is."""

from __future__ import annotations

import sys

from handlers.registry import registry

NAMES = ("DIALOGUE", "ANSWER", "PHONE")  # under which a handler keeps the name of its dialogue


def test_every_dialogue_a_handler_opens_stands_in_the_table_and_none_too_many() -> None:
    table = registry()
    modules = [module for name, module in sys.modules.items() if name.startswith("handlers.")]
    opened = {getattr(module, name) for module in modules for name in NAMES if hasattr(module, name)}
    assert opened == set(table.dialogues)
