"""Which message an answer was written in: what is edited afterwards corrects that answer."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.draft.evidence import read_value
from storage.engine.transaction import Transaction
from storage.engine.utc import utc_text, utc_time
from storage.sweeping import PORTION, Swept, swept_by_condition


@dataclass(frozen=True, slots=True)
class AnswerMessage:
    """An answer by the message it came in."""

    innovation_id: int
    question: str
    before: Any  # the answer it replaced; None when there was none
    is_newest: bool  # whether nobody has changed the answer since


_NOTE = """
INSERT INTO answer_messages (channel, address, message_ref, innovation_id, question, first_id, history_id, at)
VALUES (?1, ?2, ?3, ?4, ?5, (SELECT max(id) FROM history WHERE innovation_id = ?4),
    (SELECT max(id) FROM history WHERE innovation_id = ?4), ?6) ON CONFLICT (channel, address, message_ref)
DO UPDATE SET history_id = excluded.history_id
"""


def note(
    tx: Transaction, innovation_id: int, *, question: str, sent: tuple[str, str, str], now: datetime
) -> None:
    """Remember that the answer just written came in this message; `sent` is channel, address, reference.

    A corrected message keeps its place: what it replaced first is what it replaces again.
    """
    tx.execute(_NOTE, (*sent, innovation_id, question, utc_text(now)))


_FIND = """
SELECT m.innovation_id, m.question, h.old, m.history_id = (
    SELECT max(id) FROM history WHERE innovation_id = m.innovation_id AND question = m.question)
FROM answer_messages m JOIN history h ON h.id = m.first_id
WHERE m.channel = ? AND m.address = ? AND m.message_ref = ?
"""


def find(tx: Transaction, *, sent: tuple[str, str, str]) -> AnswerMessage | None:
    """Find the answer a message became; None when it became none."""
    row = tx.execute(_FIND, sent).fetchone()
    if row is None:
        return None
    before = read_value(json.loads(row[2])) if row[2] is not None else None
    return AnswerMessage(row[0], row[1], before, bool(row[3]))


_NEWEST_FROM = """
SELECT question, at FROM answer_messages
WHERE channel = ? AND address = ? AND innovation_id = ? ORDER BY at DESC, history_id DESC LIMIT 1
"""


def newest(tx: Transaction, innovation_id: int, *, channel: str, address: str) -> tuple[str, datetime] | None:
    """Find the question that was answered by a text last from an address, and when; None when none was."""
    row = tx.execute(_NEWEST_FROM, (channel, address, innovation_id)).fetchone()
    return (row[0], utc_time(row[1])) if row else None


_SWEEP = """
DELETE FROM answer_messages WHERE (channel, address, message_ref) IN (
    SELECT channel, address, message_ref FROM answer_messages WHERE at < ? ORDER BY at LIMIT ?)
"""


def sweep(tx: Transaction, *, before: datetime) -> Swept:
    """Forget the next messages that no platform lets anybody edit any more."""
    return swept_by_condition(tx.execute(_SWEEP, (utc_text(before), PORTION)).rowcount)
