"""Handing an innovation in, and opening it again by an edit of what was sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from domain.review import MOVES, Move, State
from storage import history, scores
from storage.engine.transaction import Transaction
from storage.engine.utc import utc_text
from storage.history import STATE
from storage.innovations import Innovation
from storage.states import quoted

_CHANGED = f"""
UPDATE innovations SET state = '{State.CHANGED}' WHERE id = ? AND state IN ({quoted(*MOVES[Move.EDIT].leads)})
"""
_NO_VERDICT = "DELETE FROM verdicts WHERE innovation_id = ? AND indicator = ?"


def reopen(
    tx: Transaction, innovation: Innovation, *, indicators: Sequence[int], by: int, now: datetime
) -> bool:
    """After an edit of what was sent: back to the queue, and the desk's verdicts on what changed are gone
    (F31).

    Returns whether the state moved, which it does with the first edit only.
    """
    for number in indicators:
        tx.execute(_NO_VERDICT, (innovation.id, number))
    if not tx.execute(_CHANGED, (innovation.id,)).rowcount:
        return False
    history.add(
        tx, innovation.id, by=by, now=now, change=history.Change(STATE, innovation.state, State.CHANGED)
    )
    scores.refresh(tx, innovation.id, now=now)
    return True


_LAST_RECEIPT = "SELECT count(*) FROM innovations WHERE period_id = ? AND receipt IS NOT NULL"
_SEND = f"""
UPDATE innovations SET state = '{State.SENT}', receipt = ?, sent_at = ?, updated_at = ?
WHERE id = ? AND state = '{State.DRAFT}' AND discarded_at IS NULL
"""


def send(tx: Transaction, innovation: Innovation, *, year: int, by: int, now: datetime) -> str:
    """Hand the draft in; returns its receipt number, sortable and unique in the period.

    Raises LookupError when it is no draft any more.
    """
    number = int(tx.execute(_LAST_RECEIPT, (innovation.period_id,)).fetchone()[0]) + 1
    receipt, at = f"DI-{year}-{number:04d}", utc_text(now)
    if tx.execute(_SEND, (receipt, at, at, innovation.id)).rowcount != 1:
        raise LookupError(f"innovation {innovation.id} is no draft")
    history.add(tx, innovation.id, by=by, now=now, change=history.Change(STATE, State.DRAFT, State.SENT))
    scores.refresh(tx, innovation.id, now=now)
    return receipt
