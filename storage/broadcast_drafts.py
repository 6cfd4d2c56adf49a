"""Announcements being written: their text, audience and time, until they are confirmed."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from domain.announcing.announcement import digest
from domain.announcing.audience import Audience
from domain.message import Attachment
from storage import audit
from storage.broadcasts import Broadcast
from storage.engine.transaction import Transaction
from storage.engine.utc import utc_text

EVERYBODY = Audience()
_CREATE = """
INSERT INTO broadcasts (contact_id, channel, address, text, attachment, audience, follows, created_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING id
"""


@dataclass(frozen=True, slots=True)
class NewDraft:
    """What a draft begins with."""

    text: str = ""
    attachment: Attachment | None = None
    audience: Audience = EVERYBODY
    follows: int | None = None  # the announcement it reminds of


EMPTY = NewDraft()


def create(
    tx: Transaction, *, by: int, channel: str, address: str, now: datetime, draft: NewDraft = EMPTY
) -> int:
    """Open a draft; returns its id. `channel` and `address` are told how it goes."""
    chosen, attached = draft.audience.to_json(), _to_json(draft.attachment)
    values = (by, channel, address, draft.text, attached, chosen, draft.follows, utc_text(now))
    return int(tx.execute(_CREATE, values).fetchone()[0])


_TEXT = "UPDATE broadcasts SET text = ?, literal = 0 WHERE id = ? AND state = 'draft'"
_LITERAL = "UPDATE broadcasts SET literal = 1 WHERE id = ? AND state = 'draft'"
_ATTACH = "UPDATE broadcasts SET attachment = ? WHERE id = ? AND state = 'draft'"
_AUDIENCE = "UPDATE broadcasts SET audience = ? WHERE id = ? AND state = 'draft'"
_WHEN = "UPDATE broadcasts SET starts_at = ? WHERE id = ? AND state = 'draft'"
_MARK_URGENT = "UPDATE broadcasts SET urgent_reason = ? WHERE id = ? AND state = 'draft'"
_IS_URGENT = "SELECT urgent_reason <> '' FROM broadcasts WHERE id = ?"
_CHANGED = "UPDATE broadcasts SET revision = revision + 1, previewed_at = NULL WHERE id = ?"


def _change(tx: Transaction, sql: str, *, value: Any, broadcast_id: int) -> None:
    """Change a draft; a preview shown before can no longer be confirmed."""
    tx.execute(sql, (value, broadcast_id))
    tx.execute(_CHANGED, (broadcast_id,))


def _to_json(attachment: Attachment | None) -> str | None:
    return json.dumps(asdict(attachment), ensure_ascii=False) if attachment else None


def set_text(tx: Transaction, broadcast_id: int, *, text: str) -> None:
    """Keep what is announced, as typed."""
    _change(tx, _TEXT, value=text, broadcast_id=broadcast_id)


def set_literal(tx: Transaction, broadcast_id: int) -> None:
    """Treat stars and underscores of the text as plain characters."""
    tx.execute(_LITERAL, (broadcast_id,))
    tx.execute(_CHANGED, (broadcast_id,))


def set_attachment(tx: Transaction, broadcast_id: int, *, attachment: Attachment | None) -> None:
    """Keep what goes with it, or take it away."""
    _change(tx, _ATTACH, value=_to_json(attachment), broadcast_id=broadcast_id)


def set_audience(tx: Transaction, broadcast_id: int, *, audience: Audience) -> None:
    """Keep who it is for."""
    _change(tx, _AUDIENCE, value=audience.to_json(), broadcast_id=broadcast_id)


def set_time(tx: Transaction, broadcast_id: int, *, starts_at: datetime | None) -> None:
    """Keep when it begins; None is at once."""
    _change(tx, _WHEN, value=utc_text(starts_at) if starts_at else None, broadcast_id=broadcast_id)


def mark_urgent(tx: Transaction, broadcast_id: int, *, reason: str, by: int, now: datetime) -> None:
    """Have it go also to people who have reached their limit of unasked messages; the reason is audited."""
    (before,) = tx.execute(_IS_URGENT, (broadcast_id,)).fetchone()
    _change(tx, _MARK_URGENT, value=reason, broadcast_id=broadcast_id)
    states = {"before": "urgent" if before else "limited", "after": "urgent"}
    audit.record(tx, "broadcast_urgent", now=now, actor=by, broadcast=broadcast_id, reason=reason, **states)


_PREVIEWED = """
UPDATE broadcasts SET revision = revision + 1, previewed_at = ?, previewed_for = ?, boot = ? WHERE id = ?
RETURNING revision
"""


def previewed(tx: Transaction, broadcast_id: int, *, people: int, boot: str, now: datetime) -> int:
    """Note that the preview was shown; returns the revision that may be confirmed."""
    return int(tx.execute(_PREVIEWED, (utc_text(now), people, boot, broadcast_id)).fetchone()[0])


_TWIN = """
SELECT b.id FROM broadcasts b
WHERE b.digest = ? AND b.confirmed_at > ? AND b.id <> ? AND b.state <> 'cancelled'
    AND (CAST(? AS INTEGER) IS NULL OR b.follows = ?)
ORDER BY b.id DESC LIMIT 1
"""


def twin(tx: Transaction, broadcast: Broadcast, *, since: datetime) -> int | None:
    """Return one confirmed since then with the same content; a reminder only repeats another reminder."""
    mark = digest(broadcast.text, broadcast.attachment)
    row = tx.execute(
        _TWIN, (mark, utc_text(since), broadcast.id, broadcast.follows, broadcast.follows)
    ).fetchone()
    return row[0] if row else None
