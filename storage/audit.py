"""The audit: who did what and when, before and after; the database refuses to change or delete a row."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from storage.engine.transaction import Transaction
from storage.engine.utc import utc_text


@dataclass(frozen=True, slots=True)
class Actor:
    """Who had something changed, and the reason they gave."""

    contact: int | None = None  # None: the command line, the clock, or a stranger
    reason: str = ""


NOBODY = Actor()
_INSERT = "INSERT INTO audit (at, actor, action, detail) VALUES (?, ?, ?, ?) RETURNING id"


def record(tx: Transaction, action: str, *, now: datetime, actor: int | None = None, **detail: Any) -> int:
    """Add a line and return its number.

    `detail` carries ids, codes and the reason the desk gave, and of a change always `before` and `after`,
    None where there was or is nothing; never personal data.
    """
    values = (utc_text(now), actor, action, json.dumps(detail, ensure_ascii=False))
    return int(tx.execute(_INSERT, values).fetchone()[0])


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the audit; `before` and `after` are JSON, "" where there is none."""

    number: int
    at: str  # UTC
    actor: int | None  # contact; None: the command line, the clock, or a stranger
    name: str
    action: str
    before: str
    after: str
    reason: str
    detail: str  # JSON: what else was noted


_LINES = """
SELECT a.id, a.at, a.actor, coalesce(c.name, ''), a.action, a.detail
FROM audit a LEFT JOIN contacts c ON c.id = a.actor ORDER BY a.id
"""


def lines(tx: Transaction) -> Iterator[Line]:
    """Read the whole audit, oldest first, one line at a time."""
    for number, at, actor, name, action, raw in tx.execute(_LINES):
        detail = json.loads(raw)
        before, after = (_to_json(detail.pop(key, None)) for key in ("before", "after"))
        reason = str(detail.pop("reason", ""))
        yield Line(number, at, actor, name, action, before, after, reason, _to_json(detail or None))


def _to_json(value: Any) -> str:
    return "" if value is None else json.dumps(value, ensure_ascii=False)
