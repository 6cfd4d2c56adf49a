"""What an auditor is shown: decisions with who and why, messages with their fate, the rules that held."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from storage.engine.transaction import Transaction

Row = dict[str, Any]

# a year's; all years without one
_INNOVATIONS = """
SELECT i.id, coalesce(i.receipt, '') AS receipt FROM innovations i JOIN periods p ON p.id = i.period_id
WHERE i.discarded_at IS NULL AND (CAST(? AS INTEGER) IS NULL OR p.year = ?)
"""
_DECISIONS = f"""
WITH chosen AS ({_INNOVATIONS})
SELECT c.receipt, c.id, h.at, h.contact_id, 'move', '', h.old, h.new, ''
FROM chosen c JOIN history h ON h.innovation_id = c.id AND h.question = '#state'
UNION ALL
SELECT c.receipt, c.id, v.at, v.contact_id, 'level', 'i' || v.indicator, NULL, CAST(v.level AS TEXT), v.reason
FROM chosen c JOIN verdicts v ON v.innovation_id = c.id
UNION ALL
SELECT c.receipt, c.id, f.at, f.contact_id, 'return', f.place, NULL, NULL, f.reason
FROM chosen c JOIN flags f ON f.innovation_id = c.id
ORDER BY 3, 2, 5, 6
"""
_DECISION = ("receipt", "innovation", "at", "by", "kind", "place", "before", "after", "reason")


def decisions(tx: Transaction, year: int | None) -> Iterator[Row]:
    """Read every move, level and return of a year's innovations, oldest first; `by` is a number, no name."""
    for row in tx.execute(_DECISIONS, (year, year)):
        decision = dict(zip(_DECISION, row, strict=True))
        if decision["kind"] == "level":
            decision["after"] = int(decision["after"])
        yield decision


_FILES = f"""
WITH chosen AS ({_INNOVATIONS})
SELECT DISTINCT f.sha256, f.path, f.kind, f.size, f.added_at
FROM files f JOIN answers a ON instr(a.value, f.sha256) > 0 JOIN chosen c ON c.id = a.innovation_id
ORDER BY f.sha256
"""
_FILE = ("sha256", "path", "kind", "bytes", "added_at")


def files(tx: Transaction, year: int | None) -> Iterator[Row]:
    """Read every evidence file of a year's innovations, by hash; `path` lies under the evidence folder."""
    for row in tx.execute(_FILES, (year, year)):
        yield dict(zip(_FILE, row, strict=True))


_MESSAGES = """
SELECT id, channel, priority, created_at, sent_at, state, progress, reason, template, category FROM outbox
WHERE CAST(? AS TEXT) IS NULL OR substr(created_at, 1, 4) = ? ORDER BY id
"""
_MESSAGE = (
    "id", "channel", "priority", "created_at", "sent_at", "state", "progress", "reason",
    "template", "category",
)  # fmt: skip
_BROADCASTS = """
SELECT r.broadcast_id, r.id, r.channel, r.state, r.reason, r.settled_at, r.acked_at
FROM broadcast_recipients r
JOIN broadcasts b ON b.id = r.broadcast_id
WHERE CAST(? AS TEXT) IS NULL OR substr(b.created_at, 1, 4) = ? ORDER BY 1, 2
"""
_BROADCAST = ("broadcast", "recipient", "channel", "state", "reason", "settled_at", "acknowledged_at")


def messages(tx: Transaction, year: int | None) -> Iterator[Row]:
    """Read what became of every message that is kept still, without its text and its address.

    What retention has taken is in the rows of its announcement alone.
    """
    chosen = str(year) if year else None
    for row in tx.execute(_MESSAGES, (chosen, chosen)):
        yield dict(zip(_MESSAGE, row, strict=True))
    for row in tx.execute(_BROADCASTS, (chosen, chosen)):
        yield dict(zip(_BROADCAST, row, strict=True))


_PEOPLE = "SELECT id, name FROM contacts ORDER BY id"


def people(tx: Transaction) -> Iterator[Row]:
    """Read the names behind the numbers; only where the law asks for them."""
    for contact, name in tx.execute(_PEOPLE):
        yield {"number": contact, "name": name}
