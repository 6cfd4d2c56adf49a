"""Every line of the audit that is a change says what was before and what is after (F90)."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.kit.audit_changes import BOTH, NO_CHANGE, is_change

ROOT = Path(__file__).parents[2]
ROOMS = ("storage", "handlers", "scheduler", "bot", "sandbox")


def recorded() -> Iterator[tuple[str, ast.Call]]:
    """Go through the calls that write a line of the audit, with where they stand."""
    for path in sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "audit.record":
                yield f"{path.relative_to(ROOT)}:{node.lineno}", node


def names(call: ast.Call) -> list[str]:
    """Return the names a line may have; none where they come from elsewhere."""
    values = [node.value for node in ast.walk(call.args[1]) if isinstance(node, ast.Constant)]
    is_whole = not isinstance(call.args[1], ast.JoinedStr | ast.Name)
    return [str(value) for value in values] if is_whole else []


def test_no_change_is_written_without_before_and_after() -> None:
    calls = list(recorded())
    assert len(calls) > 50
    half = [
        f"{place} {name}"
        for place, call in calls
        for name in names(call)
        if is_change(name)
        and None not in (keys := {keyword.arg for keyword in call.keywords})  # `**` brings them
        and not keys >= BOTH
    ]
    assert half == []


def test_what_is_no_change_is_written_somewhere() -> None:
    text = "\n".join(ast.unparse(call) for _, call in recorded())
    by_refuse = {"restored_messages.refused"}
    assert {name for name in NO_CHANGE - by_refuse if f"'{name}'" not in text} == set()
