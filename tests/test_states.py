"""States of an innovation and standings of an office are written once, in `domain/review.py`."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.review import Standing, State
from storage.history import DISCARDED

ROOT = Path(__file__).parents[1]
ROOMS = ("domain", "storage", "handlers", "scheduler", "bot", "sandbox")
WORDS = {*map(str, State), *map(str, Standing), DISCARDED}
IN_SQL = re.compile(rf"'({'|'.join(sorted(WORDS))})'")
HOME = {"domain/review.py", "storage/history.py"}
# What is spelled like a state and is none, the command /draf: in these lists, and in these calls.
COMMANDS = {"handlers/registry.py", "domain/buttons/for_everybody.py"}
OF_COMMANDS = {"Open", "Command"}


def literals(text: str) -> Iterator[tuple[int, str]]:
    """Go through the states that stand in a module as a string, or in quotes inside one."""
    tree = ast.parse(text)
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    names = {
        id(word)
        for call in calls
        if getattr(call.func, "attr", getattr(call.func, "id", "")) in OF_COMMANDS
        for word in call.args
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or id(node) in names:
            continue
        if node.value in WORDS:
            yield node.lineno, node.value
        yield from ((node.lineno, word) for word in IN_SQL.findall(node.value))


def test_no_state_is_written_out_in_code_or_sql() -> None:
    modules = [path for room in ROOMS for path in (ROOT / room).rglob("*.py")]
    found = [
        f"{name}:{line}: {word}"
        for path in modules
        if (name := str(path.relative_to(ROOT))) not in HOME | COMMANDS
        for line, word in literals(path.read_text(encoding="utf-8"))
    ]
    assert len(modules) > 200
    assert found == []


@pytest.mark.parametrize(
    "code",
    [
        'x = "draf"',
        "SQL = \"UPDATE i SET state = 'diubah'\"",
        "SQL = f\"SELECT {a} WHERE state IN ('x', 'terkirim')\"",
    ],
)
def test_the_search_finds_what_it_looks_for(code: str) -> None:
    assert list(literals(code))
