"""Which fields were carried over to the national portal: one tick each, with a mark of the value then."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zlib import crc32

from storage import audit
from storage.engine.transaction import Transaction
from storage.engine.utc import utc_text

_TICKS = "SELECT item, mark FROM uploads WHERE innovation_id = ?"
_TICK = """
INSERT INTO uploads (innovation_id, item, mark, contact_id, at) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (innovation_id, item) DO UPDATE
SET mark = excluded.mark, contact_id = excluded.contact_id, at = excluded.at
"""
_UNTICK = "DELETE FROM uploads WHERE innovation_id = ? AND item = ?"


def mark_of(value: Any) -> int:
    """Number what stands in a field, so that a later change is seen; no secret, so a checksum is enough."""
    return crc32(json.dumps(value, ensure_ascii=False, sort_keys=True).encode())


def ticks(tx: Transaction, innovation_id: int) -> Mapping[str, int]:
    """Load what was carried over, by the portal's item: the mark of what stood there."""
    return dict(tx.execute(_TICKS, (innovation_id,)).fetchall())


def tick(tx: Transaction, innovation_id: int, *, item: str, value: Any, by: int, now: datetime) -> None:
    """Note that a field was carried over as it stands now."""
    change = {"before": item in ticks(tx, innovation_id), "after": True}
    tx.execute(_TICK, (innovation_id, item, mark_of(value), by, utc_text(now)))
    audit.record(tx, "uploaded", now=now, actor=by, innovation=innovation_id, item=item, **change)


def untick(tx: Transaction, innovation_id: int, *, item: str, by: int, now: datetime) -> None:
    """Take the note back."""
    if tx.execute(_UNTICK, (innovation_id, item)).rowcount:
        change = {"before": True, "after": False}
        audit.record(tx, "not_uploaded", now=now, actor=by, innovation=innovation_id, item=item, **change)
