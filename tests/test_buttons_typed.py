"""Callback data is written and read in `domain/buttons/` alone."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

from domain import buttons
from domain.buttons.base import Button
from handlers.registry import registry

ROOT = Path(__file__).parents[1]
FAMILIES: list[type[Button]] = [
    vars(buttons)[name] for name in buttons.__all__ if name not in ("Button", "Command", "Key")
]
LITERAL = re.compile(rf"({'|'.join(sorted({one.prefix() for one in FAMILIES}))}):[\w#]*(:|$)")
SPLITTING = {"split", "partition", "rsplit", "rpartition"}


def _modules(*rooms: str) -> Iterator[Path]:
    for room in rooms:
        yield from (path for path in (ROOT / room).rglob("*.py") if "domain/buttons" not in path.as_posix())


def _written(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """List the texts that begin as the data of a button does."""
    for node in ast.walk(tree):
        first = node.values[0] if isinstance(node, ast.JoinedStr) and node.values else node
        if isinstance(first, ast.Constant) and isinstance(first.value, str) and LITERAL.match(first.value):
            yield first.lineno, first.value


def _taken_apart(tree: ast.AST) -> Iterator[int]:
    """List the places that take callback data or the arguments of a tap apart by hand."""
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in SPLITTING
        ):
            whose = ast.unparse(node.func.value)
            if (
                whose in ("ctx.args", "ctx.inbound.button", "data", "rest")
                and ast.unparse(node.args[0]) == "':'"
            ):
                yield node.lineno


def test_no_module_writes_the_data_of_a_button() -> None:
    written = [
        f"{path.relative_to(ROOT).as_posix()}:{line}: {text}"
        for path in _modules("domain", "handlers", "scheduler", "bot")
        for line, text in _written(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert written == []


def test_a_literal_would_be_found() -> None:
    found = {text for _, text in _written(ast.parse('a = "k:bantuan"; b = f"d:back:{n}"; c = f"st:{n}"'))}
    assert found == {"k:bantuan", "d:back:", "st:"}


def test_nobody_takes_the_data_of_a_button_apart() -> None:
    """The registry alone looks at the first word, to find the families."""
    found = {
        path.relative_to(ROOT).as_posix()
        for path in _modules("domain", "handlers", "scheduler")
        if list(_taken_apart(ast.parse(path.read_text(encoding="utf-8"))))
    }
    assert found == {"handlers/registry.py", "handlers/desk.py", "handlers/menus.py"}


def test_every_family_has_somebody_who_takes_it() -> None:
    taken = {taps.family for many in registry().by_prefix.values() for taps in many}
    assert taken == set(FAMILIES) - {buttons.Open, buttons.Written}  # which the desk takes itself


def test_every_command_a_button_opens_is_there() -> None:
    assert set(get_args(buttons.Command)) <= set(registry().by_name)
