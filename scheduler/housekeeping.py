"""Deletes what has passed its retention."""

from __future__ import annotations

from datetime import datetime, timedelta

from storage import answer_messages, exports, inbox, innovations, invitations, link_offers, outbox
from storage.engine.transaction import Transaction


def sweep(tx: Transaction, *, now: datetime, raw_kept: timedelta) -> dict[str, int]:
    """Delete what is past its time; returns how many rows of each kind.

    `raw_kept` is how long raw updates and sent messages stay; the audit stays for ever.
    """
    return {
        "inbox": inbox.sweep(tx, before=now - raw_kept),
        "outbox": outbox.sweep(tx, before=now - raw_kept),
        "drafts": innovations.purge_discarded(tx, now),
        "exports": exports.sweep(tx, now=now),
        "answer_messages": answer_messages.sweep(tx, before=now - raw_kept),
        "link_offers": link_offers.sweep(tx, before=now - raw_kept),
        "wrong_codes": invitations.sweep_wrong(tx, now=now),
    }
