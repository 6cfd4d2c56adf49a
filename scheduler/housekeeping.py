"""Takes away what is kept no longer."""

from __future__ import annotations

from datetime import datetime, timedelta

from storage import inbox, innovations, invitations, outbox
from storage.database import Transaction

RAW_KEPT = timedelta(days=30)  # raw updates and sent messages


def sweep(tx: Transaction, *, now: datetime) -> dict[str, int]:
    """Delete what is past its time; returns how many rows of each kind."""
    return {
        "inbox": inbox.sweep(tx, before=now - RAW_KEPT),
        "outbox": outbox.sweep(tx, before=now - RAW_KEPT),
        "drafts": innovations.purge_discarded(tx, now),
        "wrong_codes": invitations.sweep_wrong(tx, now=now),
    }
