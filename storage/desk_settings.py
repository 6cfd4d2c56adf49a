"""What the desk has set in the chat: whom people may call. It comes before the setting of the environment."""

from __future__ import annotations

from datetime import datetime

from storage import audit
from storage.engine.transaction import Transaction
from storage.engine.utc import utc_text

CONTACT = "contact"
_LOAD = "SELECT value FROM desk_settings WHERE name = ?"


def contact(tx: Transaction) -> str | None:
    """Load whom people may call; "" when the desk chose to say nothing, None when it was never asked."""
    row = tx.execute(_LOAD, (CONTACT,)).fetchone()
    return str(row[0]) if row else None


_SET = """
INSERT INTO desk_settings (name, value, changed_at) VALUES (?, ?, ?)
ON CONFLICT (name) DO UPDATE SET value = excluded.value, changed_at = excluded.changed_at
"""


def set_contact(tx: Transaction, text: str, *, by: int, now: datetime) -> None:
    """Keep whom people may call; the audit says who set it and not what, which may be a person's number."""
    states = {"before": _describe(contact(tx)), "after": _describe(text)}
    tx.execute(_SET, (CONTACT, text, utc_text(now)))
    audit.record(tx, "desk_contact_set", now=now, actor=by, **states)


def _describe(text: str | None) -> str | None:
    if text is None:
        return None
    return "said" if text else "not_said"
