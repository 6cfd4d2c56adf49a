"""Announcements and their states: held until their time, running, ended."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.announcing.announcement import digest
from domain.announcing.audience import Audience
from domain.message import Attachment
from storage.engine.transaction import Transaction
from storage.engine.utc import utc_text, utc_time


@dataclass(frozen=True, slots=True)
class Broadcast:
    """One announcement, with the message that shows its progress."""

    id: int
    state: str
    contact_id: int
    channel: str
    address: str
    text: str
    literal: bool
    attachment: Attachment | None
    audience: Audience
    follows: int | None
    starts_at: datetime | None
    urgent: bool
    revision: int
    previewed_at: datetime | None
    previewed_for: int
    boot: str
    created_at: datetime
    confirmed_at: datetime | None
    started_at: datetime | None
    ended_at: datetime | None
    progress_ref: str
    progress_row: int | None
    progress_at: datetime | None
    urgent_reason: str = ""  # why it goes also to who has reached their limit; "" where it does not

    @property
    def first(self) -> int:
        """The announcement this belongs to: itself, or the one it reminds of."""
        return self.follows or self.id


_COLUMNS = """
SELECT id, state, contact_id, channel, address, text, literal, attachment, audience, follows, starts_at,
       urgent, revision, previewed_at, previewed_for, boot, created_at, confirmed_at, started_at, ended_at,
       progress_ref, progress_row, progress_at, urgent_reason
FROM broadcasts
"""


_ONE = f"{_COLUMNS} WHERE id = ?"
_DRAFT = f"{_COLUMNS} WHERE contact_id = ? AND state = 'draft' ORDER BY id DESC LIMIT 1"
_NEWEST = f"{_COLUMNS} WHERE state NOT IN ('draft', 'cancelled') ORDER BY id DESC LIMIT ?"


def load(tx: Transaction, broadcast_id: int) -> Broadcast | None:
    row = tx.execute(_ONE, (broadcast_id,)).fetchone()
    return _to_broadcast(row) if row else None


def draft_of(tx: Transaction, contact_id: int) -> Broadcast | None:
    """Load the draft a person is writing."""
    row = tx.execute(_DRAFT, (contact_id,)).fetchone()
    return _to_broadcast(row) if row else None


def newest(tx: Transaction, *, limit: int) -> list[Broadcast]:
    """Load the announcements confirmed last."""
    return [_to_broadcast(row) for row in tx.execute(_NEWEST, (limit,))]


def _to_broadcast(row: tuple[Any, ...]) -> Broadcast:
    carried = Attachment(**json.loads(row[7])) if row[7] else None
    times = [utc_time(row[at]) if row[at] else None for at in (10, 13, 17, 18, 19, 22)]
    return Broadcast(
        id=row[0],
        state=row[1],
        contact_id=row[2],
        channel=row[3],
        address=row[4],
        text=row[5],
        literal=bool(row[6]),
        attachment=carried,
        audience=Audience.from_json(row[8]),
        follows=row[9],
        starts_at=times[0],
        urgent=bool(row[11]),
        revision=row[12],
        previewed_at=times[1],
        previewed_for=row[14],
        boot=row[15],
        created_at=utc_time(row[16]),
        confirmed_at=times[2],
        started_at=times[3],
        ended_at=times[4],
        progress_ref=row[20] or "",
        progress_row=row[21],
        progress_at=times[5],
        urgent_reason=row[23],
    )


_CONFIRM = """
UPDATE broadcasts SET state = 'held', starts_at = ?, confirmed_at = ?, digest = ?, urgent = ?,
    previewed_at = NULL,
    progress_ref = ?, progress_at = ? WHERE id = ? AND state = 'draft'
