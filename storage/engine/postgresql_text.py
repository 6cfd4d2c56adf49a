"""One SQL text for both engines: what is written for SQLite, as PostgreSQL reads it.

Only what no common form exists for is written anew here; everything else is written so that both take it.

1. A parameter is `$1`, `$2` … instead of `?` or `?1`.
2. A list goes along as one parameter, JSON for SQLite: `IN (SELECT value FROM json_each(?))` compares with an
   array, whose type the server takes from the left side.
3. `rowid`, the place of a row in its table, is `ctid`.
4. A whole number has 64 bits, also where it is cast.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

_PARTS = re.compile(
    r"""
    (?P<quoted>'(?:[^']|'')*'|"[^"]*"|--[^\n]*)
    | (?P<list>\b(?P<not>NOT\s+)?IN\s*\(\s*SELECT\s+value\s+FROM\s+json_each\(\?(?P<list_number>\d*)\)\s*\))
    | (?P<parameter>\?(?P<number>\d*))
    | (?P<row>\browid\b)
    | (?P<whole>\bAS\s+INTEGER\b)
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Text:
    """A statement as PostgreSQL reads it, and which of its parameters are lists."""

    sql: bytes
    parameters: int
    lists: frozenset[int] = frozenset()


@lru_cache(maxsize=4096)
def for_postgresql(sql: str) -> Text:
    """Write a statement for PostgreSQL."""
    count, lists = 0, set()

    def write(match: re.Match[str]) -> str:
        nonlocal count
        if match["quoted"]:
            return match[0]
        if match["row"]:
            return "ctid"
        if match["whole"]:
            return "AS BIGINT"
        number = int(match["number"] or match["list_number"] or count + 1)
        count = max(count, number)
        if not match["list"]:
            return f"${number}"
        lists.add(number - 1)
        return f"<> ALL (${number})" if match["not"] else f"= ANY (${number})"

    return Text(_PARTS.sub(write, sql).encode(), count, frozenset(lists))


def dump(text: Text, values: Sequence[Any]) -> list[bytes | None]:
    """Write the values of the parameters as the server reads them; raises ValueError for a NUL."""
    if not text.lists:
        return [_dump(value) for value in values]
    return [_dump_list(value) if at in text.lists else _dump(value) for at, value in enumerate(values)]


def _dump(value: Any) -> bytes | None:
    if value is None:
        return None
    if isinstance(value, str):
        data = value.encode()
        if 0 in data:
            raise ValueError("a text with a NUL cannot be kept")
        return data
    if isinstance(value, int):
        return b"%d" % value  # also True and False: they are kept as 1 and 0
    if isinstance(value, float):
        return repr(value).encode()
    return b"\\x" + bytes(value).hex().encode()


def _dump_list(json_text: str) -> bytes:
    """Write a JSON list of whole numbers or texts as an array."""
    return ("{" + ",".join(map(_quote, json.loads(json_text))) + "}").encode()


def _quote(value: Any) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return f"{value:d}"
