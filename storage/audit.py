"""Who did what and when; rows are only ever added."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from storage.database import Transaction
from storage.utc import utc_text

_INSERT = "INSERT INTO audit (at, actor, action, detail) VALUES (?, ?, ?, ?)"


def record(tx: Transaction, action: str, *, now: datetime, actor: int | None = None, **detail: Any) -> None:
    """Add a line; `detail` carries ids and codes, never personal data."""
    tx.execute(_INSERT, (utc_text(now), actor, action, json.dumps(detail, ensure_ascii=False)))
