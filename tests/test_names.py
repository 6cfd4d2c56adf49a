"""Names say what they hold, and a line says one thing: what no linter of ours can see."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent
ROOMS = ("domain", "storage", "handlers", "scheduler", "bot", "sandbox")
# Each makes a reader look up what was found, told, given; name the thing instead: row, text, values, office.
RIDDLES = frozenset({"found", "told", "one", "given", "held", "there", "along", "who", "mine", "here"})
STORED = {("ActOpen", "given")}  # a field whose name stands in the database


@cache
def modules() -> tuple[tuple[str, ast.Module], ...]:
    return tuple(
        (path.relative_to(ROOT).as_posix(), ast.parse(path.read_text(encoding="utf-8")))
        for room in ROOMS
        for path in sorted((ROOT / room).rglob("*.py"))
    )


def riddles(tree: ast.Module) -> Iterator[tuple[int, str]]:
    stored = {
        (field.lineno, field.target.id)
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
        for field in node.body
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)
        if (node.name, field.target.id) in STORED
    }
    for node in ast.walk(tree):
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


def test_a_name_says_what_it_holds() -> None:
    assert [f"{path}:{line}: {name}" for path, tree in modules() for line, name in riddles(tree)] == []


def test_no_choice_stands_inside_another() -> None:
    nested = [
        f"{path}:{node.lineno}"
        for path, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.IfExp)
        if any(isinstance(part, ast.IfExp) for part in (node.body, node.orelse))
    ]
    assert nested == []


def test_a_line_assigns_two_things_at_most() -> None:
    crowded = [
        f"{path}:{node.lineno}"
        for path, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Tuple) and len(node.value.elts) > 2
        if isinstance(node.targets[0], ast.Tuple)
    ]
    assert crowded == []
