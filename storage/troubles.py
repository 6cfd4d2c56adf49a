"""What the machine has trouble with now: each trouble is told once, and once when it is over."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from storage.engine.transaction import Transaction
from storage.engine.utc import utc_text

Trouble = tuple[str, str]  # kind and subject

_BEGIN = "INSERT INTO troubles (kind, subject, since) VALUES (?, ?, ?) ON CONFLICT DO NOTHING RETURNING since"
_END = "DELETE FROM troubles WHERE kind = ? AND subject = ? RETURNING since"
_OPEN = "SELECT kind, subject FROM troubles ORDER BY kind, subject"


def open_ones(tx: Transaction) -> list[Trouble]:
    """List the troubles that were told and are not over."""
    return [(kind, subject) for kind, subject in tx.execute(_OPEN)]


def begin(tx: Transaction, trouble: Trouble, *, now: datetime) -> str | None:
    """Note a trouble; returns since when (UTC text), None when it is noted already."""
    row = tx.execute(_BEGIN, (*trouble, utc_text(now))).fetchone()
    return str(row[0]) if row else None


def end(tx: Transaction, trouble: Trouble) -> str | None:
    """Note that a trouble is over; returns since when it was, None when it was none."""
    row = tx.execute(_END, trouble).fetchone()
    return str(row[0]) if row else None


ROOM_TRIED = 65_536  # bytes
_TAKE_ROOM = "INSERT INTO troubles (kind, subject, since) VALUES ('room', ?, '')"
_GIVE_ROOM = "DELETE FROM troubles WHERE kind = 'room'"


def try_for_room(tx: Transaction) -> None:
    """Write a little and take it back; raises what a full or broken disk raises."""
    tx.execute(_TAKE_ROOM, ("0" * ROOM_TRIED,))
    tx.execute(_GIVE_ROOM)


_CHANNELS = "SELECT subject FROM troubles WHERE kind = 'channel'"


def channels_out_of_reach(tx: Transaction) -> set[str]:
    """Name the channels that take nothing from us at present."""
    return {name for (name,) in tx.execute(_CHANNELS)}


_TAKE_BACK = """
UPDATE outbox SET state = 'dropped', note = 'over' WHERE state = 'waiting' AND substr(dedupe_key, 1, ?) = ?
"""


def take_back(tx: Transaction, key: str) -> int:
    """Drop what was to be told in the morning and is over before; returns how many messages."""
    return tx.execute(_TAKE_BACK, (len(key), key)).rowcount


def changed(tx: Transaction, present: Collection[Trouble]) -> tuple[list[Trouble], list[Trouble]]:
    """Compare with what is noted: those that are new, and those that are over."""
    known = set(open_ones(tx))
    return sorted(set(present) - known), sorted(known - set(present))
