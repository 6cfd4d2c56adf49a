"""How far a message came and what it costs, as the platform tells later."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from domain.delivery import Progress, Reason, Reported, furthest
from storage.engine.transaction import Transaction
from storage.engine.utc import utc_text


@dataclass(frozen=True, slots=True)
class SoFar:
    """What is known of a message as a status of it comes, and what else the status may concern."""

    id: int
    state: str
    progress: Progress | None
    message_ref: str
    address: str
    billable: bool | None  # None: not told
    category: str
    is_announced: bool  # a recipient of an announcement rises with it
    is_replaced: bool  # another was sent in its place
    has_missed: bool  # its address has missed messages that came before
    reason: Reason | None = None  # why it failed, where a status just said so

    @property
    def concerns_others(self) -> bool:
        """Whether more follows from its arrival than that it arrived."""
        return self.is_announced or self.is_replaced or self.has_missed


_SO_FAR = """
SELECT id, state, progress, coalesce(message_ref, ''), address, billable, coalesce(category, ''),
    EXISTS (SELECT 1 FROM broadcast_recipients r WHERE r.outbox_id = outbox.id),
    EXISTS (SELECT 1 FROM outbox s WHERE s.instead_of = outbox.id),
    EXISTS (SELECT 1 FROM addresses a
            WHERE a.channel = outbox.channel AND a.address = outbox.address AND a.undelivered > 0)
FROM outbox WHERE id IN (SELECT value FROM json_each(?)) AND channel = ?
ORDER BY id
"""


def load(tx: Transaction, channel: str, *, outbox_id: int) -> SoFar | None:
    """Load what is known of a message, with everything a status asks; None where it is not one of ours."""
    return load_many(tx, channel, outbox_ids={outbox_id}).get(outbox_id)


def load_many(tx: Transaction, channel: str, *, outbox_ids: Collection[int]) -> dict[int, SoFar]:
    """Load what is known of messages, by their numbers; what is not one of ours is left out."""
    rows = tx.execute(_SO_FAR, (json.dumps(list(outbox_ids)), channel))
    return {row[0]: _read_so_far(row) for row in rows}


def _read_so_far(row: tuple[Any, ...]) -> SoFar:
    number, state, progress, reference, address, billable, category, announced, replaced, missed = row
    return SoFar(
        number,
        state,
        Progress(progress) if progress else None,
        reference,
        address,
        None if billable is None else bool(billable),
        category,
        bool(announced),
        bool(replaced),
        bool(missed),
    )


def risen(message: SoFar, reported: Reported) -> SoFar:
    """Know how far a message came and what it costs; the same where no more is told than was known."""
    changed: dict[str, Any] = {}
    if reported.billable is not None:  # told with every status
        changed = {"billable": reported.billable, "category": reported.category}
    if (progress := _find_progress(message, reported)) is not message.progress:
        changed |= _move(message, reported, progress)
    return replace(message, **changed) if changed else message


def _find_progress(message: SoFar, reported: Reported) -> Progress | None:
    """Find how far a message came; as far as was known where the status is not about how it stands now."""
    if message.state == "dropped" or _is_of_other_try(message, reported):
        return message.progress
    progress = furthest(message.progress, reported.progress)
    if progress is Progress.FAILED and message.state == "waiting":
        return message.progress  # that was an earlier try; the next one has a fate of its own
    return progress


def _move(message: SoFar, reported: Reported, progress: Progress | None) -> dict[str, Any]:
    """Say what a message is that came further. A status also settles a send whose answer we never saw: the
    lease ends, and nothing is sent twice.
    """
    failed = progress is Progress.FAILED
    kept = message.message_ref if message.state in ("sent", "failed") else ""
    return {
        "state": "failed" if failed else "sent",
        "progress": progress,
        "reason": (reported.reason or Reason.REFUSED) if failed else None,
        "message_ref": kept or reported.message_ref or message.message_ref,
    }


# no index holds these, and most statuses change no more
_PASS_ON = "UPDATE outbox SET progress = ?, billable = ?, category = ? WHERE id = ?"
_MOVE_UP = """
UPDATE outbox SET progress = ?, billable = ?, category = ?, state = ?, reason = ?, message_ref = ?,
    lease_until = NULL, sent_at = CASE WHEN ? = 'sent' THEN coalesce(sent_at, ?) ELSE sent_at END
WHERE id = ?
"""


def keep(tx: Transaction, moves: Iterable[tuple[SoFar, SoFar]], *, now: datetime) -> None:
    """Write down what is known of messages now; each comes with what was known before."""
    passed_on, moved_up = [], []
    at = utc_text(now)
    for before, after in moves:
        known = (after.progress, after.billable, None if after.billable is None else after.category)
        if after.reason or (after.state, after.message_ref) != (before.state, before.message_ref):
            settled = (after.state, after.reason, after.message_ref or None, after.state, at)
            moved_up.append((*known, *settled, after.id))
        elif after != before:
            passed_on.append((*known, after.id))
    for statement, rows in ((_PASS_ON, passed_on), (_MOVE_UP, moved_up)):
        if rows:
            tx.executemany(statement, rows)


def _is_of_other_try(message: SoFar, reported: Reported) -> bool:
    """Tell whether a status is of another try than the one that counts: one that failed before leaves its
    reference behind, and that it was on its way may be told after its failure; one of unknown fate may be
    told to have failed after its repeat was taken. A delivery is believed all the same.
    """
    if reported.progress in (Progress.DELIVERED, Progress.READ) or not message.message_ref:
        return False
    if message.state == "sent":  # its own failure has the reference of the try that was taken
        return reported.progress is Progress.FAILED and reported.message_ref not in ("", message.message_ref)
    return message.message_ref == reported.message_ref
