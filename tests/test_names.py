"""Names say what they hold, and a line says one thing: what no linter of ours can see."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("domain", "storage", "handlers", "scheduler", "bot", "sandbox")
# Each makes a reader look up what was found, told, given; name the thing instead: row, text, values, office.
RIDDLES = frozenset({"found", "told", "one", "given", "held", "there", "along", "who", "mine", "here"})
STORED = {("ActOpen", "given")}  # a field whose name stands in the database


@dataclass(frozen=True)
class Places:
    """Where a module does what it should not, as `path:line`."""

    riddles: tuple[str, ...]
    nested: tuple[str, ...]
    crowded: tuple[str, ...]


@cache
def places() -> tuple[Places, ...]:
    """Read every module once for all that is looked for."""
    paths = (path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py")))
    return tuple(look_into(path.relative_to(ROOT).as_posix(), path.read_text("utf-8")) for path in paths)


def look_into(path: str, text: str) -> Places:
    nodes = list(ast.walk(ast.parse(text)))
    return Places(
        tuple(f"{path}:{line}: {name}" for line, name in riddles(nodes)),
        tuple(f"{path}:{node.lineno}" for node in nodes if isinstance(node, ast.IfExp) and is_nested(node)),
        tuple(f"{path}:{node.lineno}" for node in nodes if isinstance(node, ast.Assign) and is_crowded(node)),
    )


def riddles(nodes: Sequence[ast.AST]) -> Iterator[tuple[int, str]]:
    stored = {
        (field.lineno, field.target.id)
        for node in nodes
        if isinstance(node, ast.ClassDef)
        for field in node.body
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)
        if (node.name, field.target.id) in STORED
    }
    for node in nodes:
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            name = node.id
        elif isinstance(node, ast.arg):
            name = node.arg
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.MatchAs | ast.MatchStar):
            name = node.name or ""
        else:
            continue
        if name in RIDDLES and (node.lineno, name) not in stored:
            yield node.lineno, name


def is_nested(node: ast.IfExp) -> bool:
    return any(isinstance(part, ast.IfExp) for part in (node.body, node.orelse))


def is_crowded(node: ast.Assign) -> bool:
    """Tell whether a line assigns three things or more to as many names."""
    values, names = node.value, node.targets[0]
    return isinstance(values, ast.Tuple) and len(values.elts) > 2 and isinstance(names, ast.Tuple)


def test_a_name_says_what_it_holds() -> None:
    assert [place for module in places() for place in module.riddles] == []


def test_no_choice_stands_inside_another() -> None:
    assert [place for module in places() for place in module.nested] == []


def test_a_line_assigns_two_things_at_most() -> None:
    assert [place for module in places() for place in module.crowded] == []


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("found = 1", "riddles"),
        ("x = 1 if a else 2 if b else 3", "nested"),
        ("a, b, c = 1, 2, 3", "crowded"),
    ],
)
def test_the_search_finds_what_it_looks_for(code: str, kind: str) -> None:
    places_of_code = look_into("x.py", code)
    assert [name for name in ("riddles", "nested", "crowded") if getattr(places_of_code, name)] == [kind]
