"""Deletes what has passed its retention, in portions with pauses: the turns go on between them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial

from storage import (
    answer_messages,
    discarding,
    exports,
    inbox,
    invitations,
    link_offers,
    outbox_outcomes,
    service_windows,
)
from storage.engine.database import Database
from storage.engine.transaction import Transaction
from storage.sweeping import Swept

PAUSE_SECONDS = 0.05  # between two portions
# what a loss of power brings back is deleted the next night: no turn waits for the disk because of these
OF_WHAT_LEFT = frozenset({"inbox", "outbox"})

Portion = Callable[[Transaction, int], Swept]  # told the row behind which it begins


async def sweep(
    database: Database, *, now: datetime, raw_kept: timedelta, pause: float = PAUSE_SECONDS
) -> tuple[Mapping[str, int], Mapping[str, Exception]]:
    """Delete what is past its time; returns how many rows of each kind, and the kinds that could
    not be swept.

    `raw_kept` is how long raw updates and sent messages stay; the audit stays for ever.
    """
    swept: dict[str, int] = {}
    failed: dict[str, Exception] = {}
    for kind, portion in portions(now, raw_kept).items():
        try:
            swept[kind] = await _sweep_kind(database, portion, pause=pause, lasting=kind not in OF_WHAT_LEFT)
        except Exception as error:  # the other kinds grow no less
            failed[kind] = error
    return swept, failed


async def _sweep_kind(database: Database, portion: Portion, *, pause: float, lasting: bool) -> int:
    count = 0
    after: int | None = 0
    while after is not None:
        swept = await database.run(partial(_begin_behind, portion, after), lasting=lasting)
        count, after = count + swept.count, swept.next
        if after is not None:
            await asyncio.sleep(pause)
    return count


def _begin_behind(portion: Portion, after: int, tx: Transaction) -> Swept:
    return portion(tx, after)


def portions(now: datetime, raw_kept: timedelta) -> Mapping[str, Portion]:
    before = now - raw_kept
    return {
        "inbox": lambda tx, after: inbox.sweep(tx, before=before, after=after),
        "outbox": lambda tx, after: outbox_outcomes.sweep(tx, before=before, after=after),
        "drafts": lambda tx, _: discarding.purge_discarded(tx, now),
        "exports": lambda tx, _: Swept(exports.sweep(tx, now=now)),
        "answer_messages": lambda tx, _: answer_messages.sweep(tx, before=before),
        "link_offers": lambda tx, _: link_offers.sweep(tx, before=before),
        "windows": lambda tx, _: service_windows.sweep(tx, before=before),
        "wrong_codes": lambda tx, _: invitations.sweep_wrong(tx, now=now),
    }
