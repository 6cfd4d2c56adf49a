"""What is too large to be read at once: each figure is the most there may be, and it only falls."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("domain", "storage", "handlers", "scheduler", "bot", "sandbox")
LONGEST_FUNCTION = 30  # lines
LONGEST_MODULE = 360  # lines
LONGEST_TEST_MODULE = 400
MOST_PARAMETERS = 6

Function = ast.FunctionDef | ast.AsyncFunctionDef


def texts(*rooms: str) -> Iterator[tuple[str, str]]:
    for room in rooms:
        for path in sorted((ROOT / room).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")


@cache
def functions() -> tuple[tuple[str, int, int], ...]:
    """Read every module once: each function's place, its lines and its parameters."""
    return tuple(
        (f"{path}:{node.lineno}: {node.name}", length(node), parameters(node))
        for path, text in texts(*ROOMS)
        for node in ast.walk(ast.parse(text))
        if isinstance(node, Function)
    )


def length(function: Function) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def parameters(function: Function) -> int:
    """Count what a caller gives."""
    named = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    return sum(argument.arg not in ("self", "cls") for argument in named)


def long_functions() -> list[str]:
    return [place for place, lines, _ in functions() if lines > LONGEST_FUNCTION]


def long_calls() -> list[str]:
    return [place for place, _, count in functions() if count > MOST_PARAMETERS]


def long_modules() -> list[str]:
    return [path for path, text in texts(*ROOMS) if text.count("\n") > LONGEST_MODULE]


def long_tests() -> list[str]:
    return [path for path, text in texts("tests") if text.count("\n") > LONGEST_TEST_MODULE]


@pytest.mark.parametrize(
    ("list_places", "most"),
    [
        pytest.param(long_functions, 0, id="functions of more than 30 lines"),
        # the library's own `do_request`, and `sends_file` of the emulator, read word by word in tests
        pytest.param(long_calls, 2, id="functions of more than six parameters"),
        pytest.param(long_modules, 0, id="modules of more than 360 lines"),
        pytest.param(long_tests, 0, id="modules of tests of more than 400 lines"),
    ],
)
def test_what_is_too_large_grows_no_more(list_places: Callable[[], list[str]], most: int) -> None:
    """More than that: cut what is new. Where there are fewer now, lower the figure, so that it stays."""
    places = list_places()
    assert len(places) <= most, "\n".join(places)
