"""The table of commands, buttons and dialogues names what there is."""

from __future__ import annotations

import subprocess
import sys

from handlers.registry import registry

NAMES = ("DIALOGUE", "ANSWER", "PHONE")  # under which a handler keeps the name of its dialogue


def test_what_the_table_names_is_there() -> None:
    registry().load()


def test_every_dialogue_a_handler_opens_stands_in_the_table_and_none_too_many() -> None:
    table = registry()
    table.load()
    modules = [module for name, module in sys.modules.items() if name.startswith("handlers.")]
    opened = {getattr(module, name) for module in modules for name in NAMES if hasattr(module, name)}
    assert opened == set(table.dialogues)


def test_the_start_waits_for_no_handler_that_the_first_answer_does_not_need() -> None:
    asked = "import sys, bot.app; print(*(name for name in sys.modules if name.startswith('handlers.')))"
    loaded = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout.split()
    assert "handlers.filling" in loaded
    assert not {"handlers.broadcast", "handlers.review", "handlers.whatif", "handlers.reminders"} & set(loaded)
