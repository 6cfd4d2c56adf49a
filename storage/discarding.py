"""Drafts that are put away, taken back within seven days, or deleted after them."""

from __future__ import annotations

from datetime import datetime, timedelta

from domain.review import State
from storage import files_to_remove, history, scores
from storage.engine.transaction import Transaction
from storage.engine.utc import utc_text
from storage.files_to_remove import PURGED_KEPT
from storage.history import DISCARDED, STATE
from storage.sweeping import Swept, swept_by_condition

UNDO_DISCARD = timedelta(days=7)  # F11: a discarded draft can be taken back this long

_DISCARD = f"""
UPDATE innovations SET discarded_at = ? WHERE id = ? AND state = '{State.DRAFT}' AND discarded_at IS NULL
"""
_TAKE_BACK = f"""
UPDATE innovations SET discarded_at = NULL WHERE id = ? AND state = '{State.DRAFT}' AND discarded_at > ?
"""


def discard(tx: Transaction, innovation_id: int, *, by: int, now: datetime) -> None:
    """Put a draft away; it can be taken back for seven days."""
    at = utc_text(now)
    if tx.execute(_DISCARD, (at, innovation_id)).rowcount:
        history.add(tx, innovation_id, by=by, now=now, change=history.Change(STATE, State.DRAFT, DISCARDED))
        scores.refresh(tx, innovation_id, now=now)


def take_back(tx: Transaction, innovation_id: int, *, by: int, now: datetime) -> bool:
    """Bring a discarded draft back; False when the seven days are over."""
    if tx.execute(_TAKE_BACK, (innovation_id, utc_text(now - UNDO_DISCARD))).rowcount != 1:
        return False
    history.add(tx, innovation_id, by=by, now=now, change=history.Change(STATE, DISCARDED, State.DRAFT))
    scores.refresh(tx, innovation_id, now=now)
    return True


PURGED_AT_ONCE = 10  # drafts: each has some fifty rows in other tables
_PURGEABLE = f"""
SELECT id FROM innovations WHERE state = '{State.DRAFT}' AND discarded_at <= ? ORDER BY discarded_at LIMIT ?
"""


_HASHES_OF = "SELECT DISTINCT sha256 FROM evidence WHERE innovation_id = ? ORDER BY sha256"


def purge_discarded(tx: Transaction, now: datetime) -> Swept:
    """Delete the next drafts that were discarded more than seven days ago, and list their files."""
    ids = [row[0] for row in tx.execute(_PURGEABLE, (utc_text(now - UNDO_DISCARD), PURGED_AT_ONCE))]
    for innovation_id in ids:
        hashes = [sha256 for (sha256,) in tx.execute(_HASHES_OF, (innovation_id,)).fetchall()]
        files_to_remove.let_go(tx, hashes, look_at=now + PURGED_KEPT)
    for table in ("answers", "evidence", "verdicts", "cursors", "rechecks", "history"):
        tx.executemany(f"DELETE FROM {table} WHERE innovation_id = ?", [(i,) for i in ids])
    tx.executemany("UPDATE innovations SET copied_from = NULL WHERE copied_from = ?", [(i,) for i in ids])
    tx.executemany("DELETE FROM innovations WHERE id = ?", [(i,) for i in ids])
    return swept_by_condition(len(ids), portion=PURGED_AT_ONCE)