"""


def confirm(
    tx: Transaction,
    broadcast: Broadcast,
    *,
    starts_at: datetime,
    now: datetime,
    urgent: bool,
    progress_ref: str,
) -> None:
    """Hold a draft until its time; raises LookupError when it is none any more.

    `progress_ref` is the message that shows how far it is, "" when one is still to be sent.
    """
    mark = digest(broadcast.text, broadcast.attachment)
    shown = (progress_ref, utc_text(now)) if progress_ref else (None, None)
    values = (utc_text(starts_at), utc_text(now), mark, urgent, *shown, broadcast.id)
    if tx.execute(_CONFIRM, values).rowcount != 1:
        raise LookupError(f"broadcast {broadcast.id} is no draft")


_HASTEN = "UPDATE broadcasts SET urgent = 1, starts_at = ? WHERE id = ? AND state IN ('held', 'running')"
_POSTPONE = "UPDATE broadcasts SET starts_at = ? WHERE id = ? AND state IN ('held', 'running')"
_RECALL = """
UPDATE broadcasts SET state = 'draft', confirmed_at = NULL, digest = NULL WHERE id = ? AND state = 'held'
"""
_CANCEL = (
    "UPDATE broadcasts SET state = 'cancelled', ended_at = ? WHERE id = ? AND state IN ('draft', 'held')"
)
_STOP = "UPDATE broadcasts SET state = 'stopped', ended_at = NULL WHERE id = ? AND state = 'running'"
_START = """
UPDATE broadcasts SET state = 'running', started_at = coalesce(started_at, ?) WHERE id = ? AND state = 'held'
"""
_END = """
UPDATE broadcasts SET state = CASE state WHEN 'running' THEN 'done' ELSE state END, ended_at = ? WHERE id = ?
"""
_AGAIN_A_DRAFT = "UPDATE broadcasts SET revision = revision + 1, previewed_at = NULL WHERE id = ?"
_FORGET = "DELETE FROM broadcast_recipients WHERE broadcast_id = ?"


def hasten(tx: Transaction, broadcast_id: int, *, now: datetime) -> bool:
    """Send it now, even in quiet hours; False when it has ended."""
    return tx.execute(_HASTEN, (utc_text(now), broadcast_id)).rowcount == 1


def postpone(tx: Transaction, broadcast_id: int, *, until: datetime) -> None:
    """Move its begin, or its continuation, to another time."""
    tx.execute(_POSTPONE, (utc_text(until), broadcast_id))


def recall(tx: Transaction, broadcast_id: int) -> bool:
    """Make a held one a draft again; False when it is not held."""
    if tx.execute(_RECALL, (broadcast_id,)).rowcount != 1:
        return False
    tx.execute(_FORGET, (broadcast_id,))
    tx.execute(_AGAIN_A_DRAFT, (broadcast_id,))
    return True


_GO_ON = """
UPDATE broadcasts SET state = 'running', ended_at = NULL, starts_at = ?, progress_ref = ?, progress_row = NULL
WHERE id = ? AND state = 'done'
"""
_FORGET_REPORT = "UPDATE outbox SET dedupe_key = dedupe_key || ':' || id WHERE dedupe_key = ?"


def go_on(tx: Transaction, broadcast_id: int, *, progress_ref: str, now: datetime) -> bool:
    """Run one again that had ended; it is reported again. False when it has not ended."""
    if tx.execute(_GO_ON, (utc_text(now), progress_ref, broadcast_id)).rowcount != 1:
        return False
    tx.execute(_FORGET_REPORT, (f"broadcast:{broadcast_id}:report",))
    return True


_HAND_OVER = "UPDATE broadcasts SET contact_id = ?, channel = ?, address = ? WHERE id = ? AND state = 'draft'"


def take_over(tx: Transaction, broadcast_id: int, *, by: int, channel: str, address: str) -> bool:
    """Make a held one a draft of somebody else, with its time; False when it is not held any more."""
    if not recall(tx, broadcast_id):
        return False
    tx.execute(_HAND_OVER, (by, channel, address, broadcast_id))
    return True


def cancel(tx: Transaction, broadcast_id: int, *, now: datetime) -> bool:
    """Discard a draft or a held one; False when it is neither."""
    if tx.execute(_CANCEL, (utc_text(now), broadcast_id)).rowcount != 1:
        return False
    tx.execute(_FORGET, (broadcast_id,))
    return True


def stop(tx: Transaction, broadcast_id: int) -> bool:
    """Stop a running one; False when it is not running."""
    return tx.execute(_STOP, (broadcast_id,)).rowcount == 1


def start(tx: Transaction, broadcast_id: int, *, now: datetime) -> bool:
    """Start a held one; False when it is not held."""
    return tx.execute(_START, (utc_text(now), broadcast_id)).rowcount == 1


def end(tx: Transaction, broadcast_id: int, *, now: datetime) -> None:
    """End one whose every recipient is settled."""
    tx.execute(_END, (utc_text(now), broadcast_id))


# Those whose time has come, those under way, and those that were stopped with sends still on their way.
_ACTIVE = """
SELECT id FROM broadcasts WHERE (state = 'held' AND starts_at <= ?) OR (state = 'running' AND starts_at <= ?)
   OR (state = 'stopped' AND ended_at IS NULL) ORDER BY id
"""


def active(tx: Transaction, *, now: datetime) -> list[int]:
    """List the numbers of the held and running ones that can advance, the oldest first."""
    at = utc_text(now)
    return [number for (number,) in tx.execute(_ACTIVE, (at, at))]


_PROGRESS = """
UPDATE broadcasts SET progress_ref = coalesce(?, progress_ref), progress_row = ?, progress_at = ? WHERE id = ?
"""


def keep_progress(tx: Transaction, broadcast_id: int, *, ref: str, row: int | None, now: datetime) -> None:
    """Note the message and the time of the last progress report."""
    tx.execute(_PROGRESS, (ref or None, row, utc_text(now), broadcast_id))
